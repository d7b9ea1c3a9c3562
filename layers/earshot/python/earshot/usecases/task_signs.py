"""What a callback tells of its task besides its verdicts: that it lives, that nobody knew of it, that it listens on
after its end, and whether the watch has another ear by now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from earshot.domain import ids
from earshot.domain.ears import refs_of
from earshot.domain.verdict import Description, Finding, RiskLevel, Verdict
from earshot.domain.watch import Signal, SignalName, Task, TaskState, Watch
from earshot.log_codes import LogCode
from earshot.store.live import LiveWatches
from earshot.store.port import Lifecycle, Segment
from earshot.telemetry import note
from earshot.usecases.start_watch import Starter

CLOSING_MS = 600_000
"""So long after its last word a watch's own execution is trusted to get to a stray; then, or if the watch is over,
another one that only finishes is started. It is harmless beside the first, and its name lets it start once."""


BEATS = 3
"""Signs of life noted in the time in which their absence becomes suspicious."""
LISTENS_ON_MS = 30_000
"""So long after an acknowledged end a segment that begins is no accident of two clocks."""


class SignsStore(Lifecycle, LiveWatches, Protocol):
    """What this use case needs of the store."""


@dataclass(frozen=True)
class TaskSigns:
    """See the module. ``beat`` says, with the token of a parked watch, that its ear hears."""

    store: SignsStore
    start: Starter
    beat: Callable[[str], None]

    def __call__(self, watch: Watch, segment: Segment, findings: Sequence[Finding]) -> Task | None:
        """A callback tells the id of a task whose answer we never saw: now it can be finished, and must be.

        The watch's ear, if that is another than the one that the callback is of.
        """
        vendor_task_id = findings[0].vendor_task_id
        task = self.store.task(segment.task_ref)
        if task is None:
            note(LogCode.ES401, task_ref=segment.task_ref)
            return None
        if task.vendor_task_id is None:
            self.store.learn_task(task.task_ref, vendor_task_id)
        if self._listens_on(task, segment, findings):
            self._report_stray(watch, task, segment.received_at)
            return None
        if watch.current_task in {None, task.task_ref}:
            current = task if watch.current_task else None
        else:
            current = self.store.task(str(watch.current_task))
        if current is not None and current.vendor_task_id == vendor_task_id:
            self._hear(watch, current, segment.received_at)
            return None
        if task.state is TaskState.RUNNING:
            self._hear(watch, task, segment.received_at)
        elif task.finished_at is None:
            self._report_stray(watch, task, segment.received_at)
        return current

    def _listens_on(self, task: Task, segment: Segment, findings: Sequence[Finding]) -> bool:
        """Whether the vendor judges what was said long after it had acknowledged the end: then it bills on, and is to
        be told again. What it had on its way may come late, but does not begin late."""
        if task.finished_at is None:
            return False
        since = segment.received_at - LISTENS_ON_MS
        began = [one.started_at for one in findings if isinstance(one, Verdict | Description)]
        earliest, latest = task.finished_at + LISTENS_ON_MS, segment.received_at
        if not any(at is not None and earliest <= at <= latest for at in began):
            return False
        # Under each of its refs, or one of them would say that its end was acknowledged; its own last, for if this
        # is cut off it is repeated.
        refs = refs_of(self.store.tasks(task.watch_id), task)
        reopened = [
            self.store.reopen_task(ref, segment.received_at, since)
            for ref in sorted(refs, key=lambda ref: ref == task.task_ref)
        ]
        if not reopened[-1]:
            return False
        note(LogCode.ES217, task_ref=task.task_ref, task_id=task.vendor_task_id)
        return True

    def _hear(self, watch: Watch, task: Task, at: int) -> None:
        """A sign of life, as often as silence must be noticed; of a task that gives none regularly, the first."""
        is_known = task.heard_at is not None
        if not task.is_live or (is_known and task.silent_s is None):
            return
        every_ms = (task.silent_s or 0) * 1000 // BEATS
        if is_known and at - int(task.heard_at or 0) < every_ms:
            return
        if self.store.hear_task(task.task_ref, at, every_ms) and (token := self.store.token(watch.watch_id)):
            self.beat(token)

    def _report_stray(self, watch: Watch, task: Task, at: int) -> None:
        """Signalled at each of its callbacks until it is finished: one lost signal must not cost a night."""
        told = self.signal(watch, SignalName.STRAY_TASK, task.task_ref, at)
        is_closing = watch.last_word is not None and at - watch.last_word.at <= CLOSING_MS
        if not told and (watch.is_over or not is_closing):
            # First: the execution may die, and its name lets it start once.
            self.store.look_after(watch.watch_id)
            look_s = watch.plan["look_s"]
            self.start(watch.watch_id, look_s=look_s, begin="finish", suffix=f"-late-{task.number}")
        note(LogCode.ES404, task_ref=task.task_ref)

    def signal(self, watch: Watch, name: SignalName, about: str, at: int) -> bool:
        return self.store.signal(
            watch.watch_id, Signal(ids.digest(watch.watch_id, name, about, at), name, at, name.value)
        )


def is_heard_by(ear: Task, segment: Segment, finding: Finding) -> bool:
    """Whether the watch's ear judges that time too: it was open when the segment of the one before it began, by the
    vendor's clock and by ours, and has given a sign of life since. A person's judgement is nobody else's."""
    if not isinstance(finding, Verdict | Description) or (isinstance(finding, Verdict) and finding.review):
        return False
    if (
        ear.vendor != segment.vendor
        and isinstance(finding, Verdict)
        and finding.risk_level is not RiskLevel.PASS
    ):
        return False  # another vendor may hear what this one does not
    accepted_at, started_at, ended_at = ear.accepted_at, finding.started_at, finding.ended_at
    if not ear.is_live or None in {ear.heard_at, accepted_at, started_at, ended_at}:
        return False
    lasted = int(ended_at or 0) - int(started_at or 0)
    began = min(int(started_at or 0), segment.received_at - lasted)
    return segment.task_ref != ear.task_ref and began >= ear.listens_from
