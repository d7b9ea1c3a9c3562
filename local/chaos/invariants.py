"""What must hold of the books of any run, whatever was broken in it. Each violation names room, seconds and ids.

How well the ledger may know is said per cause in :func:`_blur_s`; nothing else is forgiven.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from local.chaos.books import Books, Push, VendorTask, Watch, uncovered

EXACT_S = 1.0
"""The ledger has tenths of a second, and calls take their time."""
GRACE_S = 60.0
"""A room that somebody was in for less may go unheard."""
KNOWN_S = 240.0
"""From the first word about a room to its watch: an event that fails is tried again after one minute and two more."""
CALL_S = 12.0
"""The longest that an answer to a call is waited for."""
SILENT_S = 60.0
"""An ear without a sign for so long may be taken for silent when its room closes."""
STILL_RUNNING = frozenset({"RUNNING"})


def violations(books: Books) -> list[str]:
    """Everything that does not hold."""
    rules: tuple[Callable[[Books], Iterator[str]], ...] = (
        rooms_are_watched,
        ledgers_tell_the_unheard,
        tasks_are_over,
        credentials_are_used_once,
        verdicts_are_told,
        limits_are_kept,
        ledgers_agree_with_vendors,
        nothing_is_left_open,
    )
    return [found for rule in rules for found in rule(books)]


def rooms_are_watched(books: Books) -> Iterator[str]:
    """Whoever was in a room for longer than the grace was in one that a watch knew of, once anybody had told us."""
    for room in books.rooms:
        windows = [(w.opened, _end(w, books)) for w in _watches_of(books, room.platform, room.room_id)]
        for start, end in room.spans:
            known = min((at for at in room.told if at >= start), default=end)
            blind = uncovered((min(known, end), end), windows)
            if end - start > GRACE_S and blind > KNOWN_S:
                yield (
                    f"room {room.platform}/{room.room_id}: nobody watched {blind:.1f} s of "
                    f"{start:.1f}..{end:.1f}, told at {known:.1f}, watches {_spans(windows)}"
                )


def ledgers_tell_the_unheard(books: Books) -> Iterator[str]:
    """``unmoderated_s`` is what the vendors' books say, as well as anybody could know it."""
    for watch in books.watches:
        if watch.ledger is None or watch.closed is None or watch.closed <= watch.opened:
            continue
        window = (watch.opened, watch.closed)
        named = {
            entry["task_id"] for entry in watch.ledger["tasks"]
        }  # one may be adopted from the session before
        tasks = [task for task in books.tasks if task.watch_id == watch.watch_id or task.id in named]
        heard = [(_since(task), _until(task, books)) for task in tasks if task.entered]
        truth, said = uncovered(window, heard), float(watch.ledger["unmoderated_s"])
        blur = EXACT_S + sum(_blur_s(task, watch, books) for task in tasks) + 2 * books.skew_ms / 1000
        if said > truth:
            blur += sum(_disbelief_s(task, watch, books) for task in tasks)
        if abs(truth - said) > blur:
            yield (
                f"room {watch.platform}/{watch.room_id} {window[0]:.1f}..{window[1]:.1f}: its ledger says {said} s "
                f"unmoderated, by the vendors' books {truth:.1f} s (forgiven: {blur:.1f} s), watch {watch.watch_id}"
            )


def _blur_s(task: VendorTask, watch: Watch, books: Books) -> float:
    """By how much a ledger may be wrong about one task.

    * Its beginning is known to the answer of its submission; to what came first, if the answer was lost.
    * An end by the vendor is known when its notice came through, one that is never told when three signs of life
      have not come; of a vendor that gives none, at our own finish.
    * A recorder that never got in is believed to listen until its end is told.
    * An end by us is known to the answer of the finish call, of which several may have been lost before.
    * Answers may be on their way for ``lag_s``.
    """
    blur = min(_answered(task) - task.started, CALL_S) + EXACT_S + books.lag_s
    ended = task.ended if task.ended is not None else books.until
    if not task.entered:
        return blur + (task.end_told or ended) - task.started
    over = _until(task, books)
    if task.how == "finished" and task.lost is None:
        return blur + (max(0.0, task.finished - over) if task.finished is not None else CALL_S) + books.lag_s
    return blur + max(0.0, _noticed(task, watch, books) - over) + books.lag_s


