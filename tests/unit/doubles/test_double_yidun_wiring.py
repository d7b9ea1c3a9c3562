"""Account, wiring, README, and pushes over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import json
import time as real
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from local.doubles.accounts import Accounts, load
from local.doubles.clock import ScaledClock
from local.doubles.server import Pump, application
from local.doubles.settings import BadField
from local.doubles.wiring import NAMES, worlds
from local.doubles.world import ReadsAnswers
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.world import YidunWorld
from local.template import DOUBLES
from tests.unit.doubles.test_double_yidun_caller import BUSINESS_ID, SECRET_ID, SUBMIT, md5

# pytest-socket may be on for the unit tests; the last one needs loopback.
pytestmark = pytest.mark.enable_socket
ROOT = Path(__file__).parents[3]
PATIENCE = 20


def test_readme_lists_every_setting_with_default_and_mark() -> None:
    text = (ROOT / "local/doubles/README.md").read_text("utf-8")
    for name, default, mark, meaning in YidunSettings.describe():
        assert f"| `{name}` | `{json.dumps(default)}` | {mark} | {meaning} |" in text


def test_account_without_a_file_and_in_the_sample() -> None:
    sample = load(ROOT / "local/settings.json")[0].apps["yidun"]
    assert load(None)[0].apps["yidun"] == sample
    assert sample == {SECRET_ID: {"secret_key": ("c" * 32,), "business_id": (BUSINESS_ID,)}}
    assert load(None)[0].secrets_of("yidun") == ["c" * 32]


@pytest.mark.parametrize(
    ("entry", "field"), [({"secret_key": "k"}, "secret_id"), ({"secret_id": "i"}, "secret_key")]
)
def test_wrong_account_names_the_field(entry: Any, field: str) -> None:
    with pytest.raises(BadField) as wrong:
        Accounts.read({"yidun": entry})
    assert wrong.value.field == f"yidun.{field}"


def test_it_is_played_and_takes_its_settings(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"doubles": {"yidun": {"max_streams": 7}}}))
    world = worlds(file, ROOT / "local/scenarios/quiet-room.yaml", only="yidun")["yidun"]
    assert isinstance(world, YidunWorld)
    assert isinstance(world, ReadsAnswers)
    assert (world.settings.max_streams, world.runner.speech.scenario.name) == (7, "quiet room")
    assert "yidun" in NAMES
    assert DOUBLES["yidun"] == {"yidun": ""}


async def moderate_a_room() -> tuple[list[dict[str, str]], Any]:
    clock, world = ScaledClock(1000), worlds(only="yidun")["yidun"]
    inbox: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    refusals = iter([web.json_response({"code": 500})])

    async def receive(request: web.Request) -> web.Response:
        inbox.put_nowait(dict(parse_qsl(await request.text())))
        return next(refusals, web.json_response({"code": 200}))

    receiver = web.Application()
    receiver.router.add_post("/push", receive)
    async with (
        TestServer(application(world, clock)) as yidun,
        TestServer(receiver) as customer,
        aiohttp.ClientSession() as session,
    ):
        pump = asyncio.create_task(Pump(world, clock, session).run())
        script = {"rooms": {"*": {"lines": [{"at": 100, "text": "你好"}]}}}
        await session.post(yidun.make_url("/_double/scenario"), json=script)
        form = {"secretId": SECRET_ID, "businessId": BUSINESS_ID, "version": "v4", "nonce": "1"}
        form |= {"timestamp": str(round(real.time() * 1000)), "dataId": "d", "title": "测试 房间"}
        form |= {"url": "https://h.example.com/x", "callbackUrl": str(customer.make_url("/push"))}
        form["signature"] = md5(form)
        async with session.post(yidun.make_url(SUBMIT), data=form) as answer:
            submitted = await answer.json()
        got = [await asyncio.wait_for(inbox.get(), PATIENCE) for _ in range(2)]
        pump.cancel()
    return got, submitted


def test_a_push_over_http_is_repeated_until_its_answer_says_200() -> None:
    (first, second), submitted = asyncio.run(moderate_a_room())
    assert submitted["result"]["status"] == 0
    assert first == second
    assert first["signature"] == md5(first)
    assert json.loads(first["callbackData"])["antispam"]["evidences"]["content"] == "你好"


async def post_packed() -> Any:
    import gzip
    from urllib.parse import urlencode

    clock, world = ScaledClock(1), worlds(only="yidun")["yidun"]
    form = {"secretId": SECRET_ID, "businessId": BUSINESS_ID, "version": "v4", "nonce": "1"}
    form |= {"timestamp": str(round(real.time() * 1000))}
    form["signature"] = md5(form)
    headers = {
        "Content-Encoding": "gzip",
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
    }
    async with TestServer(application(world, clock)) as yidun, aiohttp.ClientSession() as session:
        url = yidun.make_url("/v4/liveaudio/callback/results")
        body = gzip.compress(urlencode(form).encode())
        async with session.post(url, data=body, headers=headers) as answer:
            return await answer.json()


def test_gzip_over_http() -> None:
    assert asyncio.run(post_packed()) == {"code": 200, "msg": "ok", "result": []}
