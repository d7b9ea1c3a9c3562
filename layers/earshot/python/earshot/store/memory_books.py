"""The in-memory twin's books."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from earshot.domain.books import MEASURES, Page, Total
from earshot.domain.watch import Credential, Watch

Name = tuple[str, str, str, str]


class MemoryBooks:
    """See :class:`earshot.store.books.Books`."""

    _watches: dict[str, Watch]
    _credentials: dict[tuple[str, int], Credential]

    def __init__(self) -> None:
        super().__init__()
        self._totals: dict[Name, Total] = {}

    def book(self, watch: Watch, page: Page, now: int) -> bool:
        del now
        held = self._watches.get(watch.watch_id)
        if held is None or held.accrued_until != watch.accrued_until:
            return False
        self._watches[watch.watch_id] = replace(held, accrued_until=page.until, booked=dict(page.booked))
        for more in page.totals:
            name = (more.day, more.vendor, more.app_id, more.plan)
            before = self._totals.get(name, Total(*name))
            sums = {each: round(getattr(before, each) + getattr(more, each), 3) for each in MEASURES}
            self._totals[name] = replace(before, **sums)
        return True

    def totals(self, day: str) -> list[Total]:
        return [total for name, total in sorted(self._totals.items()) if name[0] == day]

    def set_level(self, watch: Watch, level: int, spend: Mapping[str, Any] | None) -> bool:
        held = self._watches.get(watch.watch_id)
        if held is None or held.is_over or held.level != watch.level:
            return False
        self._watches[watch.watch_id] = replace(held, level=level, spend=spend)
        return True

    def drop_credentials(self, watch_id: str) -> int:
        unused = [key for key in self._credentials if key[0] == watch_id]
        for key in unused:
            del self._credentials[key]
        return len(unused)
