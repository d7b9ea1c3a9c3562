"""Account, wiring, README and page of Lyrebird, and pushes over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import json
import time as real
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from local.doubles.accounts import Accounts, load
from local.doubles.clock import ScaledClock
from local.doubles.lyrebird.codes import MESSAGES
from local.doubles.lyrebird.settings import LyrebirdSettings
from local.doubles.lyrebird.submission import KINDS, TOP
from local.doubles.lyrebird.world import LyrebirdWorld
from local.doubles.server import Pump, application
from local.doubles.settings import BadField
from local.doubles.wiring import NAMES, worlds
from local.doubles.world import ReadsAnswers
from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_lyrebird_caller import ACCOUNT, KEY, PAGE, SECRET, STREAMS, hexed, signed

# pytest-socket may be on for the unit tests; the last one needs loopback.
pytestmark = pytest.mark.enable_socket
ROOT = Path(__file__).parents[3]
PATIENCE = 20
SOURCE = {"kind": "url", "url": "https://live.example.com/x"}


def test_readme_lists_every_setting_with_default_and_mark() -> None:
    text = (ROOT / "local/doubles/README.md").read_text("utf-8")
    for name, default, mark, meaning in LyrebirdSettings.describe():
        assert f"| `{name}` | `{json.dumps(default)}` | {mark} | {meaning} |" in text


def test_the_page_says_that_it_is_invented_and_lists_codes_and_fields() -> None:
    assert "invented vendor; its double is local/doubles/lyrebird" in PAGE.splitlines()[0]
    for code in MESSAGES:
        assert f"| {code} | " in PAGE
    for name in (*TOP, *KINDS, *(field for fields in KINDS.values() for field in fields)):
        assert f"`{name}`" in PAGE


def test_account_without_a_file_and_in_the_sample() -> None:
    sample = load(ROOT / "local/settings.json")[0].apps["lyrebird"]
    assert load(None)[0].apps["lyrebird"] == sample
    assert sample == {ACCOUNT: {"api_key": (KEY,), "webhook_secret": (SECRET,)}}
    assert load(None)[0].secrets_of("lyrebird") == [KEY, SECRET]


@pytest.mark.parametrize("field", ["account", "api_key", "webhook_secret"])
def test_wrong_account_names_the_field(field: str) -> None:
    whole = {"account": "a", "api_key": "k", "webhook_secret": "s"}
    with pytest.raises(BadField) as wrong:
        Accounts.read({"lyrebird": {name: value for name, value in whole.items() if name != field}})
    assert wrong.value.field == f"lyrebird.{field}"


def test_it_is_played_and_takes_its_settings(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"doubles": {"lyrebird": {"max_streams": 7}}}))
    world = worlds(file, ROOT / "local/scenarios/quiet-room.yaml", only="lyrebird")["lyrebird"]
    assert isinstance(world, LyrebirdWorld)
    assert isinstance(world, ReadsAnswers)
    assert (world.settings.max_streams, world.runner.scenario.name) == (7, "quiet room")
    assert "lyrebird" in NAMES


def test_its_recorders_enter_the_rooms_of_the_doubles_that_are_there(time: Time) -> None:
    from tests.unit.doubles.test_double_lyrebird_caller import Lyrebird

    both: dict[str, Any] = dict(worlds(only=["zego", "lyrebird"]))
    lyrebird = Lyrebird(time)
    lyrebird.world = both["lyrebird"]
    token = both["zego"].desk.mint("1234567890", 60, "scaled", time.now)
    source = {"kind": "zego", "app_id": "1234567890", "room_id": "r", "identify_token": token}
    stream = lyrebird.start(source)
    assert both["zego"].rooms.stay_of(stream)
    assert lyrebird.task(stream)["token"] == "ok"


async def moderate_a_stream() -> tuple[list[tuple[str, bytes]], Any]:
    clock, world = ScaledClock(1000), worlds(only="lyrebird")["lyrebird"]
    inbox: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
    refusals = iter([web.json_response({"code": 500})])

    async def receive(request: web.Request) -> web.Response:
        inbox.put_nowait((request.headers["X-Lyrebird-Signature"], await request.read()))
        return next(refusals, web.json_response({"code": 0}))

    receiver = web.Application()
    receiver.router.add_post("/push", receive)
    async with (
        TestServer(application(world, clock)) as lyrebird,
        TestServer(receiver) as customer,
        aiohttp.ClientSession() as session,
    ):
        pump = asyncio.create_task(Pump(world, clock, session).run())
        script = {"rooms": {"*": {"lines": [{"at": 100, "text": "你好", "risk_level": "REVIEW"}]}}}
        await session.post(lyrebird.make_url("/_double/scenario"), json=script)
        wish = {"account": ACCOUNT, "stream_key": "k", "source": SOURCE}
        body = json.dumps(wish | {"callback": str(customer.make_url("/push"))}).encode()
        stamp, nonce = str(int(real.time())), "0123456789abcdef"
        headers = {"Account": ACCOUNT, "Timestamp": stamp, "Nonce": nonce}
        headers |= {"Signature": signed(ACCOUNT, stamp, nonce, body)}
        named = {f"X-Lyrebird-{name}": value for name, value in headers.items()}
        async with session.post(lyrebird.make_url(STREAMS), data=body, headers=named) as answer:
            started = await answer.json()
        got = [await asyncio.wait_for(inbox.get(), PATIENCE) for _ in range(2)]
        pump.cancel()
    return got, started


def test_a_batch_over_http_is_repeated_until_its_answer_says_0() -> None:
    (first, second), started = asyncio.run(moderate_a_stream())
    assert started["code"] == 0
    assert first[1] == second[1]
    for signature, body in (first, second):
        stamp = signature[2:].partition(",")[0]
        assert signature == f"t={stamp},v1={hexed(SECRET, f'{stamp}.'.encode() + body)}"
    assert json.loads(first[1])["events"][0]["text"] == "你好"
