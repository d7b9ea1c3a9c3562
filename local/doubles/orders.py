"""Orders to misbehave: what they may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.doubles.model import Json
from local.doubles.settings import BadField

# Name of each argument -> (type, required, default). Seconds of a call are real, because a client's time-out
# is real; seconds of a push are scaled.
Spec = dict[str, tuple[str, bool, Any]]
SECONDS: Spec = {"seconds": ("number", True, None)}
CALL_FAULTS: dict[str, Spec] = {
    "delay": SECONDS,
    "drop": {},
    "status": {
        "status": ("http status", True, None),
        "body": ("string", False, ""),
        "content_type": ("string", False, "text/html; charset=utf-8"),
    },
    "code": {"code": ("int", True, None), "message": ("string", False, "fault")},
    "accept_then_timeout": SECONDS,
    "accept_then_drop": {},
    "body": {
        "body": ("string", True, None),
        "status": ("http status", False, 200),
        "content_type": ("string", False, "application/json; charset=utf-8"),
    },
    "forget": {},
    "die": {},
    "revive": {},
}
PUSH_FAULTS: dict[str, Spec] = {
    "delay": SECONDS,
    "drop": {},
    "duplicate": {"copies": ("int", False, 1)},
    # A held push is let go after this long even when no later push of its task ever comes.
    "reorder": {"seconds": ("number", False, 60)},
    "corrupt": {},
}
# ``how``: a wrong signature, none, or half a body under the signature of the whole.
CORRUPTIONS = ("signature", "unsigned", "body")
WEBHOOK_FAULTS = PUSH_FAULTS | {"corrupt": {"how": ("corruption", False, "signature")}}
OF_PUSHES = {"push": PUSH_FAULTS, "webhook": WEBHOOK_FAULTS}
MATCH_KEYS = (
    *("room", "stream", "task", "bt_id", "cluster", "app_id", "kind", "number", "attempt"),
    *("platform", "event", "user", "data_id"),
)
COMMON = ("on", "fault", "times", "after", "match")
Facts = Mapping[str, tuple[str, ...]]


@dataclass
class Order:
    """One order. ``times`` left (``None`` for always) after skipping ``after`` matching events."""

    id: int
    on: str
    fault: str
    times: int | None = 1
    after: int = 0
    match: dict[str, str] = field(default_factory=dict)
    args: Json = field(default_factory=dict)
    applied: int = 0
    skipped: int = 0

    def matches(self, on: str, facts: Facts) -> bool:
        """Whether the order is about this event and not used up."""
        if self.on != on or (self.times is not None and self.applied >= self.times):
            return False
        return all(value in facts.get(key, ()) for key, value in self.match.items())

    def view(self) -> Json:
        """For the admin API and the journal."""
        keys = ("id", "on", "fault", "times", "after", "match", "applied", "skipped")
        return {key: getattr(self, key) for key in keys} | self.args


def parse(order: Any, prefix: str, operations: tuple[str, ...]) -> Order:
    """One order as posted; raises BadField. ``prefix`` names its place in a list."""
    if not isinstance(order, dict):
        raise BadField(prefix.rstrip(".") or "order", "must be an object")
    fault = order.get("fault")
    everywhere = fault in ("die", "revive")
    on = order.get("on", operations[0] if everywhere else None)
    if on not in operations:
        raise BadField(f"{prefix}on", f"must be one of {list(operations)}")
    specs = CALL_FAULTS if everywhere else OF_PUSHES.get(on, CALL_FAULTS)
    if not isinstance(fault, str) or fault not in specs:
        raise BadField(f"{prefix}fault", f"must be one of {sorted(specs)} for {on!r}")
    times = order.get("times", None if everywhere else 1)
    if times is not None:
        _check(f"{prefix}times", times, "int")
    after = order.get("after", 0)
    _check(f"{prefix}after", after, "int")
    match = _match(order.get("match", {}), f"{prefix}match")
    return Order(0, on, fault, times, after, {} if everywhere else match, _args(order, specs[fault], prefix))


def _check(name: str, value: Any, kind: str) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    whole = number and isinstance(value, int)
    good = {
        "string": isinstance(value, str),
        "number": number,
        "int": whole,
        "http status": whole and 200 <= value <= 599,
        "corruption": value in CORRUPTIONS,
    }
    if good[kind]:
        return
    if kind == "corruption":
        raise BadField(name, f"must be one of {list(CORRUPTIONS)}")
    raise BadField(name, f"must be a {kind}" if kind == "string" else f"must be a {kind}, not negative")


def _match(match: Any, name: str) -> dict[str, str]:
    if not isinstance(match, dict):
        raise BadField(name, "must be an object")
    for key, value in match.items():
        if key not in MATCH_KEYS:
            raise BadField(f"{name}.{key}", f"must be one of {list(MATCH_KEYS)}")
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise BadField(f"{name}.{key}", "must be a string or an int")
    return {key: str(value) for key, value in match.items()}


def _args(order: Json, spec: Spec, prefix: str) -> Json:
    for name in order:
        if name not in spec and name not in COMMON:
            raise BadField(f"{prefix}{name}", f"unknown; this fault takes {sorted(spec)}")
    args: Json = {}
    for name, (kind, required, default) in spec.items():
        if name not in order and required:
            raise BadField(f"{prefix}{name}", "is required")
        args[name] = order.get(name, default)
        _check(f"{prefix}{name}", args[name], kind)
    return args
