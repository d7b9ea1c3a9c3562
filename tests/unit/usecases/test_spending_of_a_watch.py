"""A watch on its way to a cap: every step is written once, and the last one stops it."""

from dataclasses import replace
from typing import Any

import pytest
from earshot.domain.books import Page, Total
from earshot.domain.spending import NO_LIMITS, DayLimits, Spending
from earshot.domain.watch import SignalName, Watch
from earshot.errors import Misconfigured, RetryLater
from earshot.store.memory import MemoryStore
from earshot.usecases.thrift import cut_for
from earshot.usecases.watch_spending import AGAIN_S, OLD_MS, WatchSpending, day_limits

from tests.unit.support.fakes import Clock
from tests.unit.support.makers import START, WATCH_ID, plan, signal, task, watch
from tests.unit.support.notes import Notes
from tests.unit.support.shumei_calls import keyring

HOUR = 3_600_000
DAY = "2026-11-21"
APP = DayLimits({}, {"1234567890": 10.0})


class Spender:
    """One watch with one ear, and the caps."""

    def __init__(self, limits: DayLimits = NO_LIMITS, **fields: Any) -> None:
        self.store, self.clock, self.limits = MemoryStore(), Clock(START), limits
        self.store.add_watch(watch(plan=plan(**fields), current_task=task().task_ref))
        self.store._tasks[task().task_ref] = task()
        self.look = WatchSpending(self.store, self._limits, self.clock)
        self.problem: Exception | None = None

    def _limits(self) -> DayLimits:
        if self.problem:
            raise self.problem
        return self.limits

    def at(self, hours: float) -> Spending:
        self.clock.now = START + round(hours * HOUR)
        return self.look(self.watch, self.store.tasks(WATCH_ID))

    @property
    def watch(self) -> Watch:
        return self.store.watch(WATCH_ID)

    def others_spend(self, hours: float) -> None:
        other = watch(watch_id=f"{WATCH_ID}-abcdefgh")
        self.store.add_watch(other)
        total = Total(DAY, "shumei", "1234567890", "default", audited_s=hours * 3600)
        assert self.store.book(self.store.watch(other.watch_id), Page(self.clock() + 1, (total,), {}), 0)


def test_each_step_is_written_and_noted_once(notes: Notes) -> None:
    spender = Spender(caps={"room_hours": 10.0})
    for hours, level in ((7, 0), (8, 1), (8.5, 1), (9, 2), (9.5, 3), (9.9, 3)):
        assert spender.at(hours).level == spender.watch.level == level
    assert notes.codes == ["ES801"] * 3
    assert notes.of("ES801")["step"] == "hits_only"
    at = START + round(9.5 * HOUR)
    assert spender.watch.spend == {
        **{"cap": "room", "step": "mixed", "limit_hours": 10.0, "spent_hours": 9.5, "at": at}
    }
    assert spender.watch.signal is None


def test_the_last_step_stops_it_with_its_reason(notes: Notes) -> None:
    spender = Spender(caps={"room_hours": 10.0})
    assert spender.at(11).stops
    last = spender.watch.last_word
    assert last
    assert (last.name, last.reason) == (SignalName.STOP_REQUESTED, "spend_cap_room")
    assert notes.codes == ["ES802"]
    assert spender.at(12) == Spending(4), "it is told; nothing more is looked at"


def test_a_stop_that_got_no_further_than_its_level_is_made_up_for() -> None:
    """The function died between the two writes."""
    spender = Spender(caps={"room_hours": 10.0})
    here = spender.watch
    spender.store._watches[WATCH_ID] = replace(here, level=4, spend={"at": START})
    assert spender.at(11).stops
    assert spender.watch.last_word


def test_a_room_that_is_closed_is_left_alone() -> None:
    spender = Spender(caps={"room_hours": 10.0})
    spender.store.signal(WATCH_ID, signal())
    spender.at(11)
    assert spender.watch.level == 0
    last = spender.watch.last_word
    assert last
    assert last.name is SignalName.ROOM_CLOSED


def test_a_room_without_caps_reads_no_totals() -> None:
    spender = Spender()
    spender.store.totals = None  # type: ignore[assignment,method-assign]
    assert spender.at(100) == Spending()


def test_what_others_spend_counts_within_a_minute() -> None:
    spender = Spender(APP)
    assert spender.at(0.5).level == 0
    spender.others_spend(8.9)
    assert spender.at(0.5 + (OLD_MS - 1) / HOUR).level == 0, "totals of a moment ago"
    assert spender.at(0.5 + OLD_MS / HOUR).reason == "spend_cap_app"
    assert spender.watch.level == 2


def test_another_day_gives_back_what_a_day_had_cut(notes: Notes) -> None:
    spender = Spender(APP)
    assert spender.at(8.5).level == 1
    assert spender.at(23).level == 0, "after midnight, an hour of the new day"
    assert spender.watch.level == 0
    assert notes.codes == ["ES801", "ES807"]


@pytest.mark.parametrize("problem", [RetryLater("secret_unreadable"), Misconfigured("secret limits", "x")])
def test_caps_that_cannot_be_read_stop_nobody_and_ring(problem: Exception, notes: Notes) -> None:
    spender = Spender(APP)
    spender.at(8.5)
    spender.problem = problem
    assert spender.at(11) == Spending(1, look_s=AGAIN_S)
    assert notes.codes[-1] == "ES806"


# the settings' caps


def test_the_settings_name_vendors_and_apps() -> None:
    said = {
        "shumei": {"hours_per_day": 500, "streams": 9},
        "yidun": {"streams": 9},
        "zego": {"mints_per_s": 100},
        "apps": {"1234567890": {"hours_per_day": 40.5}, "other": {"hours_per_day": None}},
    }
    assert day_limits(keyring({"limits": said})) == DayLimits({"shumei": 500.0}, {"1234567890": 40.5})
    assert day_limits(keyring({})) == NO_LIMITS


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ([], "secret limits"),
        ({"shumei": 5}, "secret limits.shumei"),
        ({"apps": 5}, "secret limits.apps"),
        ({"apps": {"a": 5}}, "secret limits.apps.a"),
        ({"shumei": {"hours_per_day": 0}}, "secret limits.shumei.hours_per_day"),
        ({"shumei": {"hours_per_day": "5"}}, "secret limits.shumei.hours_per_day"),
        ({"apps": {"a": {"hours_per_day": True}}}, "secret limits.apps.a.hours_per_day"),
    ],
)
def test_a_wrong_cap_is_named(said: Any, named: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        day_limits(keyring({"limits": said}))
    assert refused.value.setting == named


# what a new task uses


def test_a_vendor_is_cut_in_its_own_words() -> None:
    split = watch(plan=plan(target="room_split"))
    cuts = [cut_for(split, "shumei", number) for number in range(4)]
    assert [one.options["returnAllText"] for one in cuts] == [True, False, False, False]
    assert [one.options["audioDetectStep"] for one in cuts] == [None, None, 1, 1]
    assert [one.target for one in cuts] == ["room_split", "room_split", "room_split", "room_mixed"]
