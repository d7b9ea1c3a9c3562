"""What a description says of calls: where they go, what they carry, and what the answers come to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from earshot.vendors.declared.calls import LATER, START, Call, call
from earshot.vendors.declared.description import TARGETS, Description
from earshot.vendors.declared.expressions import Expression
from earshot.vendors.declared.origins import Origin, origin
from earshot.vendors.declared.places import BadDescription, Part, name
from earshot.vendors.declared.trees import Names, Tree, tree

TASK = frozenset({"ref", "ear", "watch_id"})
ROOM = frozenset(
    {"platform", "app_id", "room_id", "stream_id", "stream_url", "account_id", "target", "attributes"}
)
ANSWER = frozenset({"status", "body"})
FACTS = ("vendor_task_id", "lasts_s", "signs_every_s", "deaf_s")
UNKNOWN = ("resubmit_same_key", "finish_then_resubmit", "leave")


@dataclass(frozen=True)
class Poll:
    """Asking. ``results`` finds the pushes of an answer, ``state`` the task's state, which may be one of ``running``;
    ``when``: whether plans with such settings are asked about."""

    call: Call
    every_ms: int
    results: Expression | None
    state: Expression | None
    running: frozenset[str]
    when: Expression | None


@dataclass(frozen=True)
class Outward:
    """Compiled. ``token``: by platform the parts of its credential, those that may be absent with a ``?``;
    ``carried``: the settings that a task must know to be finished or asked about."""

    origins: Mapping[str, Origin]
    targets: tuple[str, ...]
    token: Mapping[str, tuple[str, ...]]
    submit: Call
    outputs: Mapping[str, Tree]
    finish: Call
    poll: Poll | None
    on_unknown: str
    carried: tuple[str, ...]

    def endpoint(self, origin_name: str, settings: Mapping[str, Any]) -> str:
        """Where a task runs, and what must be known to reach it again."""
        kept = [(one, json.dumps(settings[one])) for one in self.carried if settings.get(one) is not None]
        return f"{origin_name}?{urlencode(kept)}" if kept else origin_name

    def reached(self, endpoint: str) -> tuple[str, dict[str, Any]]:
        """The origin and the settings of an endpoint."""
        origin_name, _, kept = endpoint.partition("?")
        return origin_name, {one: json.loads(text) for one, text in parse_qsl(kept) if one in self.carried}


def outward(description: Description) -> Outward:
    """Raises BadDescription."""
    part = Part(description.rest, "")
    origins = part.table("origins", origin)
    for one in origins:
        name(one, part.at(f"origins.{one}"))
    token = part.table("token", _parts, optional=True)
    inner = {
        "settings": frozenset(description.settings),
        "task": TASK,
        "room": ROOM,
        "token": frozenset(step.rstrip("?") for parts in token.values() for step in parts),
    }
    secrets = frozenset(description.secrets)
    start = Names(START, inner, secrets)
    later = Names(LATER, {**inner, "task": frozenset({"id"})}, secrets)
    shared = part.items("sign")
    given = part.part("submit")
    submit = call(given, "submit", start, frozenset(origins), shared)
    outputs = _outputs(given.part("outputs"), start.over(START | ANSWER))
    given.done()
    closing = part.part("finish")
    finish = call(closing, "finish", later, frozenset(origins), shared)
    closing.done()
    asking = part.part("poll") if "poll" in part else None
    poll = _poll(asking, call(asking, "poll", later, frozenset(origins), shared), later) if asking else None
    made = Outward(
        origins,
        _targets(part),
        token,
        submit,
        outputs,
        finish,
        poll,
        part.choice("on_unknown", UNKNOWN),
        _carried([finish, *([poll.call] if poll else [])]),
    )
    part.done()
    _check_unknown(made, part)
    return made


def _parts(value: Any, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip("?") for one in value):
        raise BadDescription(place, "must be a list of parts of the platform's credential")
    return tuple(value)


def _targets(part: Part) -> tuple[str, ...]:
    found = part.texts("targets") or TARGETS
    for one in found:
        if one not in TARGETS:
            raise part.wrong("targets", f"{one} is none of {', '.join(TARGETS)}")
    return found


def _outputs(part: Part, names: Names) -> dict[str, Tree]:
    made = {one: tree(part.take(one), part.at(one), names) for one in FACTS if one in part}
    part.done()
    if "vendor_task_id" not in made:
        raise part.wrong("vendor_task_id", "is required: a task without an id can never be finished")
    return made


def _poll(part: Part, call: Call, names: Names) -> Poll:
    answer = names.over(frozenset({"status", "body", "settings"}))
    made = Poll(
        call,
        int(part.number("every_s", 1, 3_600) * 1000),
        _expression(part, "results", answer),
        _expression(part, "state", answer),
        frozenset(part.texts("running")),
        _expression(part, "when", names.over(frozenset({"settings"}))),
    )
    part.done()
    if made.results is None and made.state is None:
        raise part.wrong("results", "a poll tells `results`, `state` or both")
    if made.state is not None and not made.running:
        raise part.wrong("running", "must list the states of a task that runs: every other ends it")
    return made


def _expression(part: Part, field: str, names: Names) -> Expression | None:
    given = part.take(field)
    return None if given is None else names.expression(given, part.at(field))


def _carried(calls: list[Call]) -> tuple[str, ...]:
    reads = {path for one in calls for path in one.reads()}
    return tuple(sorted(path[1] for path in reads if path[0] == "settings"))


def _check_unknown(made: Outward, part: Part) -> None:
    """What is done about a lost answer must be possible."""
    own = all(path[0] in {"task", "room", "settings"} for path in made.outputs["vendor_task_id"].reads)
    if made.on_unknown == "finish_then_resubmit" and not own:
        raise part.wrong(
            "on_unknown", "the task's id comes with the answer: without one there is nothing to finish"
        )
    outcomes = {outcome for _, outcome in made.submit.rules.rules}
    if made.on_unknown == "resubmit_same_key":
        keys = {path for one in made.submit.trees() for path in one.reads}
        if ("task", "ear") not in keys:
            raise part.wrong(
                "on_unknown", "the same key for every try is task.ear, which `submit` does not send"
            )
        if "already_running" not in outcomes:
            raise part.wrong("on_unknown", "no rule of `submit` knows a task that is already_running")
