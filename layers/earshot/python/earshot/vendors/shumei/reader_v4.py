"""What a stored callback of V4 comes to."""

from earshot.domain.verdict import (
    Finding,
    Label,
    LabelHit,
    Media,
    RiskLevel,
    TaskEnd,
    VendorTrouble,
    Verdict,
)
from earshot.vendors.port import Unreadable
from earshot.vendors.shumei import codes
from earshot.vendors.shumei.callback_v4 import AudioDetail, FrameDetail, Judged, PartAux, Push, RiskLabels
from earshot.vendors.shumei.labels_v4 import NORMAL, label_of
from earshot.vendors.shumei.mending import parse
from earshot.vendors.shumei.options_v4 import AudioOptions, V4Options, VideoOptions
from earshot.vendors.shumei.speakers import heard
from earshot.vendors.shumei.times import epoch_ms, frame_time

MEDIA = {1: "picture", 2: "sound"}
"""``contentType``, in the words of the option ``endedBy``."""


def audio(body: bytes, settings: AudioOptions) -> tuple[Finding, ...]:
    """A push of an audio stream."""
    push = parse(body, Push)
    if push.code != codes.SUCCESS:
        ends = push.code == codes.PULL_FAILED and settings.pullFailureEndsTask
        return (VendorTrouble(push.vendor_task_id, push.code, ends_task=ends),)
    verdicts = _heard(push, settings)
    if end := push.end:
        return (*verdicts, end) if push.is_segment else (end,)
    if not verdicts:
        raise Unreadable("audioDetail.riskLevel: is missing or not one of PASS, REVIEW, REJECT")
    return verdicts


def video(body: bytes, settings: VideoOptions) -> tuple[Finding, ...]:
    """A push of a video stream: of a picture or of sound. Its 1904 says that there are too many streams, and ends
    nothing."""
    push = parse(body, Push)
    if push.code != codes.SUCCESS:
        return (VendorTrouble(push.vendor_task_id, push.code, ends_task=False),)
    verdicts = (*_seen(push, settings), *_heard(push, settings))
    if end := push.end:
        last = verdicts if push.is_segment else ()
        return (*last, end) if _ends_task(push, end, settings) else last
    if not verdicts:
        raise Unreadable("riskLevel: frameDetail and audioDetail have none of PASS, REVIEW, REJECT")
    return verdicts


def _ends_task(push: Push, end: TaskEnd, settings: VideoOptions) -> bool:
    """Pictures and sound are of one pull, and each is told the end of. Which end is enough the plan says; by default
    either: if only both were, one lost message would leave a dead task for a living one. A failure always is."""
    medium = MEDIA.get(push.contentType or 0, settings.endedBy)
    return settings.endedBy in {"either", medium} or end.code is not None


def _heard(push: Push, settings: V4Options) -> tuple[Verdict, ...]:
    sound = push.audioDetail
    if sound is None or sound.riskLevel not in RiskLevel.__members__:
        return ()
    aux, zone = sound.auxInfo or PartAux(), settings.wallClockOffsetHours
    verdict = Verdict(
        segment_id=push.requestId,
        vendor_task_id=push.vendor_task_id,
        risk_level=RiskLevel(str(sound.riskLevel)),
        labels=_with_minor(_labels(sound), sound),
        started_at=epoch_ms(aux.audioStartTime, zone),
        ended_at=epoch_ms(aux.audioEndTime, zone),
        speaker_id=aux.strUserId or aux.userId,
        speakers=heard(sound.speakers),
        text=_said(sound),
        audio_url=sound.audioUrl,
        silent=sound.vadCode == 0,
    )
    return (verdict,)


def _seen(push: Push, settings: VideoOptions) -> tuple[Verdict, ...]:
    picture = push.frameDetail
    if picture is None or picture.riskLevel not in RiskLevel.__members__:
        return ()
    aux = picture.auxInfo or PartAux()
    taken_at = frame_time(aux.imgTime, settings.imgTimeFormat, settings.wallClockOffsetHours)
    verdict = Verdict(
        segment_id=push.requestId,
        vendor_task_id=push.vendor_task_id,
        risk_level=RiskLevel(str(picture.riskLevel)),
        labels=_labels(picture),
        started_at=taken_at,
        ended_at=taken_at,
        speaker_id=aux.strUserId or aux.userId,
        text=_written(picture),
        media=Media.IMAGE,
        image_url=picture.imgUrl,
    )
    return (verdict,)


def _said(sound: AudioDetail) -> str | None:
    """The segment's own words before those that may repeat the previous segment's."""
    own = sound.riskDetail.audioText if sound.riskDetail else None
    return next((text for text in (own, sound.audioText, sound.content) if text is not None), None)


def _written(picture: FrameDetail) -> str | None:
    found = picture.riskDetail.ocrText if picture.riskDetail else None
    return found.text if found else None


def _labels(judged: Judged) -> tuple[LabelHit, ...]:
    """The main reason, then the others; each once, and with its probability wherever that stands."""
    others = [one for one in judged.allLabels or () if one is not None and one.riskLevel != RiskLevel.PASS]
    hits: dict[str, LabelHit] = {}
    for one in (judged, *others):
        hit = _hit(one)
        if hit and (hit.vendor_code not in hits or hits[hit.vendor_code].score is None):
            hits[hit.vendor_code] = hit
    return tuple(hits.values())


def _hit(one: RiskLabels) -> LabelHit | None:
    if not one.riskLabel1 or one.riskLabel1 == NORMAL:
        return None
    levels = (one.riskLabel1, one.riskLabel2, one.riskLabel3)
    score = one.probability if one.probability is not None and 0 <= one.probability <= 1 else None
    return LabelHit(label_of(one.riskLabel1), "/".join(level for level in levels if level), score)


def _with_minor(hits: tuple[LabelHit, ...], sound: AudioDetail) -> tuple[LabelHit, ...]:
    """Minors are a business label here."""
    is_minor = any(label and label.businessLabel1 == "minor" for label in sound.businessLabels or ())
    if not is_minor or any(hit.code is Label.MINOR for hit in hits):
        return hits
    return (*hits, LabelHit(Label.MINOR, "minor"))
