"""What a ``DetectionResult`` of the RTC audit comes to (volcengine.com/docs/6348/104534)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from earshot.domain.verdict import LabelHit, Media, RiskLevel, Verdict
from earshot.vendors.port import Unreadable
from earshot.vendors.volcengine.detections import Detection
from earshot.vendors.volcengine.door import detection
from earshot.vendors.volcengine.labels import distinct, hit, level_of, surprise
from earshot.vendors.volcengine.slices import decision, text
from earshot.vendors.volcengine.times import written

FRAME = 1


def read(message: Mapping[str, Any], options: Mapping[str, Any]) -> Sequence[Verdict]:
    """One verdict: of ``options`` it looks at ``labels``, ``scope`` and ``eventTime``.

    ``AudioSegmentInfo``, whose fields are not known, and ``RiskALL`` are kept and not looked at. Of several images
    the first is told.
    """
    data = detection(message)
    level, known = _level(data)
    heard = Verdict(
        segment_id=text(message.get("EventId")) or "unnamed",
        vendor_task_id=_target(message, data, options).name,
        risk_level=level,
        labels=known + _labels(data, level, options),
        ended_at=written(message.get("EventTime")) if options.get("eventTime", "end") == "end" else None,
        speaker_id=text(data.get("UserId")),
        text=data["AudioText"] if isinstance(data.get("AudioText"), str) else None,
        audio_url=text(data.get("Audio")),
    )
    images = _addresses(data.get("Images"))
    is_image = data.get("MediaType") == FRAME or (
        data.get("MediaType") is None and images and not heard.audio_url
    )
    if not is_image:
        return (heard,)
    image = next(iter(images), None)
    return (replace(heard, started_at=heard.ended_at, media=Media.IMAGE, image_url=image, audio_url=None),)


def _level(data: Mapping[str, Any]) -> tuple[RiskLevel, tuple[LabelHit, ...]]:
    judged = decision({"Decision": data.get("Suggest")})
    if judged is None:
        raise Unreadable("Suggest: is missing or no text")
    return level_of(judged), surprise(judged)


def _target(message: Mapping[str, Any], data: Mapping[str, Any], options: Mapping[str, Any]) -> Detection:
    app_id, room_id = text(message.get("AppId")), text(data.get("RoomId"))
    if app_id is None or room_id is None:
        raise Unreadable("AppId or RoomId: is missing or no text")
    return Detection(app_id, room_id, text(data.get("UserId")) if options.get("scope") == "user" else None)


def _labels(data: Mapping[str, Any], level: RiskLevel, options: Mapping[str, Any]) -> tuple[LabelHit, ...]:
    """``RiskHit``; without any, why it was hit."""
    hits = data.get("RiskHit")
    told = [one for one in hits if isinstance(one, Mapping)] if isinstance(hits, list) else []
    found = distinct(hit(text(one.get("Name")), None, options, one.get("Score")) for one in told)
    if found or level is RiskLevel.PASS:
        return found
    reasons = data.get("HitReasons")
    return distinct(hit(text(one), None, options) for one in (reasons if isinstance(reasons, list) else ()))


def _addresses(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str) and one] if isinstance(value, list) else []
