"""What a stored result of a declared vendor comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any

from earshot.domain.verdict import (
    Finding,
    Heard,
    Label,
    LabelHit,
    Media,
    RiskLevel,
    TaskEnd,
    VendorTrouble,
    Verdict,
)
from earshot.vendors.declared.callback import ENDED, Event
from earshot.vendors.declared.description import Description, load
from earshot.vendors.declared.functions import as_text
from earshot.vendors.declared.schema import mended
from earshot.vendors.port import Unreadable

NO_REASON = 0
"""Our code of an end of the vendor's making that names none."""
LATEST_MS = 10**14
LONGEST_TEXT = 100_000
MAX_LABELS = 64


class DeclaredReader:
    """See :class:`earshot.vendors.port.Reader`."""

    def __init__(self, description: Description) -> None:
        self._description = description

    def read(self, body: bytes, options: Mapping[str, Any]) -> Sequence[Finding]:
        """The findings of every event that it holds; none for those that say nothing but that the vendor is there."""
        push = self._description.callback.kept(body)
        settings = mended(self._description.settings, options)
        if ENDED in push:
            return (_polled_end(push[ENDED]),)
        events = self._description.callback.listed(push)
        found = [
            self._finding(
                Event(self._description.callback, {"push": push, "event": one, "settings": settings})
            )
            for one in events
        ]
        return tuple(one for one in found if one is not None)

    def _finding(self, event: Event) -> Finding | None:
        kind, task_id = event.kind(), event.text("vendor_task_id")
        if kind == "status":
            return None
        if task_id is None:
            raise Unreadable("vendor_task_id: is missing or no text")
        if kind == "ended":
            return TaskEnd(task_id, _whole(event.value("code")), _seconds(event.value("seconds")))
        if kind == "trouble":
            code = _whole(event.value("code"))
            ends = event.value("ends_task") is True
            return VendorTrouble(task_id, NO_REASON if code is None else code, ends_task=ends)
        return self._verdict(event, task_id)

    def _verdict(self, event: Event, task_id: str) -> Verdict:
        segment = event.text("event_id")
        if segment is None:
            raise Unreadable("event_id: is missing or no text")
        media = Media.IMAGE if event.value("media") == "image" else Media.AUDIO
        started, ended = self._moment(event, "start"), self._moment(event, "end")
        text = as_text(event.value("text"))
        return Verdict(
            segment_id=segment,
            vendor_task_id=task_id,
            risk_level=RiskLevel(self._description.verdict(event.value("verdict"))),
            labels=self._labels(event.value("labels")),
            started_at=started,
            ended_at=started if ended is None and media is Media.IMAGE else ended,
            speaker_id=event.text("user"),
            speakers=_heard(event.value("speakers")),
            text=text[:LONGEST_TEXT] if text else None,
            audio_url=event.text("clip"),
            silent=event.value("silent") is True,
            media=media,
            image_url=event.text("image"),
        )

    def _labels(self, found: Any) -> tuple[LabelHit, ...]:
        """Codes, or objects with a ``code`` and perhaps a ``score``; what is neither is left out."""
        hits: dict[str, LabelHit] = {}
        for one in (found if isinstance(found, list) else [found])[:MAX_LABELS]:
            said = one.get("code") if isinstance(one, dict) else one
            code = None if isinstance(said, bool) else as_text(said)  # an expression's "no", not a code
            score = one.get("score") if isinstance(one, dict) else None
            if code and code not in hits:
                hits[code] = LabelHit(Label(self._description.label(code)), code, self._share(score))
        return tuple(hits.values())

    def _share(self, score: Any) -> float | None:
        if isinstance(score, bool) or not isinstance(score, int | float):
            return None
        return score / self._description.score_max if 0 <= score <= self._description.score_max else None

    def _moment(self, event: Event, field: str) -> int | None:
        times = self._description.times
        unit = times.unit
        if unit.startswith("settings."):
            unit = str(event.context["settings"].get(unit.partition(".")[2]))
        return _epoch_ms(event.value(field), unit, times.offset_hours)


def _epoch_ms(value: Any, unit: str, offset_hours: float) -> int | None:
    text = as_text(value)
    if text is None or unit == "none":
        return None
    try:
        if unit in {"epoch_ms", "epoch_s"}:
            moment = float(text) * (1000 if unit == "epoch_s" else 1)
            return round(moment) if 0 < moment < LATEST_MS else None
        wall_clock = "%Y-%m-%d %H:%M:%S"
        found = datetime.strptime(text, wall_clock) if unit == "wall_clock" else datetime.fromisoformat(text)  # noqa: DTZ007
        zone = timezone(timedelta(hours=offset_hours)) if offset_hours else UTC
        moment = (found if found.tzinfo else found.replace(tzinfo=zone)).timestamp() * 1000
        return int(moment) if 0 < moment < LATEST_MS else None
    except (ValueError, OverflowError):
        return None


def _heard(found: Any) -> tuple[Heard, ...]:
    heard = []
    for one in found if isinstance(found, list) else ():
        name = as_text(one.get("id") if isinstance(one, dict) else one)
        volume = _whole(one.get("volume")) if isinstance(one, dict) else None
        if name:
            heard.append(Heard(name, volume))
    return tuple(heard[:MAX_LABELS])


def _whole(value: Any) -> int | None:
    if isinstance(value, str) and len(value) <= 9 and value.isascii() and value.lstrip("-").isdigit():
        return int(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and abs(value) < 10**9 else None


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if 0 <= value < 10**9 else None


def _polled_end(said: Any) -> TaskEnd:
    task_id = said.get("task_id") if isinstance(said, Mapping) else None
    if not isinstance(task_id, str) or not task_id:
        raise Unreadable(f"{ENDED}: names no task")
    return TaskEnd(task_id, NO_REASON, None)


@cache
def of(vendor: str) -> DeclaredReader:
    """The reader of one vendor."""
    return DeclaredReader(load(vendor))
