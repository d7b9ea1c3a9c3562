"""Results that wait at a vendor: each is kept once, whatever breaks between fetching and keeping."""

from collections import Counter
from contextlib import suppress
from itertools import pairwise

import pytest
from earshot.domain import ids
from earshot.errors import EarshotError, GiveUp, Misconfigured, OutcomeUnknown, RetryLater
from earshot.store.memory import MemoryStore
from earshot.store.port import Segment
from earshot.usecases.poll_results import IDLE_MS, LEASE_MS
from earshot.usecases.reconcile_tasks import first_check
from earshot.usecases.stop_queue import StopQueue
from earshot.vendors.port import Ending

from tests.unit.support.fakes import Shelf, Vendor, slip
from tests.unit.support.makers import START, WATCH_ID
from tests.unit.support.meddling import dies_at, meanwhile
from tests.unit.support.notes import Notes
from tests.unit.support.world import Polling

REF = ids.task_ref(WATCH_ID, 1, hits_only=False)
OTHER_REF = ids.task_ref(WATCH_ID, 2, hits_only=False)
HITS_REF = ids.task_ref(WATCH_ID, 3, hits_only=True)
KEY = "fake:shelf"


def slips(number: int, ref: str = REF) -> list[bytes]:
    return [slip(ref, f"k{n}") for n in range(number)]


@pytest.fixture
def here() -> Polling:
    return Polling()


# each result once, under its own task


def test_results_are_kept_byte_for_byte_under_the_tasks_that_they_name(here: Polling) -> None:
    odd = b' { "ref": "%s", "key": "k", "hit": true}\n' % OTHER_REF.encode()
    here.put(slip(REF, "k"), odd)
    assert here.run(1) == 2
    assert here.kept == [
        Segment(REF, "k", "fake", slip(REF, "k"), START),
        Segment(OTHER_REF, "k", "fake", odd, START),
    ]


def test_a_result_that_was_pushed_as_well_is_kept_once_and_is_not_new(here: Polling) -> None:
    here.store.put_segment(Segment(REF, "k1", "fake", b"as it was pushed", START))
    here.put(*slips(3))
    assert here.run(1) == 2
    assert Counter(segment.key for segment in here.kept) == {"k0": 1, "k1": 1, "k2": 1}


def test_a_hits_only_task_keeps_hits(here: Polling) -> None:
    here.put(slip(HITS_REF, "pass", hit=False), slip(HITS_REF, "hit"), slip(REF, "pass", hit=False))
    assert here.run(1) == 2
    assert {(one.task_ref, one.key) for one in here.kept} == {(HITS_REF, "hit"), (REF, "pass")}


def test_a_backlog_of_ten_thousand_is_drained_in_one_run(here: Polling) -> None:
    here.shelf.max_batch = 100
    here.put(*slips(10_000))
    assert here.run() == 10_000
    assert len(here.kept) == 10_000
    assert [len(batch) for batch in here.shelf.handed.values()][:101] == [100] * 100 + [0]


def test_a_new_batch_has_a_new_id_and_so_has_what_follows_an_empty_one(here: Polling) -> None:
    here.put(*slips(25))
    here.run(6)
    assert len(here.shelf.ids) > 4
    assert len(set(here.shelf.ids)) == len(here.shelf.ids)


# what breaks on the way


def test_what_was_fetched_and_not_kept_is_fetched_again_under_its_id(here: Polling) -> None:
    here.put(*slips(5))
    dies_at(here.store, "put_segments")
    with pytest.raises(ConnectionError):
        here.run()
    assert here.kept == []
    assert here.run(1) == 5
    assert here.shelf.ids[0] == here.shelf.ids[1]
    assert sorted(here.bodies) == slips(5)


def test_what_was_kept_before_the_run_died_is_not_new_when_it_comes_again(here: Polling) -> None:
    here.put(*slips(5))
    dies_at(here.store, "turn_page")
    with pytest.raises(ConnectionError):
        here.run()
    assert len(here.kept) == 5
    assert here.run(1) == 0
    assert here.shelf.ids[0] == here.shelf.ids[1]
    assert len(here.kept) == 5


