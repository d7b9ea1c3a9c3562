"""One room for weeks: renewals, credentials, a history that must not fill. ``CHAOS_DAYS=60`` for sixty days."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.chaos.execution import MOST_EVENTS
from tests.chaos.playing import Outcome, Playing
from tests.chaos.scenario import Act, alone

DAY_S = 86_400.0
DAYS = int(os.environ.get("CHAOS_DAYS", "2"))
SEGMENT_S = 1_200.0
LAST_S = 5.0
"""A renewal in a whole vendor hour leaves no more unheard than this, the opening included."""


def long_room(platform: str, vendor: str, **plan: Any) -> Outcome:
    made = alone(1, vendor, **plan)
    made.segment_s = SEGMENT_S
    made.acts = [
        Act(1.0, "person", (platform, "person_enters", "long", "1")),
        Act(1.0 + DAYS * DAY_S, "person", (platform, "person_leaves", "long", "1")),
    ]
    return Playing(made, speech=None).play()


@pytest.mark.parametrize("vendor", ["shumei", "yidun", "tupu"])
def test_a_long_room_is_heard_throughout(vendor: str) -> None:
    # A vendor with segments of twenty minutes must not be taken for dead after a minute.
    outcome = long_room("zego", vendor, silence_s=3 * int(SEGMENT_S))
    assert not outcome.wrong, "\n".join(outcome.wrong)
    (watch,) = outcome.books.watches
    assert watch.ledger is not None
    assert watch.ledger["open_s"] >= DAYS * DAY_S
    assert watch.ledger["unmoderated_s"] <= LAST_S
    assert max(one.events for one in outcome.books.executions) < MOST_EVENTS
