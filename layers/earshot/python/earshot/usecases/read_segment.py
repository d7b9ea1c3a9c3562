"""What one stored callback changes: events to tell, and facts about its task."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from earshot.domain import ids
from earshot.domain.verdict import Description, Finding, Label, TaskEnd, VendorTrouble, Verdict
from earshot.domain.watch import SignalName, Watch
from earshot.log_codes import LogCode
from earshot.store.live import LiveWatches
from earshot.store.port import Inbox, Lifecycle, Missing, Segment, Segments
from earshot.telemetry import note
from earshot.usecases.bus import Event
from earshot.usecases.outgoing import description_event, segment_event, segment_event_id
from earshot.usecases.results import segment_of
from earshot.usecases.start_watch import Starter
from earshot.usecases.task_signs import TaskSigns, is_heard_by
from earshot.vendors.port import Door, Reader, Unreadable


class ReadStore(Lifecycle, LiveWatches, Segments, Inbox, Protocol):
    """What this use case needs of the store."""


@dataclass(frozen=True)
class ReadSegment:
    """See the module. ``door`` and ``reader`` give a vendor's by name; ``beat`` says, with the token of a parked
    watch, that its ear hears."""

    store: ReadStore
    door: Callable[[str], Door]
    reader: Callable[[str], Reader]
    start: Starter
    beat: Callable[[str], None]

    def __call__(self, segment: Segment) -> list[Event]:
        """The events of one callback; its facts are written on the way, each safe to repeat."""
        if segment.is_batch:
            return self._take_apart(segment)
        try:
            watch = self.store.watch(ids.watch_of(segment.task_ref))
        except Missing:
            note(LogCode.ES401, task_ref=segment.task_ref)
            return []
        try:
            findings = self.reader(segment.vendor).read(segment.body, watch.options(segment.vendor))
        except Unreadable as problem:
            note(LogCode.ES403, task_ref=segment.task_ref, key=segment.key, problem=str(problem))
            return []
        signs = TaskSigns(self.store, self.start, self.beat)
        ear = signs(watch, segment, findings) if findings else None
        events = []
        for part, finding in enumerate(findings):
            if ear is None or not is_heard_by(ear, segment, finding):
                events += self._take(watch, segment, finding, part)
            else:
                note(LogCode.ES411, task_ref=segment.task_ref, heard_by=ear.task_ref)
        return events

    def _take_apart(self, batch: Segment) -> list[Event]:
        """Each result becomes an item of its own, whose change is told in its turn; one that is not understood does
        not cost the others."""
        door, now = self.door(batch.vendor), batch.received_at
        results = door.split(batch.body)
        found = [segment_of(door, batch.vendor, batch.task_ref, result, now) for result in results]
        fresh = self.store.put_segments([segment for segment in found if segment])
        note(LogCode.ES410, task_ref=batch.task_ref, results=len(results), fresh=fresh)
        return []

    def _take(self, watch: Watch, segment: Segment, finding: Finding, part: int) -> list[Event]:
        if isinstance(finding, Description):
            return [description_event(watch, segment, finding, part)]
        if isinstance(finding, Verdict):
            for hit in finding.labels:
                if hit.code is Label.UNKNOWN:
                    note(LogCode.ES402, vendor=segment.vendor, vendor_code=hit.vendor_code)
            return [segment_event(watch, segment, finding, part, self._revised(segment, finding))]
        if isinstance(finding, VendorTrouble):
            note(LogCode.ES408, task_ref=segment.task_ref, vendor_code=finding.code)
            if not finding.ends_task:
                return []
            finding = TaskEnd(finding.vendor_task_id, finding.code, None)
        self._end(watch, segment, finding)
        return []

    def _revised(self, segment: Segment, verdict: Verdict) -> list[str]:
        """Ids of the events that a person's judgement overrides: those that are known by now."""
        about = verdict.review.about if verdict.review else ()
        keys = [key for prefix in about for key in self.store.segment_keys(segment.task_ref, prefix)]
        return [segment_event_id(segment.task_ref, key) for key in keys]

    def _end(self, watch: Watch, segment: Segment, end: TaskEnd) -> None:
        """The end of a vendor's task ends every ref that it stands under (a lost try and its adoption)."""
        same = [t for t in self.store.tasks(watch.watch_id) if t.vendor_task_id == end.vendor_task_id]
        for task in same:
            self.store.end_task(task.task_ref, segment.received_at, end.code, end.seconds)
        if all(task.finished_at for task in same):
            return  # we asked for it
        note(LogCode.ES405, task_ref=segment.task_ref, task_id=end.vendor_task_id, end_code=end.code)
        signs = TaskSigns(self.store, self.start, self.beat)
        signs.signal(watch, SignalName.TASK_ENDED, end.vendor_task_id, segment.received_at)
