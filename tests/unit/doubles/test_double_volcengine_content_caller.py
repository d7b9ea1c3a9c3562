"""A customer of Volcengine content security; nothing of the double's own signing is used. The published vectors."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest

from local.doubles.accounts import DEFAULT, Accounts
from local.doubles.model import Json, Push, Reply, Request
from local.doubles.scenario import parse
from local.doubles.volcengine_content.door import Clouds
from local.doubles.volcengine_content.world import ContentWorld
from tests.unit.doubles.conftest import Caller, Status, Time

KEY_ID, SECRET, APP = "AKTESTEXAMPLE0001", "c2VjcmV0LXRlc3QtZXhhbXBsZQ==", 12345
HOST, VERSION = "riskcontrol.volcengineapi.com", "2022-04-25"
AUDIO, VIDEO = "audio_live_risk", "video_live_risk"
RECEIVER = "https://mod.example.org/volcengine/push"
ROOM_KEYS = {"room_id": "room", "app_id": "app", "stream_id": "stream", "token": "identify_token"}
PYTHON_GET, PYTHON_POST = "host;x-content-sha256;x-date", "content-type;host;x-content-sha256;x-date"


def sign(request: Request, key_id: str, secret: str, scope: tuple[str, str], signed: str) -> Request:
    """As the vendor's page writes it down; ``scope``: region and service."""
    names = {name.lower(): value for name, value in request.headers.items()}
    block = "".join(f"{name}:{names.get(name, '')}\n" for name in signed.split(";"))
    query = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(request.query))
    body = hashlib.sha256(request.body).hexdigest()
    canonical = "\n".join([request.method, request.path, query, block, signed, body])
    words = [names["x-date"][:8], *scope, "request"]
    key = secret.encode()
    for word in words:
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["HMAC-SHA256", names["x-date"], "/".join(words), digest])
    made = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    credential = "/".join([key_id, *words])
    value = f"HMAC-SHA256 Credential={credential}, SignedHeaders={signed}, Signature={made}"
    return Request(
        request.method,
        request.path,
        request.query,
        dict(request.headers) | {"Authorization": value},
        request.body,
    )


def stamp(wall: float) -> str:
    return datetime.fromtimestamp(wall, UTC).strftime("%Y%m%dT%H%M%SZ")


