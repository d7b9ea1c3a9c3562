"""What a vendor's message comes to, in our words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class RiskLevel(StrEnum):
    """What a segment deserves."""

    PASS = "PASS"  # noqa: S105 - the vendor-neutral word, not a credential
    REVIEW = "REVIEW"
    REJECT = "REJECT"


class Label(StrEnum):
    """The first taxonomy: what vendors agree exists. ``OTHER`` is known-but-unsorted, ``UNKNOWN`` is new to us."""

    NORMAL = "normal"
    POLITICS = "politics"
    TERROR = "terror"
    SEXUAL = "sexual"
    ABUSE = "abuse"
    MOAN = "moan"
    LEADER_VOICE = "leader_voice"
    VOICE_ATTRIBUTE = "voice_attribute"
    BANNED_SONG = "banned_song"
    ADVERT = "advert"
    FRAUD = "fraud"
    FLOODING = "flooding"
    MEANINGLESS = "meaningless"
    MINOR = "minor"
    PROHIBITED = "prohibited"
    BLOCKED_ACCOUNT = "blocked_account"
    BLOCKED_IP = "blocked_ip"
    RISKY_ACCOUNT = "risky_account"
    CUSTOM = "custom"
    OTHER = "other"
    UNKNOWN = "unknown"


class Media(StrEnum):
    """What was judged."""

    AUDIO = "audio"
    IMAGE = "image"


@dataclass(frozen=True)
class LabelHit:
    """One label of a verdict; ``score`` is 0 to 1, None when the vendor gives none."""

    code: Label
    vendor_code: str
    score: float | None = None


@dataclass(frozen=True)
class Heard:
    """Somebody who could be heard in a segment. ``volume`` is the loudest, on the vendor's own scale."""

    speaker_id: str
    volume: int | None = None


class ReviewAction(StrEnum):
    """What a reviewer did."""

    IGNORED = "ignored"
    HINTED = "hinted"
    WARNED = "warned"
    CUT = "cut"


@dataclass(frozen=True)
class Review:
    """A person's judgement. ``about``: keys of the results that it overrides begin with one of these.

    ``acted_at`` in epoch ms; ``warnings``: how many the room has had.
    """

    action: ReviewAction
    acted_at: int | None = None
    reviewer: str | None = None
    by_vendor: bool = True
    warnings: int | None = None
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """The judgement of one segment. Times are epoch milliseconds; None where the vendor sent none.

    ``speaker_id`` is whose words were judged; ``speakers`` are all who were heard, loudest first, where the vendor
    listened to everybody at once and can blame nobody. ``review`` where a person judged; a machine otherwise.
    ``media`` is what was judged.
    """

    segment_id: str
    vendor_task_id: str
    risk_level: RiskLevel
    labels: tuple[LabelHit, ...] = ()
    started_at: int | None = None
    ended_at: int | None = None
    speaker_id: str | None = None
    speakers: tuple[Heard, ...] = ()
    text: str | None = None
    audio_url: str | None = None
    silent: bool = False
    review: Review | None = None
    media: Media = Media.AUDIO
    image_url: str | None = None


@dataclass(frozen=True)
class TaskEnd:
    """The vendor says that a task is over. ``code`` is the vendor's reason, None for an ordinary end."""

    vendor_task_id: str
    code: int | None
    seconds: float | None


@dataclass(frozen=True)
class VendorTrouble:
    """The vendor reports a failure of its own instead of a judgement."""

    vendor_task_id: str
    code: int
    ends_task: bool


@dataclass(frozen=True)
class Description:
    """What a vendor found out about a segment beside its verdict; each field None where nothing was said of it.

    ``language`` as the vendor writes it; ``traits``: who seems to speak (``gender``, ``age_group``, ``minor``).
    """

    vendor_task_id: str
    started_at: int | None = None
    ended_at: int | None = None
    speaker_id: str | None = None
    text: str | None = None
    language: str | None = None
    silent: bool | None = None
    traits: Mapping[str, str | bool] | None = None


Finding = Verdict | Description | TaskEnd | VendorTrouble