def test_a_table_that_fails_half_way_keeps_the_rest_at_the_next_run(here: Polling) -> None:
    class Tiring(MemoryStore):
        left = 3

        def put_segment(self, segment: Segment) -> bool:
            self.left -= 1
            if self.left == -1:
                raise RetryLater("table_busy")
            return super().put_segment(segment)

    here.store = Tiring()
    here.put(*slips(5))
    with pytest.raises(RetryLater):
        here.run()
    assert here.run(1) == 2
    assert sorted(here.bodies) == slips(5)


def test_a_run_that_was_taken_away_is_followed_by_one_with_its_id(here: Polling) -> None:
    """Killed without a word, it still has the lease: for so long nobody fetches, and then the same batch."""
    here.store.lease_poll(KEY, "killed", START, START + LEASE_MS, "id-of-the-killed")
    here.put(*slips(2))
    assert here.run() == 0
    assert here.shelf.asked == []
    here.clock.now = START + LEASE_MS
    assert here.run(1) == 2
    assert here.shelf.ids == ["id-of-the-killed"]


def test_a_batch_whose_answer_was_lost_is_asked_for_again_by_its_id(here: Polling) -> None:
    here.put(*slips(3))
    here.shelf.failures = [OutcomeUnknown("no_answer")]
    assert here.run(5) == 3
    assert here.shelf.ids[0] == here.shelf.ids[1] != here.shelf.ids[2]


def test_a_vendor_that_is_busy_is_asked_again_after_a_rest_with_the_same_id(
    here: Polling, notes: Notes
) -> None:
    here.put(*slips(3))
    here.shelf.failures = [RetryLater("fake_411"), RetryLater("fake_411")]
    assert here.run(10) == 3
    assert len(set(here.shelf.ids[:3])) == 1
    assert [at - START for at, _, _ in here.shelf.asked[:3]] == [0, IDLE_MS, 2 * IDLE_MS]
    assert notes.codes.count("ES308") == 2


@pytest.mark.parametrize("error", [Misconfigured("fake.secret", "is wrong"), GiveUp("fake_401")])
def test_a_source_that_refuses_is_left_alone_and_the_others_go_on(
    here: Polling, error: EarshotError, notes: Notes
) -> None:
    here.shelf.waiting = {"refuses": slips(3, OTHER_REF), "shelf": slips(3)}
    here.shelf.failures = [error]
    assert here.run(10) == 3
    assert Counter(source for _, source, _ in here.shelf.asked)["refuses"] == 1
    assert notes.of("ES308")["source"] == "fake:refuses"
    assert here.run(10) == 3, "the next run tries again"


# one at a time


def free(here: Polling, key: str = KEY) -> bool:
    return here.store.lease_poll(key, "somebody else", here.clock(), here.clock() + 1, "x") is not None


def test_of_two_runs_one_fetches(here: Polling, notes: Notes) -> None:
    here.put(*slips(3))
    second: list[int] = []
    meanwhile(here.shelf, "fetch", lambda: second.append(here.run()))
    assert here.run(1) == 3
    assert second == [0]
    assert len(here.shelf.asked) == 1
    assert notes.codes.count("ES309") == 1


def test_a_source_that_another_run_has_does_not_keep_the_others_waiting(here: Polling) -> None:
    here.shelf.waiting = {"taken": slips(2, OTHER_REF), "shelf": slips(3)}
    here.store.lease_poll("fake:taken", "another", START, START + 600_000, "x")
    assert here.run(5) == 3
    assert {source for _, source, _ in here.shelf.asked} == {"shelf"}
    assert not free(here, "fake:taken"), "nor does anybody else lose it"


@pytest.mark.parametrize("failure", [None, Misconfigured("fake.secret", "is wrong"), ConnectionError("died")])
def test_however_a_run_ends_the_next_need_not_wait(here: Polling, failure: BaseException | None) -> None:
    here.shelf.failures = [failure]
    with suppress(ConnectionError):
        here.run(1)
    assert free(here)


def test_who_was_slow_and_lost_its_lease_turns_no_page_and_stops(here: Polling) -> None:
    here.put(*slips(3))
    taken: list[str | None] = []

    def slow() -> None:
        here.clock.forward(LEASE_MS / 1000)
        until = here.clock() + LEASE_MS
        taken.append(here.store.lease_poll(KEY, "another", here.clock(), until, "x"))

    meanwhile(here.store, "put_segments", slow)
    assert here.run() == 3
    assert len(here.shelf.asked) == 1
    until = here.clock() + LEASE_MS
    assert taken == here.shelf.ids == [here.store.lease_poll(KEY, "another", here.clock(), until, "y")]