class Content(Caller[ContentWorld]):
    """Signs calls, answers pushes, moves time."""

    def __init__(self, time: Time, clouds: dict[str, Any] | None = None, **account: Any) -> None:
        accounts = Accounts.read(DEFAULT | {"volcengine_content": DEFAULT["volcengine_content"] | account})
        numbers = count(1)
        world = ContentWorld(
            accounts,
            entrance=Clouds(clouds or {}),
            entropy=lambda size: f"{next(numbers):0{2 * size}d}"[::-1],
        )
        super().__init__(world, time)
        self.got: list[tuple[float, Push]] = []

    def set(self, **values: Any) -> None:
        self.world.settings.update(values)

    def request(self, action: str, body: object = None, query: Json | None = None, **change: Any) -> Request:
        """A signed call; ``change``: method, version, stamp, secret, key, region, service, signed, headers."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        asked = {"Action": action, "Version": change.get("version", VERSION)} | (query or {})
        headers = {"Host": HOST, "X-Date": change.get("stamp", stamp(self.time.wall))}
        headers |= {"X-Content-Sha256": hashlib.sha256(raw).hexdigest()}
        headers |= {"Content-Type": "application/json"} if body is not None else {}
        pairs = tuple((name, value) for name, value in asked.items() if value is not ...)
        method = change.get("method", "GET" if body is None else "POST")
        request = Request(method, "/", pairs, headers | change.get("headers", {}), raw)
        scope = (change.get("region", "cn-north-1"), change.get("service", "BusinessSecurity"))
        signed = change.get("signed", PYTHON_GET if body is None else PYTHON_POST)
        return sign(request, change.get("key", KEY_ID), change.get("secret", SECRET), scope, signed)

    def send(self, request: Request) -> Reply:
        return self.world.handle(request, self.time.now)

    def call(self, action: str, body: object = None, query: Json | None = None, **change: Any) -> Json:
        answer: Json = json.loads(self.send(self.request(action, body, query, **change)).body)
        return answer

    def body(self, service: str = AUDIO, **given: Any) -> Json:
        wish: Json = {"operate_time": int(self.time.wall), "account_id": "u1", "data_id": "watch-1"}
        wish |= {"biztype": "live", "url": "rtmp://example.invalid/app/room-1"} | given
        parameters = {name: value for name, value in wish.items() if value is not ...}
        return {"AppId": APP, "Service": service, "Parameters": json.dumps(parameters)}

    def submit(self, service: str = AUDIO, **given: Any) -> Json:
        action = "AsyncLiveAudioRisk" if service == AUDIO else "AsyncLiveVideoRisk"
        result: Json = self.call(action, self.body(service, **given))["Result"]
        return result

    def start(self, service: str = AUDIO, **given: Any) -> None:
        result = self.submit(service, **given)
        assert result["Code"] == 0, result

    def enter(self, token: str = "t", **given: Any) -> Json:
        """A room instead of an address."""
        wish: Json = {"url": ..., "room": "room-1", "identify_token": token} | given
        return self.submit(AUDIO, **wish)

    def asked(self, data_id: str = "watch-1", service: str = AUDIO) -> Json:
        return {"AppId": str(APP), "Service": service, "DataId": data_id}

    def poll(self, data_id: str = "watch-1", service: str = AUDIO) -> Json:
        action = "GetAudioLiveResult" if service == AUDIO else "GetVideoLiveResult"
        result: Json = self.call(action, None, self.asked(data_id, service))["Result"]
        return result

    def data(self, data_id: str = "watch-1", service: str = AUDIO) -> Json:
        result = self.poll(data_id, service)
        assert result["Code"] == 0, result
        data: Json = result["Data"]
        return data

    def close(self, data_id: str = "watch-1", service: str = AUDIO) -> Json:
        action = "CloseAudioLive" if service == AUDIO else "CloseVideoLive"
        result: Json = self.call(action, self.asked(data_id, service) | {"AppId": APP})["Result"]
        return result

    def run(self, until: float, status: Status | Callable[[Push], Status] = 200) -> list[Json]:
        """Let scaled time pass event by event; every pushed ``Data``."""
        arrived: list[Json] = []
        while True:
            pushes = self.world.advance(self.time.now)
            for push in pushes:
                self.got.append((self.time.scaled, push))
                arrived.append(json.loads(push.body))
                answer = status(push) if callable(status) else status
                self.world.push_result(push, answer, self.time.now)
            due = self.world.next_due()
            if not pushes and (due is None or due > until):
                break
            if not pushes and due is not None:
                self.time.to(max(due, self.time.scaled))
        self.time.to(until)
        return arrived

    def play(self, *lines: Json, **script: Any) -> None:
        """Speech for every room."""
        self.world.runner.play(parse({"rooms": {"*": {"lines": list(lines)} | script}}), self.time.now)

    def task(self, index: int = -1) -> Json:
        task: Json = self.state()["tasks"][index]
        return task

    def verdict(self) -> Json:
        found: Json = self.journal("call")[-1]["verdict"]
        return found


@pytest.fixture
def content(time: Time) -> Content:
    return Content(time)


# The vectors of the vendor's SDK.

A1_BODY = (
    rb'{"AppId":12345,"Service":"audio_live_risk","Parameters":"{\"operate_time\":1767323045,'
    rb"\"account_id\":\"u1\",\"data_id\":\"room-1-audio\",\"biztype\":\"live\","
    rb'\"url\":\"rtmp://example.invalid/app/s\"}"}'
)
A3_BODY = b'{"AppId":12345,"Service":"audio_live_risk","DataId":"room-1-audio"}'
A2_QUERY = {"AppId": "12345", "Service": "audio_live_risk", "DataId": "room-1-audio"}
A1 = "47e5b3720e9b346fb5a4a0aafaa28db2c3432ff9cbb5dba1a3be5d9896353ddf"
A2 = "3441588430dbe78841ed076fcd10aac961d82063412c129a4f74b7ffff63f32f"
A3 = "d408d250340e417f0e85b7159dbeff932553bb3c4f396fa6a0b1600e5f8dd2b7"
SIGNED_AT = 1767323045.0
VECTORS: list[tuple[str, bytes | None, Json, str, str]] = [
    (
        "AsyncLiveAudioRisk",
        A1_BODY,
        {},
        A1,
        "518254c4abf1c3f5e3047b9b5d70c6745fe6dc92c92376bd7245ad43c5377db0",
    ),
    ("GetAudioLiveResult", None, A2_QUERY, A2, hashlib.sha256(b"").hexdigest()),
    ("CloseAudioLive", A3_BODY, {}, A3, "5fd5feeb22b7384731ee4fe25705706c17c5e9b81689c97cac8b96dd5826f0ea"),
]


@pytest.mark.parametrize(("action", "body", "query", "signature", "digest"), VECTORS)
def test_caller_signs_like_the_sheet(
    content: Content, action: str, body: bytes | None, query: Json, signature: str, digest: str
) -> None:
    assert hashlib.sha256(body or b"").hexdigest() == digest
    request = content.request(action, body, query, stamp="20260102T030405Z")
    assert request.header("Authorization").endswith(f"Signature={signature}")


CANONICAL = [
    "348a002ed5be0ddf007fffc9bcd45d07ea71a0a5306394d74ba16b9e1fc449ef",
    "95df31ae04a537b73c328f8eefdd6e2a061d22b1022401e6b04ef5682ba177f4",
    "d37a232cfdc110b9620350ad2a7b813da96a967e44b440f53ffa02eb37bdea91",
]


@pytest.mark.parametrize(("vector", "made"), list(zip(VECTORS, CANONICAL, strict=True)))
def test_the_double_reads_a_request_like_the_sheet(content: Content, vector: Any, made: str) -> None:
    from local.doubles.volcengine import v4

    action, body, query, *_ = vector
    request = content.request(action, body, query, stamp="20260102T030405Z")
    signed = PYTHON_GET if body is None else PYTHON_POST
    assert hashlib.sha256(v4.canonical(request, signed).encode()).hexdigest() == made


def test_published_vectors_are_let_in_one_after_the_other(content: Content) -> None:
    content.time.wall = SIGNED_AT
    answers = []
    for action, body, query, signature, digest in VECTORS:
        headers = {"Host": HOST, "X-Date": "20260102T030405Z", "X-Content-Sha256": digest}
        signed = PYTHON_GET if body is None else PYTHON_POST
        headers |= {} if body is None else {"Content-Type": "application/json"}
        headers["Authorization"] = (
            f"HMAC-SHA256 Credential={KEY_ID}/20260102/cn-north-1/BusinessSecurity/request, "
            f"SignedHeaders={signed}, Signature={signature}"
        )
        asked = {"Version": VERSION, "Action": action} | query
        method = "GET" if body is None else "POST"
        request = Request(method, "/", tuple(asked.items()), headers, body or b"")
        answers.append(json.loads(content.send(request).body)["Result"]["Code"])
    assert answers == [0, 0, 0]
    assert content.task()["end_reason"] == "finished"
