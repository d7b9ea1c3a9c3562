"""Many rooms at once: limits, order, and an end for everybody. ``CHAOS_ROOMS=10000`` for a real one."""

from __future__ import annotations

import os
from random import Random

from tests.chaos.playing import Outcome, Playing
from tests.chaos.scenario import Act, alone

ROOMS = int(os.environ.get("CHAOS_ROOMS", "120"))
BURST_S = 1.0
OPEN_S = 900.0


def storm(rooms: int, burst_s: float = BURST_S, platform: str = "zego", vendor: str = "shumei") -> Outcome:
    """All rooms open within ``burst_s`` and close within a minute, a quarter of an hour later."""
    made, luck = alone(1, vendor, look_s=3_600), Random(1)
    made.segment_s = 300.0
    for number in range(rooms):
        room, at = f"storm-{number}", luck.uniform(1, 1 + burst_s)
        over = OPEN_S + luck.uniform(0, 60)
        made.acts.append(Act(at, "person", (platform, "person_enters", room, "1")))
        made.acts.append(Act(over, "person", (platform, "person_leaves", room, "1")))
    made.acts.sort(key=lambda act: act.at)
    playing = Playing(made, speech=None)
    playing.settings = {"shumei": {"max_streams": 2 * rooms}, "yidun": {"max_streams": 2 * rooms}}
    return playing.play()


def test_every_room_of_a_storm_is_heard_and_let_go() -> None:
    outcome = storm(ROOMS)
    assert not outcome.wrong, "\n".join(outcome.wrong[:20])
    assert len(outcome.books.watches) == ROOMS
