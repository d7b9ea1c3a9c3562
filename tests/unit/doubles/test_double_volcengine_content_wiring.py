"""Account, wiring, README, and a call over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time as real
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from local.doubles.accounts import Accounts, load
from local.doubles.clock import ScaledClock
from local.doubles.model import Request
from local.doubles.server import application
from local.doubles.settings import BadField
from local.doubles.volcengine.world import VolcengineWorld
from local.doubles.volcengine_content.settings import ContentSettings
from local.doubles.volcengine_content.world import ContentWorld
from local.doubles.wiring import NAMES, worlds
from tests.unit.doubles.test_double_volcengine_content_caller import (
    APP,
    AUDIO,
    HOST,
    KEY_ID,
    PYTHON_GET,
    SECRET,
    sign,
    stamp,
)

# pytest-socket may be on for the unit tests; the last one needs loopback.
pytestmark = pytest.mark.enable_socket
ROOT = Path(__file__).parents[3]


def test_readme_lists_every_setting_with_default_and_mark() -> None:
    text = (ROOT / "local/doubles/README.md").read_text("utf-8")
    for name, default, mark, meaning in ContentSettings.describe():
        assert f"| `{name}` | `{json.dumps(default)}` | {mark} | {meaning} |" in text


def test_account_without_a_file_and_in_the_sample() -> None:
    sample = load(ROOT / "local/settings.json")[0].apps["volcengine_content"]
    assert load(None)[0].apps["volcengine_content"] == sample
    assert sample == {KEY_ID: {"secret_access_key": (SECRET,), "app_id": (str(APP),)}}
    assert load(None)[0].secrets_of("volcengine_content") == [SECRET]


@pytest.mark.parametrize(
    ("entry", "field"),
    [({"secret_access_key": "k"}, "access_key_id"), ({"access_key_id": "i"}, "secret_access_key")],
)
def test_wrong_account_names_the_field(entry: Any, field: str) -> None:
    with pytest.raises(BadField) as wrong:
        Accounts.read({"volcengine_content": entry})
    assert wrong.value.field == f"volcengine_content.{field}"


def test_it_is_played_and_takes_its_settings(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"doubles": {"volcengine_content": {"qps_limit": 7}}}))
    found = worlds(file, ROOT / "local/scenarios/quiet-room.yaml", only=["volcengine_content", "volcengine"])
    content, rtc = found["volcengine_content"], found["volcengine"]
    assert isinstance(content, ContentWorld)
    assert isinstance(rtc, VolcengineWorld)
    assert (content.settings.qps_limit, content.runner.scenario.name) == (7, "quiet room")
    assert rtc.runner.scenario.name == "quiet room"
    assert "volcengine_content" in NAMES


async def ask_over_http() -> Any:
    clock, world = ScaledClock(1), worlds(only="volcengine_content")["volcengine_content"]
    query = {"Action": "GetAudioLiveResult", "Version": "2022-04-25", "AppId": str(APP), "Service": AUDIO}
    pairs = tuple((query | {"DataId": "a b/c"}).items())
    headers = {
        "Host": HOST,
        "X-Date": stamp(real.time()),
        "X-Content-Sha256": hashlib.sha256(b"").hexdigest(),
    }
    request = sign(
        Request("GET", "/", pairs, headers), KEY_ID, SECRET, ("cn-north-1", "BusinessSecurity"), PYTHON_GET
    )
    async with TestServer(application(world, clock)) as server, aiohttp.ClientSession() as session:
        url = server.make_url("/").with_query(pairs)
        async with session.get(url, headers=dict(request.headers)) as answer:
            return answer.status, await answer.json()


def test_a_signed_call_over_http() -> None:
    status, answer = asyncio.run(ask_over_http())
    assert (status, answer["Result"]["Code"]) == (200, 1001)
