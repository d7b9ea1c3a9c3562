"""What the store adds up: the totals of days, and what a watch may still spend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from earshot.domain.books import Page, Total
    from earshot.domain.watch import Watch


class Books(Protocol):
    """Totals by day, vendor, app and plan; and what is to be thrown away unused."""

    def book(self, watch: Watch, page: Page, now: int) -> bool:
        """Add the page to its days and move the watch's mark, all or nothing; False if the mark is not where
        ``watch`` has it: somebody was first, and nothing is added."""

    def totals(self, day: str) -> list[Total]:
        """Everything of a day (``2026-11-21``, UTC), by vendor, app and plan; it may be a moment behind."""

    def set_level(self, watch: Watch, level: int, spend: Mapping[str, Any] | None) -> bool:
        """How far the watch's spending is cut from now on, and why; False if it is not where ``watch`` has it."""

    def drop_credentials(self, watch_id: str) -> int:
        """Forget every credential of the watch that was never used; how many."""
