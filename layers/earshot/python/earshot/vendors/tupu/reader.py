"""What a stored callback comes to."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from earshot.domain.verdict import Description, Finding, LabelHit, RiskLevel, VendorTrouble, Verdict
from earshot.vendors.port import Unreadable
from earshot.vendors.tupu.elements import VIOLATIONS, Block, Element, elements, failure, parsed, text, word
from earshot.vendors.tupu.fields import SLICE_END, SLICE_START
from earshot.vendors.tupu.judging import NORMAL, is_judged, level
from earshot.vendors.tupu.labels import label_of
from earshot.vendors.tupu.naming import name
from earshot.vendors.tupu.tasks import DESCRIBING, TASKS

CHINA = 8
"""Hours before UTC: presumably the zone of the wall clock, which the page does not name."""


def read(body: bytes, options: Mapping[str, Any]) -> Sequence[Finding]:
    """The verdict or the description of each slice, or the vendor's own trouble; of ``options`` it looks at
    ``wallClockOffsetHours``. A slice that cannot be read does not cost the one beside it."""
    callback = parsed(body)
    found, problems = [], []
    for element in elements(callback):
        try:
            found.append(_finding(element, int(options.get("wallClockOffsetHours", CHINA))))
        except RecursionError:
            problems.append(Unreadable("body: nested too deeply"))
        except Unreadable as problem:
            problems.append(problem)
    if found:
        return found
    if problems:
        raise problems[0]
    return (_trouble(callback),)


def _trouble(callback: Block) -> VendorTrouble:
    """What a failing code of a callback means for the stream is not documented: silence tells whether it is over."""
    task_id, code = failure(callback)
    return VendorTrouble(task_id, code, ends_task=False)


def _finding(element: Element, offset_hours: int) -> Verdict | Description:
    if is_judged(element):
        return _verdict(element, offset_hours)
    if element.array == VIOLATIONS and element.task not in DESCRIBING:
        raise Unreadable("action, label, review: a violation has none of them")
    block = element.slice
    return Description(
        vendor_task_id=element.vendor_task_id,
        started_at=_epoch_ms(block.get(SLICE_START), offset_hours),
        ended_at=_epoch_ms(block.get(SLICE_END), offset_hours),
        speaker_id=word(block.get("userId")),
        text=text(block.get("content")),
        traits=_traits(element),
    )


def _verdict(element: Element, offset_hours: int) -> Verdict:
    block = element.slice
    deserved = level(block)
    if deserved is None:
        raise Unreadable("action, label, review: say too little to judge by")
    return Verdict(
        segment_id=name(element),
        vendor_task_id=element.vendor_task_id,
        risk_level=RiskLevel(deserved),
        labels=_labels(element),
        started_at=_epoch_ms(block.get(SLICE_START), offset_hours),
        ended_at=_epoch_ms(block.get(SLICE_END), offset_hours),
        speaker_id=word(block.get("userId")),
        text=text(block.get("content")),
        audio_url=text(block.get("speechUrl")) or None,
    )


def _labels(element: Element) -> tuple[LabelHit, ...]:
    """The slice's own, with its score, then those of its words that it has not."""
    details = element.slice.get("details")
    words = details if isinstance(details, list) else []
    worded = [_worded(one) for one in words if isinstance(one, Mapping)]
    main = word(element.slice.get("label"))
    codes = dict.fromkeys(filter(None, [main, *worded]))
    return tuple(
        LabelHit(
            label_of(element.task, code), code, _score(element.slice.get("rate")) if code == main else None
        )
        for code in codes
        if code.partition("/")[0].lower() not in NORMAL
    )


def _worded(detail: Block) -> str | None:
    """``mainLabel``, or with a sub-label both, the deepest last."""
    main, sub = word(detail.get("mainLabel")), word(detail.get("subLabel"))
    return f"{main}/{sub}" if main and sub else main


def _score(rate: Any) -> float | None:
    """0 to 1; a reseller's page calls it text, and says that it may be null."""
    try:
        score = float(word(rate) or "")
    except ValueError:
        return None
    return score if 0 <= score <= 1 else None


def _traits(element: Element) -> dict[str, str | bool] | None:
    """The gender as the vendor codes it: what its labels mean could not be read."""
    label = word(element.slice.get("label")) if element.task == TASKS["gender"] else None
    return {"gender": label} if label else None


def _epoch_ms(wall_clock: Any, offset_hours: int) -> int | None:
    """``YYYY-MM-DD HH:mm:ss`` without a zone."""
    try:
        moment = datetime.strptime(word(wall_clock) or "", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the next line
        return int(moment.replace(tzinfo=timezone(timedelta(hours=offset_hours))).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
