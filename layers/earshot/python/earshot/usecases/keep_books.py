"""Add what was heard of a watch to the totals of its days, exactly once however often it is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from earshot.domain.books import Page, page
from earshot.domain.ledger import fold, settle
from earshot.domain.watch import Task, Watch
from earshot.errors import RetryLater
from earshot.log_codes import LogCode
from earshot.store.books import Books
from earshot.store.port import Lifecycle, Rooms
from earshot.telemetry import note

FRESH_MS = 900_000
"""What is newer waits for the next look."""
TRIES = 5
"""Rooms that close together meet at the same totals, for some milliseconds each."""


class Store(Books, Lifecycle, Protocol):
    """What is read again if somebody else was first, and what is written."""


@dataclass(frozen=True)
class KeepBooks:
    """See the module."""

    store: Store
    now: Callable[[], int]

    def __call__(self, watch: Watch, tasks: Sequence[Task]) -> bool:
        """At a look: whether anything was written. It never fails, for the next look makes up for it."""
        now = self.now()
        if now - (watch.accrued_until or watch.opened_at) < FRESH_MS:
            return False
        try:
            return self.store.book(watch, page(watch, tasks, now), now)
        except RetryLater as error:
            note(LogCode.ES804, watch_id=watch.watch_id, reason=error.reason)
            return False

    def settle(self, watch_id: str) -> None:
        """At the end: all that is missing. Raises RetryLater where the totals are too busy."""
        tries = 0
        while tries < TRIES:
            now, watch, tasks = self.now(), self.store.watch(watch_id), self.store.tasks(watch_id)
            rest = page(watch, tasks, now)
            if not rest.totals and rest.until >= now:
                return
            if not self._book(watch, rest, now, is_last=tries == TRIES - 1):
                tries += 1
            elif rest.until >= now:
                return
        raise RetryLater("books_contended", "somebody else kept them, again and again")

    def _book(self, watch: Watch, rest: Page, now: int, *, is_last: bool) -> bool:
        try:
            return self.store.book(watch, rest, now)
        except RetryLater:
            if is_last:
                raise
            return False


class Sessions(Rooms, Lifecycle, Protocol):
    """What a session's ledger is made of."""


def session_ledger(store: Sessions, session_id: str, now: int) -> dict[str, Any]:
    """All watches of a session together; of one that is not over, what is known by ``now``."""
    ledgers = (
        watch.ledger or settle(watch, store.tasks(watch.watch_id), now) for watch in store.watches(session_id)
    )
    return {"session_id": session_id, **fold(ledgers)}
