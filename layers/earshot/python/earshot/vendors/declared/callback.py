"""What a description says of results: where they are in a push, what names them, and what they come to.

Standard library and expressions only: the webhook reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from earshot.vendors.declared.expressions import Expression
from earshot.vendors.declared.functions import as_text
from earshot.vendors.declared.parsing import form, parsed, stored, written
from earshot.vendors.declared.places import Part
from earshot.vendors.declared.proofs import Proof, proof
from earshot.vendors.declared.trees import Names, NotMade, Tree, tree
from earshot.vendors.port import Unreadable

KINDS = ("result", "ended", "trouble", "status")
ROOTS = frozenset({"push", "event", "settings"})
AT_THE_DOOR = frozenset({"push", "event"})
"""The plan is not known there."""
DOOR_FIELDS = frozenset({"event_id", "vendor_task_id", "task_ref", "verdict"})
MAX_EVENTS = 200
MAX_AROUND = 65_536
"""Characters beside the events of a push of several: they are kept with each of them."""
FIELDS = (
    *(
        "event_id",
        "vendor_task_id",
        "task_ref",
        "verdict",
        "labels",
        "start",
        "end",
        "user",
        "speakers",
        "text",
    ),
    *("clip", "image", "media", "silent", "code", "seconds", "ends_task"),
)
ENDED = "earshot_ended"
"""The name of the only field of a result that we make ourselves, of a task that a poll found over."""


@dataclass(frozen=True)
class Callback:
    """Compiled. ``events``: the way to the list of events; none: the push is one."""

    proofs: tuple[Proof, ...]
    body: str
    unwrap: tuple[str, ...]
    events: tuple[str, ...]
    kind: Tree
    fields: Mapping[str, Tree]
    ack: Any
    max_bytes: int

    def raw(self, body: bytes) -> dict[str, Any]:
        """A push as it came, nothing inside it unwrapped. Raises Unreadable."""
        if len(body) > self.max_bytes:
            raise Unreadable(f"body: has {len(body)} bytes, at most {self.max_bytes} are read")
        try:
            found = parsed(body) if self.body == "json" else form(body)
        except ValueError as error:
            raise Unreadable(f"body: {error}") from None
        if not isinstance(found, dict):
            raise Unreadable("body: is not a JSON object")
        return found

    def unwrapped(self, push: dict[str, Any]) -> dict[str, Any]:
        """With the JSON that stands in texts parsed. Raises Unreadable."""
        for name in self.unwrap:
            if isinstance(push.get(name), str):
                try:
                    push = {**push, name: parsed(push[name])}
                except ValueError as error:
                    raise Unreadable(f"{name}: {error}") from None
        return push

    def kept(self, body: bytes) -> dict[str, Any]:
        """A result as it is stored: JSON, whatever it came as. Raises Unreadable."""
        if len(body) > 2 * self.max_bytes:
            raise Unreadable(f"body: has {len(body)} bytes, at most {2 * self.max_bytes} are read")
        try:
            found = parsed(body)
        except ValueError as error:
            raise Unreadable(f"body: {error}") from None
        if not isinstance(found, dict):
            raise Unreadable("body: is not a JSON object")
        return self.unwrapped(found)

    def listed(self, push: Mapping[str, Any]) -> list[Any]:
        """The events of a push. Raises Unreadable."""
        if not self.events:
            return [push]
        found: Any = push
        for step in self.events:
            found = found.get(step) if isinstance(found, Mapping) else None
        where = ".".join(self.events)
        if not isinstance(found, list):
            raise Unreadable(f"{where}: is missing or no list")
        if not found or len(found) > MAX_EVENTS:
            raise Unreadable(f"{where}: has {len(found)} events, 1 to {MAX_EVENTS} are read")
        return found

    def portions(self, push: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """An answer to a question of ours, which may hold more events than a push."""
        found: Any = push
        for step in self.events:
            found = found.get(step) if isinstance(found, Mapping) else None
        if not self.events or not isinstance(found, list) or len(found) <= MAX_EVENTS:
            yield push
            return
        for at in range(0, len(found), MAX_EVENTS):
            yield _with(push, self.events, found[at : at + MAX_EVENTS])

    def apart(self, push: Mapping[str, Any]) -> list[bytes]:
        """A push for each event, the vendor's in all but the others' absence. Raises Unreadable."""
        if not self.events:
            return [stored(push)]
        events = self.listed(push)
        if len(events) > 1 and len(written(_with(push, self.events, []))) > MAX_AROUND:
            raise Unreadable("body: holds too much beside its events")
        return [stored(_with(push, self.events, [event])) for event in events]


def _with(push: Mapping[str, Any], path: Sequence[str], events: list[Any]) -> dict[str, Any]:
    return (
        {**push, path[0]: _with(push[path[0]], path[1:], events)} if path[1:] else {**push, path[0]: events}
    )


@dataclass(frozen=True)
class Event:
    """One event of a push, read by the description's trees."""

    callback: Callback
    context: Mapping[str, Any]

    def kind(self) -> str:
        """One of :data:`KINDS`. Raises Unreadable."""
        found = self.value_of(self.callback.kind)
        if found not in KINDS:
            raise Unreadable(f"kind: is none of {', '.join(KINDS)}")
        return str(found)

    def value(self, name: str) -> Any:
        """What a field comes to; None if it is not mapped, or cannot be read: it must not cost the others."""
        tree = self.callback.fields.get(name)
        return None if tree is None else self.value_of(tree)

    def value_of(self, tree: Tree) -> Any:
        """See :meth:`value`."""
        try:
            return tree(self.context)
        except (NotMade, ValueError):
            return None

    def text(self, name: str) -> str | None:
        """A text or a number, as a text that can be stored; None for anything else, and for what is empty."""
        found = as_text(self.value(name))
        return found.strip() or None if found is not None and _is_storable(found) else None