def _disbelief_s(task: VendorTask, watch: Watch, books: Books) -> float:
    """How much of what a task heard may count as unheard.

    * An ear that fell silent is not believed, what it heard may still be on its way, and not every sign is noted;
      nor is one that is silent when its room closes.
    * Of several tries that were not answered, or whose answer nobody lived to note, the last is believed to have
      opened the task. One of the session before is this watch's when the vendor says again that it runs.
    * Of some vendors a new one is not believed to hear for a while.
    """
    blur = max(0.0, _named(task) - task.started - CALL_S) + task.deaf_s
    late_s, closed = books.late_s + books.segment_s, books.until if watch.closed is None else watch.closed
    if task.ended is not None and task.ended < closed:
        return blur + task.silent_s + late_s
    quiet_s = closed - max((at for at in task.signs if at <= closed), default=task.started)
    return blur + (quiet_s + late_s if quiet_s + books.late_s >= SILENT_S else 0.0)


def _noticed(task: VendorTask, watch: Watch, books: Books) -> float:
    """When anybody could know that it heard nothing more. A vendor that tries to get back in says meanwhile that it
    runs."""
    ended = task.ended if task.ended is not None else books.until
    if task.tells_end:
        if task.lost is not None:
            return ended
        return ended + 2 * books.segment_s if task.end_told is None else task.end_told + books.late_s
    if task.vendor in watch.signs:
        return _until(task, books) + 3 * books.segment_s
    return max(ended, task.finished or books.until)


def _answered(task: VendorTask) -> float:
    """When we could know of it."""
    return task.answered if task.answered is not None else (task.known_at or task.started + CALL_S)


def _named(task: VendorTask) -> float:
    """When it was named for the last time: whoever had the first answer may have died of it."""
    return task.answered_last if task.answered_last is not None else _answered(task)


def tasks_are_over(books: Books) -> Iterator[str]:
    """Nothing bills at the end."""
    for task in books.tasks:
        if task.ended is None:
            yield f"room {task.room}: {task.vendor} task {task.id} still runs, since {task.started:.1f}"


def credentials_are_used_once(books: Books) -> Iterator[str]:
    """A credential is in one submission, whatever became of it."""
    seen: dict[tuple[str, str], list[str]] = defaultdict(list)
    for sent in books.submissions:
        if sent.credential:
            seen[sent.vendor, sent.credential].append(f"{sent.task_ref}@{sent.second:.1f}")
    for (vendor, _), uses in seen.items():
        if len(uses) > 1:
            yield f"{vendor}: one credential in several submissions: {', '.join(uses)}"


def verdicts_are_told(books: Books) -> Iterator[str]:
    """What was acknowledged is on the bus, under one id; what two ears heard at a time, from one of them."""
    ids: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for event in books.events:
        if event.kind == "SegmentJudged" and not event.detail.get("review"):
            name = (event.detail["vendor"], event.detail["task_id"], event.detail["segment_id"])
            ids[name].add(str(event.detail["event_id"]))
    watch_of = {task.id: task.watch_id for task in books.tasks}
    keeps_hits = {watch.watch_id for watch in books.watches if watch.keeps_hits}
    for push in books.pushes:
        told = (push.vendor, push.task_id, push.segment_id) in ids
        wanted = push.is_hit or watch_of.get(push.task_id) not in keeps_hits
        if wanted and not told and not _is_heard_twice(push, books):
            yield f"{push.vendor}: result {push.segment_id}, acknowledged at {push.second:.1f}, was never told"
    for (vendor, task_id, segment_id), several in ids.items():
        if len(several) > 1:
            yield f"{vendor}: result {segment_id} of {task_id} was told under {len(several)} event ids"


