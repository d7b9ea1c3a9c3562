"""The vendor's times as moments."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone

EARLIEST, LATEST = 1_000_000_000_000, 253_402_300_799_999
"""Epoch ms of 2001 and of the end of 9999: another number counts from somewhere else."""
FRACTION = re.compile(r"\.[0-9]{1,9}", re.ASCII)


def epoch_ms(wall_clock: str | None, offset_hours: int) -> int | None:
    """``YYYY-MM-DD HH:MM:SS`` without a zone; UTC+8 by the vendor's sample pairs (a plan setting)."""
    if not wall_clock:
        return None
    try:
        moment = datetime.strptime(wall_clock, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the zone is the next line
    except ValueError:
        return None
    return int(moment.replace(tzinfo=timezone(timedelta(hours=offset_hours))).timestamp() * 1000)


def _exact(value: str, offset_hours: int) -> int | None:
    """A wall clock that may tell parts of a second."""
    second, dot, fraction = value.partition(".")
    moment = epoch_ms(second, offset_hours)
    if moment is None or not dot:
        return moment
    return moment + int(float(f"0.{fraction}") * 1000) if FRACTION.fullmatch(dot + fraction) else None


def _counted(value: str, to_ms: int) -> int | None:
    if not (value.isascii() and value.isdecimal() and len(value) <= 13):
        return None
    moment = int(value) * to_ms
    return moment if EARLIEST <= moment <= LATEST else None


FORMATS: Mapping[str, Callable[[str, int], int | None]] = {
    "wall_clock": _exact,
    "epoch_ms": lambda value, _: _counted(value, 1),
    "epoch_s": lambda value, _: _counted(value, 1_000),
}


def frame_time(value: str | None, form: str, offset_hours: int) -> int | None:
    """``imgTime``, whose form no page tells: ``auto`` takes the first of the three that fits, which at most one does.

    Ten digits are seconds and thirteen are ms; fewer count from the start of the stream, and are no moment.
    """
    if not value:
        return None
    tried = FORMATS.values() if form == "auto" else [FORMATS[form]]
    return next((moment for read in tried if (moment := read(value, offset_hours)) is not None), None)
