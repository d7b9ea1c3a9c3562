"""What a slice or a frame of content security comes to (the SDKs' models of the two results)."""

from collections.abc import Mapping, Sequence
from typing import Any

from earshot.domain.verdict import LabelHit, Media, Verdict
from earshot.vendors.port import Unreadable
from earshot.vendors.volcengine.labels import distinct, hit, level_of, surprise
from earshot.vendors.volcengine.slices import PASSED, STREAM, Part, decision, only, short, text
from earshot.vendors.volcengine.times import moment


def read(message: Mapping[str, Any], options: Mapping[str, Any]) -> Sequence[Verdict]:
    """One verdict: of ``options`` it looks at ``labels`` and ``timeUnit``."""
    task_id, part = text(message.get("DataId")), only(message)
    judged = decision(part.fields)
    if task_id is None:
        raise Unreadable("DataId: is missing or no text")
    if judged is None:
        raise Unreadable("Decision: is missing or no text")
    fields, is_image = part.fields, part.kind == "image"
    unit = str(options.get("timeUnit", "auto"))
    verdict = Verdict(
        segment_id=text(fields.get("SliceId"))
        or (STREAM if part.kind == STREAM else f"{part.kind}-{_offset(fields)}"),
        vendor_task_id=task_id,
        risk_level=level_of(judged),
        labels=surprise(judged) + _labels(part, judged, options),
        started_at=moment(fields.get("StartTimeStamp"), unit),
        ended_at=moment(fields.get("EndTimeStamp"), unit),
        speaker_id=text(fields.get("UserId")),
        text=_said(fields.get("Text" if is_image else "AudioText")),
        audio_url=None if is_image else text(fields.get("FrameUrl")),
        media=Media.IMAGE if is_image else Media.AUDIO,
        image_url=text(fields.get("Url")) if is_image else None,
    )
    return (verdict,)


def _labels(part: Part, judged: str, options: Mapping[str, Any]) -> tuple[LabelHit, ...]:
    """Of every hit that is not to pass; else the decision's own, the vendor's main ones."""
    fields = part.fields
    hits = fields.get("Results" if part.kind == "image" else "FrameResults")
    told = [one for one in hits if isinstance(one, Mapping)] if isinstance(hits, list) else []
    found = distinct(
        hit(text(one.get("Label")), text(one.get("SubLabel")), options)
        for one in told
        if decision(one) != PASSED
    )
    if found or judged == PASSED:
        return found
    names = ("DecisionSubLabel", "FinalSubLabel", "DecisionLabel", "FinalLabel")
    main = next((name for name in (text(fields.get(name)) for name in names) if name), None)
    return distinct([hit(main, None, options)])


def _offset(fields: Mapping[str, Any]) -> str:
    at = fields.get("StartTimeStamp") or fields.get("StartTime") or fields.get("Offset")
    return short(str(at)) if isinstance(at, int | float) else "unnamed"


def _said(value: Any) -> str | None:
    return value if isinstance(value, str) else None
