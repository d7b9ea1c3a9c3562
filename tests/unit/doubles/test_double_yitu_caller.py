"""A customer of Yitu, and the customer's receiver; nothing of the double's own signing is used."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from local.doubles.accounts import DEFAULT, Accounts
from local.doubles.model import Json, Push, Reply, Request
from local.doubles.scenario import parse
from local.doubles.yitu.world import YituWorld
from tests.unit.doubles.conftest import Caller, Time

DEV_ID, DEV_KEY = "12345", "devkey-test-example"
SUBMIT, CLOSE = "/v1/antispam/streamscan", "/v1/antispam/streamscan/close"
RECEIVER = "https://mod.example.org/yitu"


def signed(dev_id: str, stamp: str, key: str = DEV_KEY) -> str:
    """As the vendor's page writes it down."""
    return hmac.new(key.encode(), (dev_id + stamp).encode(), hashlib.sha256).hexdigest()


class Yitu(Caller[YituWorld]):
    """Signs calls, answers pushes, moves time."""

    def __init__(self, time: Time, **account: Any) -> None:
        super().__init__(YituWorld(Accounts.read(DEFAULT | {"yitu": DEFAULT["yitu"] | account})), time)
        self.got: list[tuple[float, Push]] = []

    def set(self, **values: Any) -> None:
        self.world.settings.update(values)

    def raw(self, path: str, body: bytes, method: str = "POST", key: str = DEV_KEY, **headers: Any) -> Reply:
        stamp = headers.get("stamp", str(int(self.time.wall)))
        dev_id = headers.get("dev_id", DEV_ID)
        found = {"x-dev-id": dev_id, "x-request-send-timestamp": stamp}
        found["x-signature"] = headers.get("signature", signed(dev_id or "", stamp or "", key))
        given = {name: value for name, value in found.items() if value is not None}
        return self.world.handle(Request(method, path, (), given, body), self.time.now)

    def call(self, path: str, body: object, **headers: Any) -> Json:
        answer: Json = json.loads(self.raw(path, json.dumps(body).encode(), **headers).body)
        return answer

    def body(self, stream: Json | None = None, /, **changes: Any) -> Json:
        """A good submission; ``...`` leaves a field out."""
        data: Json = {"audioUrl": "https://live.example.com/one.flv", "audioId": "room-1-1"}
        data |= {"returnAllText": True} | (stream or {})
        known = {name: value for name, value in data.items() if value is not ...}
        client = {"roomId": "room-1", "userId": "host-42"}
        whole = {"callback": RECEIVER, "data": known, "clientInfo": client} | changes
        return {name: value for name, value in whole.items() if value is not ...}

    def submit(self, stream: Json | None = None, /, **changes: Any) -> Json:
        return self.call(SUBMIT, self.body(stream, **changes))

    def start(self, stream: Json | None = None, /, **changes: Any) -> str:
        """A submission that is accepted; its task id."""
        answer = self.submit(stream, **changes)
        assert answer["rtn"] == 0, answer
        task: str = answer["taskId"]
        return task

    def close(self, audio_id: object = "room-1-1") -> Json:
        return self.call(CLOSE, {"audioId": audio_id})

    def run(self, until: float, status: int | Callable[[Push], int | None] | None = 200) -> list[Json]:
        """Let scaled time pass event by event; what arrived."""
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

    def times(self) -> list[float]:
        return [at for at, _ in self.got]

    def play(self, *lines: Json, **script: Any) -> None:
        """Speech for every room."""
        self.world.runner.play(parse({"rooms": {"*": {"lines": list(lines)} | script}}), self.time.now)

    def task(self, task_id: str) -> Json:
        return next(task for task in self.state()["tasks"] if task["id"] == task_id)

    def verdict(self) -> Json:
        found: Json = self.journal("call")[-1]["verdict"]
        return found


def test_the_vector_of_the_platform(time: Time) -> None:
    signature = "132cbbd55f7661a1245c08b7731247e284c923779bbafc01bb92e886ecfde771"
    assert signed(DEV_ID, "1767323045") == signature
    time.wall = 1767323045.9
    yitu = Yitu(time)
    answer = yitu.call(SUBMIT, yitu.body(), signature=signature)
    assert answer["rtn"] == 0
