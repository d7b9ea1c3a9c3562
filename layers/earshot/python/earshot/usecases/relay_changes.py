"""The outbox: what changed on the table becomes events on the bus and signals to parked watches.

At least once, in the order of each key. A record that fails is repeated with all that came after it; event ids
are derived from the facts, so consumers can tell a repetition.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from earshot.domain.watch import Status
from earshot.errors import RetryLater
from earshot.log_codes import LogCode
from earshot.store.port import Change, Segment, SegmentChange, WatchChange
from earshot.telemetry import note
from earshot.usecases.outgoing import Event, watch_event


@dataclass(frozen=True)
class RelayChanges:
    """See the module. ``publish`` returns the positions of the events that the bus refused; ``wake`` hands a
    parked state's token back and does not mind if it was used or has timed out."""

    read_segment: Callable[[Segment], list[Event]]
    publish: Callable[[Sequence[Event]], list[int]]
    wake: Callable[[str], None]

    def __call__(self, changes: Sequence[Change]) -> str | None:
        """The sequence number to repeat from, None if all is told."""
        told: list[tuple[str, Event]] = []
        failed_at: str | None = None
        for change in changes:
            try:
                told += [(change.sequence, event) for event in self._events(change)]
            except RetryLater as error:
                note(LogCode.ES407, reason=error.reason)
                failed_at = change.sequence
                break
        refused = self.publish([event for _, event in told]) if told else []
        if refused:
            note(LogCode.ES407, refused=len(refused))
            return told[refused[0]][0]
        return failed_at

    def _events(self, change: Change) -> list[Event]:
        if isinstance(change, SegmentChange):
            return self.read_segment(change.load())
        before = change.was
        self._deliver(change)
        moved = before is None or before.status_seq != change.now.status_seq
        was: Status | None = before.status if before else None
        event = watch_event(was, change.now) if moved else None
        return [event] if event else []

    def _deliver(self, change: WatchChange) -> None:
        """A parked watch with a signal: whichever of the two was written second shows both here."""
        signal_was = change.was.signal if change.was else None
        fresh = change.now.signal != signal_was or change.token != change.token_was
        if change.token and change.now.signal and fresh:
            self.wake(change.token)
            note(LogCode.ES406, watch_id=change.now.watch_id, signal=change.now.signal.name)
