"""Volcengine's calls with HTTP replaced, and submissions of rooms of every platform."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from earshot import http_client
from earshot.domain.room import Room
from earshot.http_client import Answer
from earshot.vendors.port import Accepted, Submission
from earshot.vendors.volcengine.client import VolcengineClient, connected
from earshot.vendors.volcengine.options import check

from tests.unit.support import makers
from tests.unit.support.shumei_calls import keyring

KEY = {"access_key_id": "AKTESTEXAMPLE0001", "secret_access_key": "c2VjcmV0LXRlc3QtZXhhbXBsZQ=="}
CONTENT: dict[str, Any] = {**KEY, "app_id": "12345"}
APP = "123456781234567812345678"
RTC: dict[str, Any] = {APP: {**KEY, "app_key": "app key", "webhook_secret": "callback-secret-example"}}
SETTINGS = {"volcengine_content": CONTENT, "volcengine": RTC}
URLS = {
    "VOLCENGINE_BASE_URL": "https://riskcontrol.volcengineapi.com",
    "VOLCENGINE_RTC_BASE_URL": "https://rtc.volcengineapi.com",
}
CALLBACK_URL = "https://api.example.com/callbacks/volcengine/ref/mac"
NOW = 1_767_323_045_000
"""2026-01-02T03:04:05Z."""
ROOM_KEYS = {"room_id": "room", "app_id": "app", "identify_token": "token", "token": "token2"}
AUDIT = {"product": "rtc_audit"}
DONE = {"Result": {"Message": "success"}}


@dataclass(frozen=True)
class Case:
    """One submission: a room, its credential, and what the plan says."""

    platform: str
    app_id: str
    room_id: str
    secrets: dict[str, Any] = field(default_factory=dict)
    target: str = "room_mixed"
    options: dict[str, Any] = field(default_factory=dict)
    watch: dict[str, Any] = field(default_factory=dict)
    number: int = 1
    after: int = 0
    callback_url: str = CALLBACK_URL

    def but(self, **changes: Any) -> "Case":
        """The same with other fields; ``options`` and ``watch`` are added to those that it has."""
        for name in ("options", "watch"):
            changes[name] = getattr(self, name) | changes.get(name, {})
        return replace(self, **changes)

    @property
    def checked(self) -> dict[str, Any]:
        """The plan's options as they come back from the table."""
        made: dict[str, Any] = json.loads(json.dumps(check(self.target, self.options)))
        return made

    def submission(self) -> Submission:
        plan = {"target": self.target, "vendor": "volcengine", "vendor_options": self.checked}
        seen = makers.watch(room=Room(self.platform, self.app_id, self.room_id), plan=plan, **self.watch)
        ref = f"{seen.watch_id}-{self.number}a"
        return Submission(ref, seen, self.callback_url, self.secrets, f"{seen.watch_id}-{self.after}")


URL = Case("url", "site", "radio", watch={"stream_url": "rtmp://example.invalid/app/s"})
ZEGO = Case(
    "zego", "1234567890", "room-42", {"identify_token": "04AAA+BBB="}, options={"roomParameters": ROOM_KEYS}
)
ROOM = Case("volcengine", APP, "room/1 连", options=AUDIT)
REF = f"{makers.WATCH_ID}-1a"


@dataclass
class Wire:
    """What was sent, and what comes back, in order; the last answer stays."""

    answers: list[Answer | Exception]
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, method: str, url: str, **request: Any) -> Answer:
        self.calls.append((method, url, request))
        answer = self.answers[min(len(self.calls), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def actions(self) -> list[str]:
        """Of every call."""
        return [query(url)["Action"] for _, url, _ in self.calls]

    def sent(self, at: int = -1) -> Any:
        """The JSON of a call."""
        return json.loads(self.calls[at][2]["body"])


def query(url: str) -> dict[str, str]:
    """As the gateway decodes it."""
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True, strict_parsing=True)
    assert len(pairs) == len(dict(pairs))
    return dict(pairs)


def answered(answer: Any, status: int = 200) -> Answer | Exception:
    """JSON, raw bytes, an answer or an exception as something that comes back."""
    if isinstance(answer, Answer | Exception):
        return answer
    return Answer(status, answer if isinstance(answer, bytes) else json.dumps(answer).encode())


def said(code: Any = 0, data: Any = None) -> dict[str, Any]:
    """An answer of content security."""
    result = {"RequestId": "r", "Code": code, "Message": "m", "Data": data or {"PassThrough": ""}}
    return {"ResponseMetadata": {"RequestId": "r", "Service": "BusinessSecurity"}, "Result": result}


def fault(code: str, number: int | None = None) -> dict[str, Any]:
    """An answer of the gateway, or of RTC."""
    error = {"Code": code, "Message": "m"} | ({} if number is None else {"CodeN": number})
    return {"ResponseMetadata": {"RequestId": "r", "Error": error}, "Result": None}


def listed(*tasks: dict[str, Any]) -> dict[str, Any]:
    """An answer to ListDetectionTask."""
    return {
        "ResponseMetadata": {"RequestId": "r"},
        "Result": {"Message": "success", "EventData": list(tasks)},
    }


def running(case: Case = ROOM, **more: Any) -> dict[str, Any]:
    """One of its tasks."""
    task = {"CreateTime": NOW // 1000, "MediaType": 2, "RoomId": case.room_id, "UserId": "", "Status": 1}
    return {**task, **more}


def wired(
    monkeypatch: pytest.MonkeyPatch, *answers: Any, settings: Any = None
) -> tuple[VolcengineClient, Wire]:
    """A client whose calls get the answers; its clock goes on by a second at every look."""
    wire = Wire([answered(answer) for answer in answers])
    monkeypatch.setattr(http_client, "call", wire)
    clock = count(NOW, 1_000)
    return VolcengineClient(
        *connected(URLS.__getitem__, keyring(settings or SETTINGS), lambda: next(clock))
    ), wire


def accepted(monkeypatch: pytest.MonkeyPatch, *answers: Any, case: Case) -> Accepted:
    """What a submission comes to."""
    client, _ = wired(monkeypatch, *answers)
    return client.submit(case.submission())


def digest(*values: str) -> str:
    """The callback's signature, written again."""
    return hashlib.sha256("".join(sorted(values)).encode()).hexdigest()
