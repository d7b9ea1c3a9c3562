"""The outbox: what changed on the table becomes events on the bus and signals to parked watches.

At least once, in the order of each key. A record that fails for a passing reason is repeated with all that came
after it; event ids are derived from the facts, so consumers can tell a repetition. One that can never be told is
dead-lettered at once: behind it wait the signals of other rooms.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from earshot.errors import RetryLater
from earshot.log_codes import LogCode
from earshot.store.port import Change, Segment, SegmentChange, WatchChange
from earshot.telemetry import note
from earshot.usecases.bus import Event
from earshot.usecases.outgoing import watch_events
from earshot.usecases.start_watch import Starter


@dataclass(frozen=True)
class RelayChanges:
    """See the module. ``parse`` makes a change of a stream record (None: nobody is told of it), ``publish``
    returns the positions of the events that the bus refused, ``wake`` hands a parked state's token back and does
    not mind if it was used or has timed out, ``start`` starts the execution that is to go on with a watch, ``bury``
    dead-letters a record."""

    parse: Callable[[Mapping[str, Any]], Change | None]
    read_segment: Callable[[Segment], list[Event]]
    publish: Callable[[Sequence[Event]], list[int]]
    wake: Callable[[str], None]
    start: Starter
    bury: Callable[[Mapping[str, Any], Exception], None]

    def __call__(self, stream_records: Sequence[Mapping[str, Any]]) -> str | None:
        """The sequence number to repeat from, None if all is told."""
        told: list[tuple[str, Event]] = []
        failed_at: str | None = None
        for record in stream_records:
            sequence = str(record["dynamodb"]["SequenceNumber"])
            try:
                told += [(sequence, event) for event in self._tell(record)]
            except RetryLater as error:
                note(LogCode.ES407, reason=error.reason)
                failed_at = sequence
                break
        refused = self.publish([event for _, event in told]) if told else []
        if refused:
            note(LogCode.ES407, refused=len(refused))
            return told[refused[0]][0]
        return failed_at

    def _tell(self, record: Mapping[str, Any]) -> list[Event]:
        try:
            change = self.parse(record)
            return self._events(change) if change else []
        except RetryLater:
            raise
        except Exception as error:
            note(LogCode.ES409, error=type(error).__name__)
            self.bury(record, error)
            return []

    def _events(self, change: Change) -> list[Event]:
        if isinstance(change, SegmentChange):
            return self.read_segment(change.load())
        before = change.was
        self._deliver(change)
        self._hand_over(change)
        return watch_events(before, change.now)

    def _hand_over(self, change: WatchChange) -> None:
        """The watch is to be driven by its next execution."""
        generation = change.now.generation
        if change.was is not None and generation > change.was.generation and not change.now.is_over:
            look_s = int(change.now.plan["look_s"])
            suffix = f"-g{generation}"
            self.start(change.now.watch_id, look_s=look_s, begin="look", suffix=suffix, generation=generation)

    def _deliver(self, change: WatchChange) -> None:
        """A parked watch with a signal: whichever of the two was written second shows both here."""
        signal_was = change.was.signal if change.was else None
        fresh = change.now.signal != signal_was or change.token != change.token_was
        if change.token and change.now.signal and fresh:
            self.wake(change.token)
            note(LogCode.ES406, watch_id=change.now.watch_id, signal=change.now.signal.name)
