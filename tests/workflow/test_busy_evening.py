"""Hundreds of rooms in one evening: who was heard, and for how long, by the doubles' own books.

``EVENING_SEED=7`` plays another evening; the same seed plays the same.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from unittest.mock import patch

import pytest
from earshot.clock import iso
from earshot.store.dynamo import keys

from local.places import ROOT
from tests.workflow.bundle import Bundle, bundle, quick
from tests.workflow.evening import BACKENDS, CLOUDS, HELD, TICK, Act, Evening, evening
from tests.workflow.wire import DAWN, SECRETS

ROOMS = int(os.environ.get("EVENING_ROOMS", "200"))
SEED = int(os.environ.get("EVENING_SEED", "1"))
SAMPLES = json.loads((ROOT / "local" / "settings.json").read_text("utf-8"))
ACCOUNTS = {
    **SAMPLES,
    "gin": {"game-7": {**SAMPLES["gin"]["game-7"], "token_url": "http://gin.double.test/tokens"}},
    "shumei": SECRETS["shumei"],
    "yidun": {**SECRETS["yidun"], "results": "poll"},
}
APPS = {platform: next(iter(ACCOUNTS[platform])) for platform in (*CLOUDS, "gin")} | {"url": "radio"}
SETTLING = 1_200
"""Seconds after the last act: grace, looks and a silent client's time-out, generously."""
DEAF = HELD + TICK
"""How long a room may be unheard after somebody has come in: its webhooks may be held back, and a tick passes until
the vendor is there."""
BILLED = 600
"""How long a task may run on after the last person has gone: at most a silent client's minute (the cloud's), the
grace, and a look."""
PLAN = quick(max_attempts=50)["default"]
EVENINGS = {
    "shumei": (ROOMS, (*CLOUDS, *BACKENDS)),
    "yidun": (max(40, ROOMS // 5), ("zego", "agora", "volcengine", "url")),
}
"""By who listens: how many rooms, of which platforms."""
Span = tuple[float, float]


@pytest.fixture(scope="module", params=EVENINGS)
def played(request: pytest.FixtureRequest) -> Iterable[tuple[Bundle, Evening]]:
    """The evening, over."""
    rooms, platforms = EVENINGS[request.param]
    script = evening(SEED, rooms, platforms)
    plan = {"default": {**PLAN, "vendor": request.param}}
    # moto's index is a scan of the table: one look at it a minute, not one for each partition.
    with patch.object(keys, "QUEUES", 1), bundle(accounts=ACCOUNTS, plan=plan) as b:
        b.reconciles = b.polls = True
        b.doubles.shumei.settings.update({"segment_seconds": 300.0, "max_streams": ROOMS})
        # Nobody says a word the whole evening, and in a stream that is pulled nobody is.
        b.doubles.yidun.settings.update({"empty_room_ends": False})
        for platform, orders in script.faults.items():
            b.doubles.clouds[platform].faults.add(orders)
        todo = list(script.acts)
        while b.doubles.clock.second < script.last + SETTLING:
            while todo and todo[0].at <= b.doubles.clock.second:
                _act(b, todo.pop(0))
            b.advance(TICK, step=TICK)
            b.wait(b.is_quiet, "quiet", patience_s=120)
        yield b, script


def _act(b: Bundle, act: Act) -> None:
    if act.platform in BACKENDS:
        address = {"stream_url": f"rtmp://live.example.com/{act.room}"} if act.platform == "url" else {}
        place = {"platform": act.platform, "app_id": APPS[act.platform], "room_id": act.room}
        b.send(act.verb, **place, **address, occurred_at=iso((DAWN + act.said_at) * 1000))
        return
    who = (act.room, act.user) if act.user else (act.room,)
    b.doubles.drive(act.platform, act.verb, *who)


def tasks(b: Bundle) -> list[dict[str, Any]]:
    """Of whichever vendor listened."""
    return [*b.doubles.tasks(), *b.doubles.yidun_tasks()]


def heard(b: Bundle) -> dict[str, list[Span]]:
    """When a vendor's task ran for a room."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for task in tasks(b):
        ended = b.doubles.clock.second if task["ended"] is None else task["ended"]
        spans[task["room"]].append((task["started"], ended))
    return spans


def peopled(b: Bundle, script: Evening) -> dict[str, list[Span]]:
    """When somebody was in a room, or a backend had it open; a client that has vanished is there until the cloud
    notices."""
    spans: dict[str, list[Span]] = {room: list(known) for room, known in script.spans.items()}
    for platform in CLOUDS:
        for life in b.doubles.clouds[platform].state(b.doubles.clock.now())["rooms"]:
            room = str(life["room_id"]).strip('"')
            spans.setdefault(room, []).extend((p["from"]["at"], p["to"]["at"]) for p in life["people"])
    return {room: list(_joined(known)) for room, known in spans.items()}


def _joined(spans: Iterable[Span]) -> Iterable[Span]:
    """Without overlaps, in order."""
    open_since, until = None, 0.0
    for start, end in sorted(spans):
        if open_since is None:
            open_since, until = start, end
        elif start > until:
            yield open_since, until
            open_since, until = start, end
        until = max(until, end)
    if open_since is not None:
        yield open_since, until


def _uncovered(span: Span, by: Iterable[Span]) -> float:
    """Seconds of a span that none of the others covers."""
    start, end = span
    left = end - start
    for begins, ends in _joined(by):
        left -= max(0.0, min(end, ends) - max(start, begins))
    return left


def test_the_evening_was_a_busy_one(played: tuple[Bundle, Evening]) -> None:
    b, script = played
    assert len(peopled(b, script)) in {rooms for rooms, _ in EVENINGS.values()}
    faults = [order["fault"] for orders in script.faults.values() for order in orders]
    assert {"drop", "duplicate", "reorder"} <= set(faults)
    assert b.noted("ES604"), "nothing was repeated, and no recorder was told of"
    assert b.noted("ES611"), "no room was closed for want of people"


def test_no_watch_is_open_without_a_room(played: tuple[Bundle, Evening]) -> None:
    b, _ = played
    assert [watch.watch_id for watch in b.watches() if not watch.is_over] == []
    assert [task["id"] for task in tasks(b) if task["state"] == "running"] == []
    assert b.is_over()


def test_no_room_was_left_unheard(played: tuple[Bundle, Evening]) -> None:
    b, script = played
    ears = heard(b)
    deaf = {
        room: round(seconds)
        for room, spans in peopled(b, script).items()
        for span in spans
        if (seconds := _uncovered(span, ears.get(room, []))) > DEAF
    }
    assert deaf == {}


def test_no_task_ran_for_nobody(played: tuple[Bundle, Evening]) -> None:
    b, script = played
    there = peopled(b, script)
    idle = {
        room: round(seconds)
        for room, spans in heard(b).items()
        for span in spans
        if (seconds := _uncovered(span, there[room])) > BILLED
    }
    assert idle == {}


def test_a_room_was_heard_by_one_task_at_a_time(played: tuple[Bundle, Evening]) -> None:
    b, _ = played
    for room, spans in heard(b).items():
        assert sum(end - start for start, end in spans) == pytest.approx(
            sum(end - start for start, end in _joined(spans)), abs=1
        ), room


def test_no_credential_was_refused_and_none_used_twice(played: tuple[Bundle, Evening]) -> None:
    b, _ = played
    assert {task["token"] for task in tasks(b)} == {"ok"}
    entries: list[dict[str, Any]] = [e for c in CLOUDS for e in b.doubles.clouds[c].journal.since(0)]
    assert {entry["result"] for entry in entries if entry["kind"] == "entrance"} == {"ok"}


def test_every_webhook_was_taken(played: tuple[Bundle, Evening]) -> None:
    b, _ = played
    pushes = [e for c in CLOUDS for e in b.doubles.clouds[c].journal.since(0) if e["kind"] == "push"]
    assert {push["status"] for push in pushes if push["fault"] is None} == {200}
    assert not b.noted("ES603")
    assert not b.dead_letters()