# no more calls than are allowed


def test_calls_keep_their_distance_while_there_is_a_backlog(here: Polling) -> None:
    here.put(*slips(1_000))
    here.run()
    times = [at for at, _, _ in here.shelf.asked]
    most = max(sum(start <= at < start + 10_000 for at in times) for start in times)
    assert most == 20, "and no time is wasted"


def test_calls_of_runs_that_follow_each_other_keep_it_too(here: Polling) -> None:
    here.put(*slips(1_000))
    for _ in range(20):
        here.run(0.3)
    times = [at for at, _, _ in here.shelf.asked]
    assert len(times) >= 20
    assert min(later - sooner for sooner, later in pairwise(times)) == 500


def test_where_nothing_waits_calls_are_few(here: Polling) -> None:
    here.run()
    assert 25 <= len(here.shelf.asked) <= 30
    assert set(here.rests) == {IDLE_MS / 1000}


def test_a_full_batch_is_followed_at_once_and_one_that_is_not_full_by_a_rest(here: Polling) -> None:
    here.put(*slips(20 + 9))
    here.run(4)
    assert [at - START for at, _, _ in here.shelf.asked] == [0, 500, 1_000, 1_000 + IDLE_MS]


def test_sources_have_turns_of_their_own_and_a_run_ends_in_time_with_a_backlog(here: Polling) -> None:
    here.shelf.waiting = {"a": slips(500), "b": slips(500, OTHER_REF)}
    assert here.run(5) >= 200
    assert here.clock() - START <= 5_000 + here.shelf.every_ms


def test_fetching_does_not_hold_up_finishing_where_both_are_of_one_name(here: Polling) -> None:
    errors: list[EarshotError | None] = []
    vendor = Vendor(finish_batch=10, finish_every_ms=1_000)
    stop = StopQueue(here.store, first_check, here.rest, here.clock)
    here.put(*slips(3))
    ending = Ending("task-1", "shelf")
    meanwhile(here.shelf, "fetch", lambda: errors.append(stop("fake", vendor, ending, ["ref"], 0)))
    here.run(1)
    assert (errors, vendor.calls) == ([None], [["task-1"]])
    assert here.shelf.asked[0][0] == START


# what belongs to nobody

NAMED = (None, "", "somebody's room", WATCH_ID, f"{REF}\n")
STRANGE: list[bytes] = [b"not a slip", b"\xff\xfe", b"{}", *(slip(ref, "k") for ref in NAMED)]


@pytest.mark.parametrize("result", STRANGE)
def test_a_stranger_is_kept_where_nobody_takes_it_for_ours_and_costs_the_others_nothing(
    here: Polling, result: bytes, notes: Notes
) -> None:
    here.put(slip(REF, "before"), result, slip(REF, "after"))
    assert here.run(1) == 3
    (stranger,) = [segment for segment in here.kept if segment.problem]
    assert (stranger.body, stranger.vendor) == (result, "fake")
    assert not ids.is_task_ref(stranger.task_ref)
    assert stranger.key.startswith("quarantine-")
    assert len({"ES302", "ES305"} & set(notes.codes)) == 1, (
        "malformed, or another's: which is no trouble of ours"
    )
    assert len(here.kept) == 3


def test_strangers_are_apart_and_each_is_kept_once(here: Polling, notes: Notes) -> None:
    here.put(*STRANGE, *STRANGE[:3])
    here.run(5)
    assert sorted(here.bodies) == sorted(STRANGE)
    assert len({segment.task_ref for segment in here.kept}) == len(STRANGE)
    assert notes.codes.count("ES305") == len(NAMED)
    assert "somebody's room" not in notes.text


# nothing to fetch


def test_without_sources_a_run_is_over_at_once(here: Polling) -> None:
    assert here.run(pollers={}) == 0
    assert here.run(pollers={"fake": Shelf(here.clock, waiting={})}) == 0
    assert here.clock() == START
