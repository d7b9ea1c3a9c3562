"""Small parts: agenda, sliding window, journal."""

import pytest

from local.doubles.agenda import Agenda
from local.doubles.journal import Journal
from local.doubles.model import Now
from local.doubles.window import SlidingWindow


def test_agenda_runs_in_order_and_takes_new_entries() -> None:
    agenda, done = Agenda(), []
    agenda.at(2, lambda due, _: done.append(("b", due)))
    agenda.at(2, lambda due, _: done.append(("c", due)))

    def first(due: float, _: Now) -> None:
        done.append(("a", due))
        agenda.at(1.5, lambda at, _: done.append(("n", at)))

    agenda.at(1, first)
    agenda.at(9, lambda due, _: done.append(("z", due)))
    agenda.run(Now(0, 5))
    assert done == [("a", 1), ("n", 1.5), ("b", 2), ("c", 2)]
    assert agenda.next_due() == 9


@pytest.mark.parametrize(("events", "at", "count"), [([0, 0.5, 1], 1, 2), ([0, 0.5], 1.4, 1), ([5], 1, 0)])
def test_sliding_window(events: list[float], at: float, count: int) -> None:
    window = SlidingWindow(1.0)
    for event in events:
        window.add(event)
    assert window.count(at) == count


def test_journal_is_bounded_and_takes_copies() -> None:
    journal, body = Journal(limit=2), {"a": 1}
    for _ in range(3):
        journal.add("call", Now(0, 0), body=body)
    body["a"] = 2
    assert [(entry["seq"], entry["body"]["a"]) for entry in journal.since(0)] == [(2, 1), (3, 1)]


def test_journal_blots_out_secrets_everywhere() -> None:
    journal = Journal(lambda: ["s3cret"])
    journal.add("call", Now(0, 0), query={"a": "xs3cretx"}, deep=[{"b": ["s3cret"]}], s3cret=1)
    entry = journal.since(0)[0]
    assert (entry["query"], entry["deep"]) == ({"a": "x***x"}, [{"b": ["***"]}])
