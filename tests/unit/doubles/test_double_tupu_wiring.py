"""Keys, account, wiring, README, and a stream over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import time as real
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from local.doubles.accounts import Accounts, load
from local.doubles.clock import ScaledClock
from local.doubles.server import Pump, application
from local.doubles.settings import BadField
from local.doubles.tupu.keys import private_key, public_text, signing_key
from local.doubles.tupu.settings import TupuSettings
from local.doubles.tupu.world import TupuWorld
from local.doubles.wiring import NAMES, worlds
from tests.unit.doubles.test_double_tupu_caller import (
    ACCOUNT,
    SECRET_ID,
    STREAM,
    TRANSCRIPTION,
    element,
    opened,
    rsa_sha256,
)

# pytest-socket may be on for the unit tests; the last one needs loopback.
pytestmark = pytest.mark.enable_socket
ROOT = Path(__file__).parents[3]
PATIENCE = 20
TUPUS_OWN = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDyZneSY2eGnhKrArxaT6zswVH9/EKz+CLD+38kJigWj5UaRB6dDUK9BR6Y"
    "Iv0M9vVQZED2650tVhS3BeX04vEFhThnNrJguVPidufFpEh3AgdYDzOQxi06AN+CGzOXPaigTurBxZDIbdU+zmtr6a8bIBBj"
    "WQ4v2JR/BA6gVHV5TwIDAQAB"
)
DIGEST = "a34a0d2cdcf3ab2b4d01b96afb8767a34d258827a2ee019db8f3df5bf120a049"


def test_keys_are_written_as_tupus_sdks_write_theirs() -> None:
    """The published key and its digest, and the double's own in the same form."""
    assert hashlib.sha256(base64.b64decode(TUPUS_OWN)).hexdigest() == DIGEST
    theirs = load_der_public_key(base64.b64decode(TUPUS_OWN))
    assert isinstance(theirs, RSAPublicKey)
    assert public_text(theirs) == TUPUS_OWN
    ours = signing_key().public_key()
    assert (public_text(ours), ours.key_size, theirs.key_size) == (ACCOUNT["vendor_public_key"], 1024, 1024)


@pytest.mark.parametrize("pem", ["", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_key(pem: str) -> None:
    assert private_key(pem) is None


def test_readme_lists_every_setting_with_default_and_mark() -> None:
    text = (ROOT / "local/doubles/README.md").read_text("utf-8")
    for name, default, mark, meaning in TupuSettings.describe():
        assert f"| `{name}` | `{json.dumps(default)}` | {mark} | {meaning} |" in text


def test_account_without_a_file_and_in_the_sample() -> None:
    sample = load(ROOT / "local/settings.json")[0].apps["tupu"]
    assert load(None)[0].apps["tupu"] == sample
    assert list(sample) == [SECRET_ID]
    assert load(None)[0].secrets_of("tupu") == [ACCOUNT["private_key"]]


@pytest.mark.parametrize(
    ("entry", "field"), [({"private_key": "k"}, "secret_id"), ({"secret_id": "i"}, "private_key")]
)
def test_wrong_account_names_the_field(entry: Any, field: str) -> None:
    with pytest.raises(BadField) as wrong:
        Accounts.read({"tupu": entry})
    assert wrong.value.field == f"tupu.{field}"


def test_it_is_played_and_takes_its_settings(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"doubles": {"tupu": {"max_streams": 7}}}))
    world = worlds(file, ROOT / "local/scenarios/quiet-room.yaml", only="tupu")["tupu"]
    assert isinstance(world, TupuWorld)
    assert (world.settings.max_streams, world.runner.scenario.name) == (7, "quiet room")
    assert "tupu" in NAMES


async def moderate_a_stream() -> tuple[list[str], Any]:
    clock, world = ScaledClock(1000), worlds(only="tupu")["tupu"]
    inbox: asyncio.Queue[str] = asyncio.Queue()
    refusals = iter([web.Response(status=500)])

    async def receive(request: web.Request) -> web.Response:
        inbox.put_nowait(await request.text())
        return next(refusals, web.Response())

    receiver = web.Application()
    receiver.router.add_post("/cb", receive)
    async with (
        TestServer(application(world, clock)) as tupu,
        TestServer(receiver) as customer,
        aiohttp.ClientSession() as session,
    ):
        pump = asyncio.create_task(Pump(world, clock, session).run())
        script = {"rooms": {"*": {"lines": [{"at": 105, "text": "你好"}]}}}
        await session.post(tupu.make_url("/_double/scenario"), json=script)
        await session.post(tupu.make_url("/_double/settings"), json={"plain_text": "text"})
        stamp, nonce = str(int(real.time())), "7"
        stream = {"url": "rtmp://h/s", "callback": str(customer.make_url("/cb"))}
        body = {"speechStream": [stream], "tasks": [TRANSCRIPTION], "timestamp": stamp, "nonce": nonce}
        body["signature"] = rsa_sha256(f"{SECRET_ID},{stamp},{nonce}")
        async with session.post(tupu.make_url(f"{STREAM}/{SECRET_ID}"), json=body) as answer:
            submitted = opened(await answer.text())
        got = [await asyncio.wait_for(inbox.get(), PATIENCE) for _ in range(2)]
        pump.cancel()
    return got, submitted


def test_a_callback_over_http_is_repeated_until_its_status_is_200() -> None:
    (first, second), submitted = asyncio.run(moderate_a_stream())
    assert first == second
    found = element(opened(first), TRANSCRIPTION, "texts")
    assert (found["content"], found["requestId"]) == ("你好", submitted["result"][0]["requestId"])
