"""A small sound description, and the engine around it, for tests that change one thing."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from earshot.http_client import Answer
from earshot.secrets import Keyring, Section
from earshot.vendors.declared.client import Caller, DeclaredClient
from earshot.vendors.declared.description import Description, compiled
from earshot.vendors.declared.door import DeclaredDoor
from earshot.vendors.declared.transport import Bounds, Wire
from earshot.vendors.port import Submission

from tests.unit.support import makers

NOW = 1_700_000_000_000
SECRETS = {"key": "s3cret-key", "id": "s3cret-id", "old": ["new-one", "old-one"]}

SAID: dict[str, Any] = {
    "format": 1,
    "name": "wren",
    "title": "Wren",
    "verified": "none",
    "origins": {"main": "https://api.wren.example", "far": "https://far.wren.example:8443"},
    "secrets": ["key", "id", "old"],
    "settings": {
        "mode": {"type": "string", "default": "all"},
        "app": {"type": "integer", "minimum": 1},
        "where": {"type": "string", "default": "main"},
    },
    "token": {"zego": ["identify_token"]},
    "submit": {
        "method": "POST",
        "origin": "main",
        "path": ["start"],
        "json": {"id": {"$": "task.ref"}, "room": {"$": "room.room_id"}},
        "rules": [
            {"when": "body.code == `0`", "outcome": "accepted"},
            {"when": "body.code == `9`", "outcome": "already_running"},
            {"when": "body.code == `1`", "outcome": "retry"},
            {"when": "body.code == `2`", "outcome": "rate_limited"},
            {"when": "body.code == `3`", "outcome": "bad_credentials"},
            {"when": "body.code == `4`", "outcome": "suspended"},
            {"when": "body.code == `5`", "outcome": "rejected"},
            {"outcome": "unknown"},
        ],
        "outputs": {"vendor_task_id": {"$": "body.task"}},
    },
    "on_unknown": "leave",
    "finish": {
        "method": "POST",
        "path": ["stop", {"$": "task.id"}],
        "rules": [
            {"when": "body.code == `0`", "outcome": "finished"},
            {"when": "body.code == `8`", "outcome": "gone"},
            {"outcome": "retry"},
        ],
    },
    "callback": {
        "verify": [{"recipe": "url_secret"}],
        "map": {
            "event_id": {"$": "event.id"},
            "vendor_task_id": {"$": "event.task"},
            "verdict": {"$": "event.verdict"},
            "labels": {"$": "event.labels"},
        },
    },
    "verdicts": {"ok": "pass", "bad": "reject", "default": "review"},
    "labels": {"a": "abuse", "default": "unknown"},
    "capabilities": {
        "product": "songs",
        "platforms": {"zego": "confirmed", "url": "assumed"},
        "media": ["audio"],
        "results": "push",
        "finish": "one call",
        "dedupe": "none",
        "renewal": "overlap",
        "human_review": "none",
    },
}


def said(*changes: tuple[str, Any]) -> dict[str, Any]:
    """The description with other values at some places; None takes one away."""
    made = copy.deepcopy(SAID)
    for place, value in changes:
        node, (*path, last) = made, place.split(".")
        for step in path:
            node = node.setdefault(step, {})
        if value is None:
            node.pop(last, None)
        else:
            node[last] = copy.deepcopy(value)
    return made


def described(*changes: tuple[str, Any]) -> Description:
    """The same compiled, calls and all."""
    made = compiled(said(*changes))
    made.outward()
    return made


class Accounts:
    """A keyring."""

    def __init__(self, secrets: Mapping[str, Any]) -> None:
        self._secrets = secrets

    def section(self, name: str) -> Section:
        return Section(name, self._secrets)


class Line:
    """Answers in their order, the last for ever; remembers what was sent."""

    def __init__(self, *answers: Answer | Exception | dict[str, Any]) -> None:
        self._left = list(answers)
        self.sent: list[Wire] = []
        self.bounds: list[Bounds] = []

    def __call__(self, wire: Wire, bounds: Bounds) -> Answer:
        self.sent.append(wire)
        self.bounds.append(bounds)
        answer = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        if isinstance(answer, Exception):
            raise answer
        return Answer(200, json.dumps(answer).encode()) if isinstance(answer, dict) else answer


def caller(line: Line, *changes: tuple[str, Any], nonce: Callable[[], str] = lambda: "n" * 32) -> Caller:
    """Makes the calls of a changed description."""
    return Caller(described(*changes), cast(Keyring, Accounts(SECRETS)), line, lambda: NOW, nonce)


def client(line: Line, *changes: tuple[str, Any]) -> DeclaredClient:
    """A client of a changed description."""
    return DeclaredClient(caller(line, *changes))


def submission(options: Mapping[str, Any] | None = None, **changes: Any) -> Submission:
    """Of the sample room."""
    plan = {
        **makers.plan(),
        "vendor_options": dict(options or {}),
        "target": changes.pop("target", "room_mixed"),
    }
    secrets = changes.pop("secrets", {"identify_token": "t0ken"})
    watch = makers.watch(plan=plan, **changes)
    return Submission("ref-1a", watch, "https://mod.example.com/callbacks/wren/ref-1a/mac", secrets, "ear-1")


def door(*changes: tuple[str, Any], now: int = NOW) -> DeclaredDoor:
    """A door of a changed description."""
    return DeclaredDoor(described(*changes), lambda: now)


def section(**secrets: Any) -> Callable[[], Section]:
    """The vendor's secrets, as the webhook gives them."""
    return lambda: Section("wren", secrets or SECRETS)
