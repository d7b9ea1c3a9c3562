"""A customer of RTC audit, and the receiver of its results; nothing of the double's own signing is used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from local.doubles.model import Json, Push, Reply, Request
from local.doubles.scenario import parse
from local.doubles.volcengine.world import VolcengineWorld
from tests.unit.doubles.clouds import ACCOUNTS, VOLC_APP, Cloud, people
from tests.unit.doubles.conftest import Status, Time
from tests.unit.doubles.test_double_volcengine_content_caller import PYTHON_GET, PYTHON_POST, sign, stamp

HOST = "rtc.volcengineapi.com"
RECEIVER = "https://mod.example.org/volcengine/push"
WEBHOOK_SECRET = "earshot-sample-volcengine-webhook-secret"
KEY_ID, SECRET = "AKLTEXAMPLE", "earshot-sample-secret-access-key"
SIGNED = ("EventType", "EventData", "EventTime", "EventId", "AppId", "Version", "Nonce")


def digest(body: Json, secret: str = WEBHOOK_SECRET) -> str:
    """As the vendor's page writes it down: values and secret, sorted by value."""
    return hashlib.sha256("".join(sorted([*(body[name] for name in SIGNED), secret])).encode()).hexdigest()


class Detection(Cloud[VolcengineWorld]):
    """Signs calls, answers pushes."""

    def __init__(self, time: Time) -> None:
        super().__init__(VolcengineWorld(ACCOUNTS), time)

    def signed(self, action: str, body: object = None, query: Json | None = None, **change: Any) -> Request:
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        asked = {"Action": action, "Version": change.get("version", "2023-11-01")} | (query or {})
        headers = {"Host": HOST, "X-Date": change.get("stamp", stamp(self.time.wall))}
        headers |= {"X-Content-Sha256": hashlib.sha256(raw).hexdigest()}
        headers |= {"Content-Type": "application/json"} if body is not None else {}
        pairs = tuple((name, value) for name, value in asked.items() if value is not ...)
        method = change.get("method", "GET" if body is None else "POST")
        request = Request(method, "/", pairs, headers, raw)
        scope = ("cn-north-1", change.get("service", "rtc"))
        signed = PYTHON_GET if body is None else PYTHON_POST
        return sign(request, change.get("key", KEY_ID), change.get("secret", SECRET), scope, signed)

    def send(self, action: str, body: object = None, query: Json | None = None, **change: Any) -> Reply:
        return self.world.handle(self.signed(action, body, query, **change), self.time.now)

    def call(self, action: str, body: object = None, query: Json | None = None, **change: Any) -> Json:
        answer: Json = json.loads(self.send(action, body, query, **change).body)
        return answer

    def wish(self, **fields: Any) -> Json:
        """A start that wants every slice of 10 s, pushed; ``...`` leaves a field out."""
        wish: Json = {"AppId": VOLC_APP, "RoomId": "r", "Callback": RECEIVER, "CallbackType": 1}
        wish |= {"MediaType": 2, "Duration": 10_000} | fields
        return {name: value for name, value in wish.items() if value is not ...}

    def start(self, **fields: Any) -> str:
        answer = self.call("StartDetection", self.wish(**fields))
        message: str = answer["Result"]["Message"]
        assert message, answer
        return message

    def refused(self, **fields: Any) -> str:
        """A start that is refused: ``Code``, no ``CodeN``."""
        reply = self.send("StartDetection", self.wish(**fields))
        answer = json.loads(reply.body)
        error = answer["ResponseMetadata"]["Error"]
        assert (reply.status, error["CodeN"], answer["Result"]) == (400, 0, {"Message": ""})
        code: str = error["Code"]
        return code

    def stop(self, **fields: Any) -> Json:
        return self.call("StopDetection", {"AppId": VOLC_APP, "RoomId": "r"} | fields)

    def listed(self, **fields: Any) -> list[Json]:
        query = {"AppId": VOLC_APP, "RoomId": "r"} | fields
        result: Json = self.call("ListDetectionTask", None, query)["Result"]
        assert result["Message"] == "success"
        events: list[Json] = result["EventData"]
        return events

    def talk(self, *users: str, room: str = "r") -> None:
        """Some who come in and open their microphones."""
        people(self, *users, room=room)
        for user in users:
            self.world.publishes(room, user, self.now)

    def play(self, *lines: Json, **script: Any) -> None:
        self.world.runner.play(parse({"rooms": {"*": {"lines": list(lines)} | script}}), self.time.now)

    def heard(self, until: float, status: Status | Callable[[Push], Status] = 200) -> list[Json]:
        """Let time pass; every ``EventData`` that arrived."""
        return [json.loads(json.loads(push.body)["EventData"]) for _, push in self.run(until, status)]

    def task(self, index: int = -1) -> Json:
        task: Json = self.state()["tasks"][index]
        return task

    def verdict(self) -> Json:
        found: Json = self.journal("call")[-1]["verdict"]
        return found


# Published by the vendor; the other is made for a detection event.
V1: Json = {
    "EventType": "RoomCreate",
    "EventData": '{"RoomId":"room1","Timestamp":1679383924691}',
    "EventTime": "2023-03-21T15:32:04+08:00",
    "EventId": "123456",
    "AppId": "appId",
    "Version": "2020-12-01",
    "Nonce": "aaBc",
}
EXTRA: Json = {
    "EventType": "MachineReviewResult",
    "EventData": '{"RoomId":"r1","UserId":"u1","MediaType":2,"Suggest":"REJECT"}',
    "EventTime": "2026-01-02T03:04:05+08:00",
    "EventId": "e1",
    "AppId": "app1",
    "Version": "2020-12-01",
    "Nonce": "1234",
}
VECTORS = [
    (V1, "1234", "1c7200723842eff514b65fc3f065597432bbb4249e10d33db79b3853d05f3691"),
    (EXTRA, "callback-secret-example", "c6421390803ca24cdb3f2e8ac2f07e2aa7878c578f45a77af43975496750a04b"),
]


@pytest.mark.parametrize(("body", "secret", "made"), VECTORS)
def test_both_sides_sign_like_the_sheet(body: Json, secret: str, made: str) -> None:
    from local.doubles.volcengine.events import signature

    assert digest(body, secret) == signature(body, secret) == made


def test_sorting_by_name_is_wrong() -> None:
    text = "".join(EXTRA[name] for name in sorted(SIGNED)) + "callback-secret-example"
    assert hashlib.sha256(text.encode()).hexdigest() != VECTORS[1][2]
