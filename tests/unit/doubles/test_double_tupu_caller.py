"""A customer of Tupu, and the customer's receiver; nothing of the double's own signing is used."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from local.doubles.accounts import DEFAULT, Accounts
from local.doubles.model import Json, Push, Reply, Request
from local.doubles.scenario import parse
from local.doubles.tupu.door import Clouds
from local.doubles.tupu.world import TupuWorld
from tests.unit.doubles.conftest import Caller, Status, Time

SECRET_ID = "5f0a0a0a0a0a0a0a0a0a0a0a"
ACCOUNT = DEFAULT["tupu"]
RECEIVER = "https://mod.example.org/tupu/cb/t1"
MODERATION, VULGAR = "5caee6b2a76925c55a09a6d2", "5c8213b9bc807806aab0a574"
TRANSCRIPTION = "5ca1bd6b3872ecc9afb99132"
STREAM = "/v3/recognition/speech/stream"
INSULT = {
    "text": "你这个废物",
    "risk_level": "REJECT",
    "risk_type": 210,
    "score": 870,
    "matched_item": "废物",
}


@cache
def new_key() -> str:
    """Somebody else's private key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, pkcs8, plain).decode()


def rsa_sha256(text: str, pem: str = ACCOUNT["private_key"]) -> str:
    """As the vendor's page writes it down."""
    key = serialization.load_pem_private_key(pem.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


def check(envelope: Json) -> None:
    """Hold Tupu's signature against the exact characters of ``json``; raises InvalidSignature."""
    key = serialization.load_der_public_key(base64.b64decode(ACCOUNT["vendor_public_key"]))
    assert isinstance(key, rsa.RSAPublicKey)
    signature = base64.b64decode(envelope["signature"])
    key.verify(signature, envelope["json"].encode(), padding.PKCS1v15(), hashes.SHA256())


def opened(body: str) -> Json:
    """The content of an envelope that is signed well."""
    envelope = json.loads(body) if body.startswith("{") else dict(parse_qsl(body, strict_parsing=True))
    assert set(envelope) == {"json", "signature"}
    check(envelope)
    content: Json = json.loads(envelope["json"])
    return content


class Tupu(Caller[TupuWorld]):
    """Signs calls, answers callbacks, moves time."""

    def __init__(self, time: Time, clouds: dict[str, Any] | None = None, **account: Any) -> None:
        accounts = Accounts.read({"tupu": ACCOUNT | account})
        super().__init__(TupuWorld(accounts, entrance=Clouds(clouds or {})), time)
        self.got: list[tuple[float, Push]] = []
        self._nonces = count(3735928559)

    def set(self, **values: Any) -> None:
        self.world.settings.update(values)

    def signed(self, fields: Json) -> Json:
        """A signed body; ``...`` leaves a field out, ``key`` signs with another one."""
        stamps = {"timestamp": str(int(self.time.wall)), "nonce": str(next(self._nonces))}
        body: Json = stamps | fields
        key = body.pop("key", ACCOUNT["private_key"])
        over = body.pop("over", f"{SECRET_ID},{body['timestamp']},{body['nonce']}")
        signature: Json = {"signature": rsa_sha256(over, key)}
        return {name: value for name, value in (signature | body).items() if value is not ...}

    def post(self, path: str, body: object, method: str = "POST") -> Reply:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        return self.world.handle(Request(method, path, (), headers, raw), self.time.now)

    def call(self, verb: str = "", secret_id: str = SECRET_ID, **fields: Any) -> Json:
        """The content of the answer."""
        path = "/".join(part for part in (STREAM, verb, secret_id) if part)
        return opened(self.post(path, self.signed(fields)).body)

    def stream(self, **fields: Any) -> Json:
        """One element."""
        number = next(self._nonces)
        whole: Json = {"url": f"rtmp://live.example.net/app/s{number}", "callback": RECEIVER} | fields
        return {name: value for name, value in whole.items() if value is not ...}

    def submit(self, *streams: Json, **fields: Any) -> Json:
        return self.call(**({"speechStream": list(streams) or [self.stream()]} | fields))

    def start(self, tasks: list[str] | None = None, **fields: Any) -> str:
        """A submission that is accepted, with every result asked for; its requestId."""
        more = {} if tasks is None else {"tasks": tasks}
        answer = self.submit(self.stream(**({"roomId": "room-1", "callbackRules": 1} | fields)), **more)
        assert answer["code"] == 0, (answer, self.verdict())
        found: str = answer["result"][0]["requestId"]
        return found

    def close(self, *ids: str) -> int:
        code: int = self.call("close", speechStream=[{"requestId": one} for one in ids])["code"]
        return code

    def search(self, request_id: Any) -> Json:
        return self.call("search", requestId=request_id)

    def run(self, until: float, status: Status | Callable[[Push], Status] = 200) -> list[Json]:
        """Let scaled time pass event by event; the contents of every callback that arrived, signed well."""
        return [opened(push.body) for push in self.raw(until, status)]

    def raw(self, until: float, status: Status | Callable[[Push], Status] = 200) -> list[Push]:
        """The same, unopened."""
        arrived: list[Push] = []
        while True:
            pushes = self.world.advance(self.time.now)
            for push in pushes:
                self.got.append((self.time.scaled, push))
                self.world.push_result(push, status(push) if callable(status) else status, self.time.now)
            arrived += pushes
            due = self.world.next_due()
            if not pushes and (due is None or due > until):
                break
            if not pushes and due is not None:
                self.time.to(max(due, self.time.scaled))
        self.time.to(until)
        return arrived

    def times(self) -> list[float]:
        return [at for at, _ in self.got]

    def play(self, *lines: Json, room: str = "*", **script: Any) -> None:
        """Speech."""
        self.world.runner.play(parse({"rooms": {room: {"lines": list(lines)} | script}}), self.time.now)

    def task(self, request_id: str) -> Json:
        return next(task for task in self.state()["tasks"] if task["id"] == request_id)

    def verdict(self) -> Json:
        found: Json = self.journal("call")[-1]["verdict"]
        return found


def element(content: Json, task_id: str, array: str = "violations") -> Json:
    """The only element of a task."""
    (only,) = content[task_id][array]
    found: Json = only
    return found


def test_caller_signs_what_the_sheet_says(time: Time) -> None:
    """The text to sign of the submit page's example."""
    body = Tupu(time).signed({"timestamp": "1700000000", "nonce": "3735928559"})
    assert body["signature"] == rsa_sha256("5f0a0a0a0a0a0a0a0a0a0a0a,1700000000,3735928559")
