"""Yidun's calls with HTTP replaced, and submissions of rooms of every platform."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

import pytest
from earshot import http_client
from earshot.domain.room import Room
from earshot.errors import BadInput, EarshotError, Exhausted, GiveUp, Misconfigured, RetryLater
from earshot.http_client import Answer
from earshot.vendors.port import Accepted, Submission
from earshot.vendors.yidun.calls import Calls
from earshot.vendors.yidun.client import YidunClient
from earshot.vendors.yidun.options import YidunOptions, check
from earshot.vendors.yidun.request import Form, form

from tests.unit.support import makers
from tests.unit.support.shumei_calls import keyring

BASE = "https://{host}"
TASK = "0123456789abcdef0123456789abcdef"
ACCOUNT: dict[str, Any] = {
    "secret_id": "a" * 32,
    "secret_key": "c" * 32,
    "business_id": "b" * 32,
}
CALLBACK_URL = "https://api.example.com/callbacks/yidun/ref/mac"
NOW = 1_700_000_000_000


@dataclass(frozen=True)
class Case:
    """One submission: a room, its credential, and what the plan says."""

    platform: str
    app_id: str
    room_id: str
    secrets: dict[str, Any]
    target: str = "room_mixed"
    options: dict[str, Any] = field(default_factory=dict)
    watch: dict[str, Any] = field(default_factory=dict)
    ear: str = "ear-0"

    def but(self, **changes: Any) -> "Case":
        """The same with other fields; ``options`` and ``watch`` are added to those that it has."""
        for name in ("options", "watch"):
            changes[name] = getattr(self, name) | changes.get(name, {})
        return replace(self, **changes)

    def submission(self) -> Submission:
        """As the submit step makes it: the plan was checked, and came back from the table as JSON."""
        checked = json.loads(json.dumps(check(self.target, self.options)))
        plan = {"target": self.target, "vendor": "yidun", "vendor_options": checked}
        seen = makers.watch(room=Room(self.platform, self.app_id, self.room_id), plan=plan, **self.watch)
        return Submission(f"{seen.watch_id}-1a", seen, CALLBACK_URL, self.secrets, self.ear)

    def form(self, *, is_pushed: bool = True) -> Form:
        """What would be sent."""
        sent = self.submission()
        options = YidunOptions.model_validate(sent.watch.plan["vendor_options"])
        return form(sent, options, is_pushed=is_pushed)

    def fields(self) -> dict[str, str]:
        """Its fields."""
        return dict(self.form().fields)

    @property
    def url(self) -> str:
        return self.fields()["url"]

    def refused(self) -> BadInput:
        """The error of what must not be sent."""
        with pytest.raises(BadInput) as error:
            self.form()
        return error.value


ZEGO = Case("zego", "1234567890", "room-42", {"identify_token": "04AAA+BBB="})
AGORA = Case(
    "agora", "970ca35de60c44645bbae8a215061b33", "evening", {"token": "007eJx/T", "uid": "4200000001"}
)
YUNXIN = Case(
    "yunxin", "6acf024e190215b685905444b6e57dd7", "evening", {"checksum": "a+b/c=", "uid": "999000000001"}
)
VOLC = Case("volcengine", "661e2a8f0a1b2c3d4e5f6071", "room 1", {"token": "001/+=", "user_id": "earshot_1"})
URL = Case("url", "site", "radio", {}, watch={"stream_url": "rtmp://live.example.com/app/one?k=v%20w"})
RTC = (ZEGO, AGORA, YUNXIN, VOLC)
WITH_UID = (AGORA, YUNXIN, VOLC)


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
    def forms(self) -> list[dict[str, str]]:
        """Every form, as the vendor decodes it."""
        return [decoded(request["body"]) for _, _, request in self.calls]

    @property
    def sent(self) -> dict[str, str]:
        """The only one."""
        (only,) = self.forms
        return only

    @property
    def hosts(self) -> list[str]:
        """Where the calls went."""
        return [url.split("/")[2] for _, url, _ in self.calls]


def decoded(body: bytes) -> dict[str, str]:
    """A form; a field that comes twice is nobody's to understand."""
    pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    assert len(pairs) == len({name for name, _ in pairs})
    return dict(pairs)


