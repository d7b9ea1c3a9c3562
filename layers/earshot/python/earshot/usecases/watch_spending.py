"""What a watch may still spend: its caps are looked at, its level is written, and a cap that is reached stops it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from earshot.domain import ids
from earshot.domain.books import Total, day_of
from earshot.domain.spending import DayLimits, Spending, is_capped, is_shared, spending
from earshot.domain.watch import Signal, SignalName, Task, Watch
from earshot.errors import EarshotError, Misconfigured
from earshot.log_codes import LogCode
from earshot.secrets import Keyring
from earshot.store.books import Books
from earshot.store.port import Lifecycle
from earshot.telemetry import note
from earshot.vendors import registry

OLD_MS = 60_000
"""Totals of a day are read so often at most, by each process."""
AGAIN_S = 300
"""After so long caps that could not be looked at are looked at again."""
HOURS = "hours_per_day"


class Store(Books, Lifecycle, Protocol):
    """What is read and written."""


@dataclass(frozen=True)
class WatchSpending:
    """See the module. ``limits`` reads the settings' caps; it raises Misconfigured, which names the field."""

    store: Store
    limits: Callable[[], DayLimits]
    now: Callable[[], int]
    _held: dict[str, tuple[int, list[Total]]] = field(default_factory=dict)

    def __call__(self, watch: Watch, tasks: Sequence[Task]) -> Spending:
        """Where the watch stands, written down: whoever called reads the watch anew if its level is another one, or
        if it is stopped, for then a last word pends. Caps that cannot be looked at leave everything as it is."""
        if watch.is_over or watch.last_word:
            return Spending(watch.level)
        now = self.now()
        try:
            limits = self.limits()
            if not watch.level and not is_capped(watch, limits):
                return Spending()
            totals = self._totals(day_of(now), now) if is_shared(watch, limits) else []
            found = spending(watch, tasks, totals, limits, now)
            self._write(watch, found, now)
        except EarshotError as error:
            named = error.setting if isinstance(error, Misconfigured) else None
            note(LogCode.ES806, watch_id=watch.watch_id, reason=error.reason, setting=named)
            return Spending(watch.level, look_s=AGAIN_S)
        return found

    def _totals(self, day: str, now: int) -> list[Total]:
        held = self._held.get(day)
        if held is None or now - held[0] >= OLD_MS:
            self._held.clear()
            held = self._held[day] = (now, self.store.totals(day))
        return held[1]

    def _write(self, watch: Watch, found: Spending, now: int) -> None:
        """The level first: that it is stopped is told after why."""
        if found.level != watch.level:
            if not self.store.set_level(watch, found.level, {**(found.why or {}), "at": now}):
                return
            code = LogCode.ES801 if found.level > watch.level else LogCode.ES807
            note(LogCode.ES802 if found.stops else code, watch_id=watch.watch_id, **(found.why or {}))
        if found.stops:
            signal_id = ids.digest(watch.watch_id, SignalName.STOP_REQUESTED, found.reason)
            signal = Signal(signal_id, SignalName.STOP_REQUESTED, now, str(found.reason))
            self.store.signal(watch.watch_id, signal)


def day_limits(keyring: Keyring) -> DayLimits:
    """``{"limits": {"<vendor>": {"hours_per_day": 500}, "apps": {"<app id>": {"hours_per_day": 40}}}}`` of the
    settings. Raises Misconfigured."""
    said = _object("limits", keyring.section().raw.get("limits", {}))
    apps = _object("limits.apps", said.get("apps", {}))
    return DayLimits(
        vendors=_hours("limits", {name: said[name] for name in registry.names() if name in said}),
        apps=_hours("limits.apps", apps),
    )


def _hours(place: str, said: Mapping[str, Any]) -> dict[str, float]:
    found = {name: _object(f"{place}.{name}", fields).get(HOURS) for name, fields in said.items()}
    for name, hours in found.items():
        if hours is not None and (
            isinstance(hours, bool) or not isinstance(hours, int | float) or hours <= 0
        ):
            raise Misconfigured(
                f"secret {place}.{name}.{HOURS}", "must be a number of hours above 0, or null"
            )
    return {name: float(hours) for name, hours in found.items() if hours is not None}


def _object(place: str, said: Any) -> Mapping[str, Any]:
    if not isinstance(said, Mapping):
        raise Misconfigured(f"secret {place}", "must be an object")
    return said