def _is_storable(text: str) -> bool:
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False


def callback(part: Part, names: Names, max_bytes: int) -> Callback:
    """A compiled ``callback``. Raises BadDescription."""
    body = part.choice("body", ("json", "form", "json_in_form"), "json")
    unwrap = part.texts("unwrap")
    if body == "json_in_form" and not unwrap:
        raise part.wrong("unwrap", "must name the fields of the form that hold JSON")
    proofs = tuple(proof(value, place, names.secrets or frozenset()) for value, place in part.items("verify"))
    if not proofs:
        raise part.wrong("verify", "is required; `url_secret` if the vendor proves nothing")
    made = Callback(
        proofs,
        "json" if body == "json" else "form",
        unwrap,
        _events(part),
        tree(part.take("kind", "result"), part.at("kind"), names.over(AT_THE_DOOR)),
        _fields(part.part("map"), names),
        _ack(part),
        max_bytes,
    )
    part.done()
    return made


def _events(part: Part) -> tuple[str, ...]:
    given = part.take("events")
    if given is None:
        return ()
    path = Expression(given, part.at("events"), frozenset({str(given).partition(".")[0]})).path
    if path is None:
        raise part.wrong("events", "must be the way from field to field: data.results")
    return path


def _fields(part: Part, names: Names) -> dict[str, Tree]:
    made = {}
    for name in FIELDS:
        if name in part:
            roots = AT_THE_DOOR if name in DOOR_FIELDS else ROOTS
            made[name] = tree(part.take(name), part.at(name), names.over(roots))
    for name in ("event_id", "vendor_task_id", "verdict"):
        if name not in made:
            raise part.wrong(name, "is required")
    part.done()
    return made


def _ack(part: Part) -> Any:
    if "ack" not in part:
        return None
    ack = part.part("ack")
    text, json = ack.take("text"), ack.take("json")
    ack.done()
    if (
        (text is None) == (json is None)
        or not isinstance(text, str | None)
        or not isinstance(json, dict | None)
    ):
        raise part.wrong("ack", "must have either `json`, an object, or `text`")
    return text if json is None else json