def digest(sent: dict[str, str], key: str, name: str = "sha256") -> str:
    """The page's algorithm, written again."""
    ordered = sorted((field.encode(), value) for field, value in sent.items() if field != "signature")
    text = "".join(field.decode() + value for field, value in ordered)
    return hashlib.new(name, (text + key).encode()).hexdigest()


def answered(answer: Any, status: int = 200) -> Answer | Exception:
    """JSON, raw bytes, an answer or an exception as something that comes back."""
    if isinstance(answer, Answer | Exception):
        return answer
    return Answer(status, answer if isinstance(answer, bytes) else json.dumps(answer).encode())


def wired(
    monkeypatch: pytest.MonkeyPatch,
    *answers: Any,
    account: dict[str, Any] | None = None,
    base: str = BASE,
    clock: Callable[[], int] | None = None,
) -> tuple[Calls, Wire]:
    """Calls that get these answers. The clock moves a second with every call, nonces count from 1."""
    wire = Wire([answered(answer) for answer in answers])
    monkeypatch.setattr(http_client, "call", wire)
    times: Iterator[int] = count(NOW, 1_000)
    nonces = count(1)
    settings = keyring({"yidun": ACCOUNT if account is None else account})
    return Calls(base, settings, clock or (lambda: next(times)), lambda: next(nonces)), wire


def ok(result: Any) -> dict[str, Any]:
    """An answer with code 200."""
    return {"code": 200, "msg": "ok", "result": result}


RUNNING = ok({"taskId": TASK, "status": 0})
"""A submission that was accepted."""

UNREADABLE = [
    b"",
    b"null",
    b"[]",
    b"200",
    b"{}",
    b'{"code": null}',
    b'{"code": "ok"}',
    b'{"code": 200.5}',
    b'{"code": ' + b"9" * 5_000 + b"}",
    b'{"code": 200, "result": {"taskId": "x", "status": 0}',
    b"<html><body>502 Bad Gateway</body></html>",
    b"\xff\xfe\x00",
    b"[" * 100_000,
]
"""Answers that are not what any call documents."""

CODES: dict[int, tuple[type[EarshotError], str]] = {
    400: (GiveUp, "yidun_400"),
    401: (Misconfigured, "secret yidun.business_id"),
    402: (Misconfigured, "secret yidun.business_id"),
    404: (Misconfigured, "secret yidun.business_id"),
    405: (GiveUp, "yidun_405"),
    410: (Misconfigured, "secret yidun.secret_key"),
    411: (Exhausted, "yidun_411"),
    413: (Misconfigured, "secret yidun.business_id"),
    414: (GiveUp, "yidun_414"),
    415: (GiveUp, "yidun_415"),
    420: (RetryLater, "yidun_420"),
    430: (RetryLater, "yidun_430"),
    503: (RetryLater, "yidun_503"),
}
"""The documented table, but for that of image products."""


def refusal(monkeypatch: pytest.MonkeyPatch, *answers: Any, case: Case = ZEGO, **wiring: Any) -> EarshotError:
    """What a submission that gets these answers raises."""
    calls, _ = wired(monkeypatch, *answers, **wiring)
    with pytest.raises(EarshotError) as error:
        YidunClient(calls).submit(case.submission())
    return error.value


def accepted(monkeypatch: pytest.MonkeyPatch, *answers: Any, case: Case = ZEGO, **wiring: Any) -> Accepted:
    """What it comes to."""
    calls, _ = wired(monkeypatch, *answers, **wiring)
    return YidunClient(calls).submit(case.submission())