def _is_heard_twice(push: Push, books: Books) -> bool:
    """Whether another task of the watch listened when the result came."""
    watch_ids = {task.watch_id for task in books.tasks if task.id == push.task_id}
    others = [task for task in books.tasks if task.watch_id in watch_ids and task.id != push.task_id]
    return any(
        task.entered and task.started <= push.second <= _until(task, books) + 2 * books.segment_s
        for task in others
    )


def limits_are_kept(books: Books) -> Iterator[str]:
    """Nobody had to tell us to slow down."""
    for refused in books.refusals:
        yield f"{refused.where}: {refused.operation} at {refused.second:.3f} exceeded a limit ({refused.code})"


def ledgers_agree_with_vendors(books: Books) -> Iterator[str]:
    """The tasks of a ledger are the vendor's, with the seconds that the vendor told."""
    for watch in books.watches:
        if watch.ledger is None:
            continue
        theirs = {task.id: task for task in books.tasks if task.watch_id == watch.watch_id}
        entries = {entry["task_id"]: entry for entry in watch.ledger["tasks"] if entry["task_id"]}
        where = f"room {watch.platform}/{watch.room_id}, watch {watch.watch_id}"
        for task_id in sorted(set(theirs) - set(entries)):
            if len(watch.ledger["unresolved"]) == 0:
                yield f"{where}: task {task_id} ({theirs[task_id].how}) is not in its ledger"
        for task_id in sorted(set(entries) & set(theirs)):
            yield from _seconds_agree(where, entries[task_id]["vendor_s"], theirs[task_id])
        made = sum(sent.watch_id == watch.watch_id for sent in books.submissions)
        if made > watch.ledger["calls"]["submit"]:
            said = watch.ledger["calls"]["submit"]
            yield f"{where}: its ledger has {said} submissions, the vendor {made}"


def _seconds_agree(where: str, said: float | None, task: VendorTask) -> Iterator[str]:
    """A vendor's notice may count a room that it had lost, which it does not bill."""
    most_s = max(task.billed_s, (task.ended or task.started) - task.started)
    if said is not None and not task.billed_s - EXACT_S <= said <= most_s + EXACT_S:
        yield f"{where}: task {task.id} has {said} vendor seconds in the ledger, {task.billed_s} at the vendor"


def nothing_is_left_open(books: Books) -> Iterator[str]:
    """No execution, no watch; each end was told, and nothing was dead-lettered."""
    for execution in books.executions:
        if execution.status in STILL_RUNNING:
            yield f"execution {execution.name} still runs"
    ended = {event.detail["watch_id"] for event in books.events if event.kind == "ModerationEnded"}
    for watch in books.watches:
        where = f"room {watch.platform}/{watch.room_id}: watch {watch.watch_id}"
        if watch.status != "ended":
            yield f"{where} is {watch.status}"
        elif watch.watch_id not in ended:
            yield f"{where} ended and nobody was told"
        elif watch.ledger and watch.ledger["unfinished"]:
            yield f"{where} ended with unfinished tasks {watch.ledger['unfinished']}"
    if books.letters:
        yield f"{books.letters} dead letters"


def _since(task: VendorTask) -> float:
    return task.started if task.hears_from is None else task.hears_from


def _until(task: VendorTask, books: Books) -> float:
    return books.until if task.over is None else task.over


def _end(watch: Watch, books: Books) -> float:
    return books.until if watch.closed is None else watch.closed


def _watches_of(books: Books, platform: str, room_id: str) -> list[Watch]:
    return [one for one in books.watches if (one.platform, one.room_id) == (platform, room_id)]


def _spans(windows: list[tuple[float, float]]) -> str:
    return ", ".join(f"{start:.1f}..{end:.1f}" for start, end in sorted(windows)) or "none"
