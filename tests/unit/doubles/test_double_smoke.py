"""Both doubles over real HTTP on loopback: one room from token to end notice."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from local.doubles.clock import ScaledClock
from local.doubles.server import Pump, application
from local.doubles.wiring import worlds

if TYPE_CHECKING:
    from aiohttp.test_utils import BaseTestServer

    from local.doubles.model import Json

# pytest-socket may be on for the unit tests; this one needs loopback.
pytestmark = pytest.mark.enable_socket
FINISH = "/sh/v2/saas/anti_fraud/finish_audiostream"
PATIENCE = 20


def signed() -> dict[str, str]:
    stamp, nonce = str(int(time.time())), "4fd24687296dd9f3"
    text = f"1234567890{nonce}0123456789abcdef0123456789abcdef{stamp}"
    return {
        "Action": "GenerateIdentifyToken",
        "AppId": "1234567890",
        "SignatureNonce": nonce,
        "Timestamp": stamp,
        "Signature": hashlib.md5(text.encode()).hexdigest(),
        "SignatureVersion": "2.0",
    }


def submission(token: str, callback: str) -> Json:
    data: dict[str, Any] = {
        "streamType": "ZEGO",
        "zegoParam": {"tokenId": token, "roomId": "r"},
        "tokenId": "o",
    }
    data |= {"channel": "VOICE_ROOM", "returnAllText": True, "returnFinishInfo": True}
    return {"accessKey": "AK_EXAMPLE", "type": "DIRTY", "btId": "b", "callback": callback, "data": data}


async def broken(
    session: aiohttp.ClientSession, shumei: BaseTestServer, zego: BaseTestServer, asked: Json
) -> None:
    """Faults that reach down to the connection."""
    await session.post(shumei.make_url("/_double/faults"), json={"on": "finish", "fault": "drop"})
    with pytest.raises(aiohttp.ClientConnectionError):
        await session.post(shumei.make_url(FINISH), json=asked)
    await session.post(zego.make_url("/_double/faults"), json={"fault": "die"})
    with pytest.raises(aiohttp.ClientConnectionError):
        await session.get(zego.make_url("/"), params=signed())


async def moderate_a_room() -> tuple[str, list[Json], Json]:
    clock, both = ScaledClock(1000), worlds()
    inbox: asyncio.Queue[Any] = asyncio.Queue()

    async def receive(request: web.Request) -> web.Response:
        inbox.put_nowait(await request.json())
        return web.Response()

    receiver = web.Application()
    receiver.router.add_post("/callback", receive)
    async with (
        TestServer(application(both["zego"], clock)) as zego,
        TestServer(application(both["shumei"], clock)) as shumei,
        TestServer(receiver) as customer,
        aiohttp.ClientSession() as session,
    ):
        pump = asyncio.create_task(Pump(both["shumei"], clock, session).run())
        async with session.get(zego.make_url("/"), params=signed()) as answer:
            token = (await answer.json())["Data"]["IdentifyToken"]
        body = submission(token, str(customer.make_url("/callback")))
        async with session.post(shumei.make_url("/sh/v2/saas/anti_fraud/audiostream"), json=body) as answer:
            task = (await answer.json())["requestId"]
        segments = [await asyncio.wait_for(inbox.get(), PATIENCE) for _ in range(2)]
        asked = {"accessKey": "AK_EXAMPLE", "requestId": task}
        await session.post(shumei.make_url(FINISH), json=asked)
        while (last := await asyncio.wait_for(inbox.get(), PATIENCE)).get("statCode") != 1:
            pass
        await broken(session, shumei, zego, asked)
        pump.cancel()
    return task, segments, last


def test_a_room_over_http() -> None:
    task, segments, last = asyncio.run(moderate_a_room())
    assert {body["requestId"] for body in segments} == {f"{task}_0", f"{task}_1"}
    assert last["requestId"] == task


async def hear_of_a_room() -> tuple[Json, Json]:
    clock, every = ScaledClock(1000), worlds()
    inbox: asyncio.Queue[Any] = asyncio.Queue()

    async def receive(request: web.Request) -> web.Response:
        inbox.put_nowait((dict(request.headers), await request.text()))
        return web.json_response({})

    receiver = web.Application()
    receiver.router.add_post("/rooms", receive)
    async with (
        TestServer(application(every["trtc"], clock)) as trtc,
        TestServer(receiver) as customer,
        aiohttp.ClientSession() as session,
    ):
        pump = asyncio.create_task(Pump(every["trtc"], clock, session).run())
        address = {"webhook_url": str(customer.make_url("/rooms"))}
        await session.post(trtc.make_url("/_double/settings"), json=address)
        await session.post(trtc.make_url("/_double/rooms/room%201/enter"), json={"user_id": "u"})
        headers, text = await asyncio.wait_for(inbox.get(), PATIENCE)
        pump.cancel()
    return headers, {"text": text}


def test_a_webhook_over_http() -> None:
    headers, body = asyncio.run(hear_of_a_room())
    event = json.loads(body["text"])
    assert (event["EventInfo"]["RoomId"], headers["SdkAppId"]) == ("room 1", "1400000000")
    key = b"earshotsampletrtcwebhookkey"
    made = base64.b64encode(hmac.new(key, body["text"].encode(), hashlib.sha256).digest()).decode()
    assert headers["Sign"] == made
