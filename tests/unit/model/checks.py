"""What must be so at every moment, and what once everything has settled."""

from itertools import pairwise

from earshot.domain.ears import is_proven
from earshot.domain.spans import Span, clip, length, rest_of, union
from earshot.domain.watch import NOTHING_OPENED, Status, Task, Watch

from tests.unit.model.deployment import Deployment
from tests.unit.model.recorders import Recorders, Recording

ALLOWED_MS = 1_000
"""A second is as exact as two clocks are."""
OVERLAP_MS = 120_000
"""So long two may listen while one takes over from the other."""
SILENT_MS = 60_000
"""So long an ear that has died may be taken for one that nobody speaks before."""


def nothing_without_an_owner(bundle: Deployment) -> None:
    """The table knows every task that runs, or the try whose answer would have named it."""
    tasks = bundle.table._tasks
    known = {(task.vendor, task.vendor_task_id) for task in tasks.values()}
    for vendor in bundle.vendors.values():
        for one in vendor.running():
            tried = tasks.get(one.ref)
            is_owned = tried is not None and tried.state not in NOTHING_OPENED
            assert (vendor.name, one.task_id) in known or is_owned, f"{one} has no owner"


def credentials_are_used_once(bundle: Deployment) -> None:
    for vendor in bundle.vendors.values():
        assert all(times == 1 for times in vendor.tokens.values()), vendor.tokens


def status_is_told_without_gaps(bundle: Deployment) -> None:
    """Every step of a watch's status has the next number, and its end is the last."""
    for watch_id in bundle.table._watches:
        mine = [change.now for change in bundle.history if change.now.watch_id == watch_id]
        for was, now in pairwise(mine):
            steps = now.status_seq - was.status_seq
            assert steps in {0, 1}, f"{was} {now}"
            assert (steps == 1) == (was.status is not now.status), f"{was} {now}"
            assert not was.is_over or now.is_over, f"{now} has risen"


def only_one_drives(bundle: Deployment) -> None:
    """Whoever is of an older generation opens nothing; once all have settled, it is gone."""
    for watch in bundle.table._watches.values():
        drivers = [
            one
            for one in bundle.executions.values()
            if one.at is not None and one.watch_id == watch.watch_id and one.at not in {"Finish", "Close"}
        ]
        assert len(drivers) <= 1, [(one.name, one.at) for one in drivers]


def may_be_stopped(bundle: Deployment, vendor: Recorders, one: Recording) -> None:
    """An ear that listens is finished when another has proved itself, or its room is closed."""
    watch = bundle.table.watch(one.watch_id)
    tasks = bundle.table.tasks(one.watch_id)
    mine = [task for task in tasks if (task.vendor, task.vendor_task_id) == (vendor.name, one.task_id)]
    if watch.last_word or watch.is_over or watch.status is Status.FAILED:
        return
    if not any(task.is_live for task in mine):
        return  # never its ear, or believed to be none any more
    others = [task for task in tasks if task.is_live and task not in mine]
    assert any(is_proven(task, bundle.clock()) for task in others), (
        f"{one} is finished, and nobody else listens"
    )


def closed_rooms_cost_nothing(bundle: Deployment) -> None:
    """Once all have settled: nothing runs for a watch that has ended and knows of nothing unfinished."""
    for vendor in bundle.vendors.values():
        for one in vendor.running():
            watch = bundle.table.watch(one.watch_id)
            assert not watch.is_over, f"{one} runs on for {watch}"
    for watch in bundle.table._watches.values():
        assert not watch.is_over or not (watch.ledger or {})["unfinished"], watch.ledger


def open_rooms_are_heard(bundle: Deployment) -> None:
    """By one ear, if the vendors have room and have not refused it for good."""
    refused = any(vendor.refused_for_good for vendor in bundle.vendors.values())
    full = any(vendor.most is not None for vendor in bundle.vendors.values())
    for watch in bundle.table._watches.values():
        if watch.last_word or watch.is_over:
            continue
        if watch.status is Status.FAILED:
            assert refused, f"{watch} has failed"
            continue
        running = [o for v in bundle.vendors.values() for o in v.running() if o.watch_id == watch.watch_id]
        long_since = bundle.clock() - OVERLAP_MS
        assert len([one for one in running if one.began < long_since]) <= 1, running
        assert running or full, f"{watch} is not heard: {bundle.table.tasks(watch.watch_id)}"
        assert watch.status is Status.MODERATING or full, watch


def everything_is_over(bundle: Deployment) -> None:
    """All rooms are closed: every watch has ended, nobody drives one, no stream is held and nobody waits for one."""
    for watch in bundle.table._watches.values():
        assert watch.is_over, watch
    assert not [one.name for one in bundle.executions.values() if one.at is not None]
    for vendor in bundle.vendors.values():
        assert not vendor.running()
        assert not bundle.table._holders.get(vendor.name), bundle.table._holders
        assert not bundle.table._waiting.get(vendor.name), bundle.table._waiting
    assert not bundle.table._credentials


def ledgers_add_up(bundle: Deployment) -> None:
    for watch in bundle.table._watches.values():
        if (ledger := watch.ledger) is None:
            continue
        assert round(ledger["audited_s"] + ledger["unmoderated_s"], 1) == ledger["open_s"], ledger
        tells = all(vendor.talks for vendor in bundle.vendors.values())
        if tells:
            _says_no_more_than_the_vendors(bundle, watch)


def _says_no_more_than_the_vendors(bundle: Deployment, watch: Watch) -> None:
    window = (watch.opened_at, max(watch.opened_at, watch.closed_at or 0))
    told = (watch.ledger or {})["audited_s"] * 1000
    heard: list[Span] = []
    allowed = ALLOWED_MS
    for vendor in bundle.vendors.values():
        tasks = [task for task in bundle.table.tasks(watch.watch_id) if task.vendor == vendor.name]
        ids = {task.vendor_task_id for task in tasks}
        mine = [one for one in vendor.books.values() if one.task_id in ids]
        heard += [(one.began, one.stopped or window[1]) for one in mine]
        for one in mine:
            refs = [task for task in tasks if task.vendor_task_id == one.task_id]
            allowed += _unknown_ms(one, refs)
    really = length(union(clip(heard, window)))
    assert told <= really + allowed, f"{told - really} ms too much: {rest_of(window, heard)} {watch}"


def _unknown_ms(one: Recording, refs: list[Task]) -> int:
    """For so long nobody could know that it had stopped: until its finish was acknowledged; and if it died without a
    word, until it was suspected. A try whose answer was lost is never suspected."""
    if one.stopped is None or any(task.ended_at is not None for task in refs):
        return 0
    is_tried = all(task.accepted_at is None for task in refs)
    if one.died and not is_tried:
        return SILENT_MS + one.late_ms
    return max(0, *((task.finished_at or 0) - one.stopped for task in refs))
