"""A customer of Lyrebird, and the customer's receiver; nothing of the double's own signing is used."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from local.doubles.accounts import DEFAULT, Accounts
from local.doubles.lyrebird.door import Clouds
from local.doubles.lyrebird.world import LyrebirdWorld
from local.doubles.model import Json, Push, Reply, Request
from local.doubles.scenario import parse
from tests.unit.doubles.conftest import Caller, Time

PAGE = (Path(__file__).parents[3] / "docs/lyrebird-api.md").read_text("utf-8")
ACCOUNT, KEY, SECRET = "lb-10001", "lyrebird-sample-api-key", "lyrebird-sample-webhook-secret"
RECEIVER = "https://mod.example.org/lyrebird"
GOOD = '{"code": 0}'
STREAMS = "/v1/streams"
Answer = tuple[int | None, str]


def hexed(key: str, message: bytes) -> str:
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


def signed(account: str, stamp: str, nonce: str, body: bytes, key: str = KEY) -> str:
    """As the page writes it down."""
    return hexed(key, f"{account}\n{stamp}\n{nonce}\n".encode() + body)


def is_genuine(push: Push, secret: str = SECRET) -> bool:
    """As the page says that a receiver checks it."""
    found = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", push.headers.get("X-Lyrebird-Signature", ""))
    return found is not None and found[2] == hexed(secret, f"{found[1]}.{push.body}".encode())


class Lyrebird(Caller[LyrebirdWorld]):
    """Signs calls, answers pushes, moves time."""

    def __init__(self, time: Time, clouds: dict[str, Any] | None = None, **account: Any) -> None:
        accounts = Accounts.read(DEFAULT | {"lyrebird": DEFAULT["lyrebird"] | account})
        super().__init__(LyrebirdWorld(accounts, entrance=Clouds(clouds or {})), time)
        self.got: list[tuple[float, Push]] = []
        self._numbers = count(1)

    def set(self, **values: Any) -> None:
        self.world.settings.update(values)

    def headers(self, body: bytes, key: str = KEY, **changes: str | None) -> dict[str, str]:
        """Signed; a change to ``None`` leaves a header out. What is changed is signed, too."""
        stamp, nonce = str(int(self.time.wall)), f"nonce-{next(self._numbers):012d}"
        wanted: dict[str, Any] = {"Account": ACCOUNT, "Timestamp": stamp, "Nonce": nonce} | changes
        account, stamp, nonce = (wanted[name] or "" for name in ("Account", "Timestamp", "Nonce"))
        wanted.setdefault("Signature", signed(account, stamp, nonce, body, key))
        return {f"X-Lyrebird-{name}": value for name, value in wanted.items() if value is not None}

    def raw(self, method: str, path: str, body: bytes = b"", **headers: Any) -> Reply:
        request = Request(method, path, (), self.headers(body, **headers), body)
        return self.world.handle(request, self.time.now)

    def call(self, method: str, path: str, body: object = None, **headers: Any) -> Json:
        raw = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        answer: Json = json.loads(self.raw(method, path, raw, **headers).body)
        return answer

    def body(self, source: Json | None = None, **changes: Any) -> Json:
        """A good start; ``...`` leaves a field out."""
        default = {"kind": "url", "url": "https://live.example.com/one.flv"}
        whole: Json = {
            "account": ACCOUNT,
            "stream_key": "room-1-1",
            "source": source or default,
            "mode": "all",
        }
        whole |= {"callback": RECEIVER, "note": '{"room":"直播间"}'} | changes
        return {name: value for name, value in whole.items() if value is not ...}

    def submit(self, source: Json | None = None, **changes: Any) -> Json:
        return self.call("POST", STREAMS, self.body(source, **changes))

    def start(self, source: Json | None = None, **changes: Any) -> str:
        """A start that is accepted; its stream id."""
        answer = self.submit(source, **changes)
        assert answer["code"] == 0, answer
        stream: str = answer["data"]["stream_id"]
        return stream

    def stop(self, stream: str) -> Json:
        return self.call("POST", f"{STREAMS}/{stream}/stop")

    def ask(self, stream: str) -> Json:
        return self.call("GET", f"{STREAMS}/{stream}")

    def run(self, until: float, answer: Answer | Callable[[Push], Answer] = (200, GOOD)) -> list[Json]:
        """Let scaled time pass event by event; every event that arrived whole."""
        arrived: list[Json] = []
        while True:
            pushes = self.world.advance(self.time.now)
            for push in pushes:
                status, body = answer(push) if callable(answer) else answer
                self.got.append((self.time.scaled, push))
                arrived += json.loads(push.body)["events"]
                self.world.push_answer(push, status, body, self.time.now)
            due = self.world.next_due()
            if not pushes and (due is None or due > until):
                break
            if not pushes and due is not None:
                self.time.to(max(due, self.time.scaled))
        self.time.to(until)
        return arrived

    def times(self) -> list[float]:
        return [at for at, _ in self.got]

    def play(self, *lines: Json, **script: Any) -> None:
        """Speech for every room."""
        self.world.runner.play(parse({"rooms": {"*": {"lines": list(lines)} | script}}), self.time.now)

    def task(self, stream: str) -> Json:
        return next(task for task in self.state()["tasks"] if task["id"] == stream)

    def verdict(self) -> Json:
        found: Json = self.journal("call")[-1]["verdict"]
        return found


def samples() -> list[bytes]:
    """The two bodies of the page that its vectors are about."""
    return [
        line.encode() for line in PAGE.splitlines() if line.startswith('{"account"') and line.endswith("}")
    ]


def test_vectors_of_calls_are_those_of_the_page(time: Time) -> None:
    body = samples()[0]
    assert len(body) == 213
    place = (ACCOUNT, "1700000000", "0123456789abcdef")
    wanted = "b842b029c59dc13d9fe3f5304e4b942c1717cc896295b5f7b4c9bc2010ef2069"
    bare = "b23ee2d07b18540d2b72127dac82b67ba7f4c4a22d06788f0c32f000124daaca"
    assert (signed(*place, body), signed(*place, b"")) == (wanted, bare)
    assert f"`{wanted}`" in PAGE
    assert f"`{bare}`" in PAGE
    names = dict(zip(("Account", "Timestamp", "Nonce", "Signature"), (*place, wanted), strict=True))
    headers = {f"X-Lyrebird-{name}": value for name, value in names.items()}
    reply = Lyrebird(time).world.handle(Request("POST", STREAMS, (), headers, body), time.now)
    assert json.loads(reply.body)["code"] == 0


def test_vector_of_callbacks_is_that_of_the_page() -> None:
    body = samples()[1].decode()
    value = "t=1700000066,v1=249a601906e4fba52aeb804ab2a0a6940836d7f5d579dbed4e2afca9dee98b3a"
    assert f"X-Lyrebird-Signature: {value}" in PAGE
    push = Push(1, 1, 0, RECEIVER, body, "application/json", 5.0, 0.0, {"X-Lyrebird-Signature": value})
    assert is_genuine(push)
    assert not is_genuine(push, "another")
