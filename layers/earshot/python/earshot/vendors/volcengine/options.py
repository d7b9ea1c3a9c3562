"""The plan's settings for Volcengine, the vendor's own fields in its spelling.

docs/vendors/volcengine.md says which defaults are unconfirmed.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from earshot.errors import BadInput
from earshot.vendors.volcengine.params import (
    CREDENTIAL,
    LabelName,
    Object,
    Parameters,
    RoomParameters,
    Strict,
    Text,
    check_apart,
)

CONTENT: Final = "content_security"
RTC: Final = "rtc_audit"
ONLY_OF = {
    CONTENT: frozenset(
        {
            *("media", "biztype", "parameters", "roomParameters", "extraParameters"),
            *("asks", "closeErrors", "timeUnit"),
        }
    ),
    RTC: frozenset(
        {
            *("version", "CallbackType", "MediaType", "Interval", "Duration", "IdleSec"),
            *("warm_up_s", "checksCallback", "eventTime", "scope"),
        }
    ),
}
FRAMES: Final = 1
SLICES: Final = 2
BOTH: Final = 3
EVERYTHING: Final = 1
USUAL_INTERVAL_MS, LONGEST_INTERVAL_MS = 2_000, 600_000


class ContentFields(Strict):
    """Of content security alone.

    ``asks``: results are had by asking, beside any that are pushed. ``closeErrors``: "retry" believes that a task is
    gone once that was to be expected, "gone" whatever the business code. ``timeUnit``: of ``StartTimeStamp``; "auto"
    goes by the size.
    """

    media: Literal["audio", "video"] = "audio"
    biztype: Text | None = None
    parameters: Parameters = Parameters()
    roomParameters: RoomParameters | None = None
    extraParameters: Object = Field(default_factory=dict)
    asks: bool = True
    closeErrors: Literal["retry", "gone"] = "retry"
    timeUnit: Literal["auto", "ms", "s"] = "auto"


class RtcFields(Strict):
    """Of the RTC audit alone. ``scope`` follows from the plan's target: the whole room, or one user of it.

    ``warm_up_s``: seconds in which it may hear nothing after it was started. ``checksCallback``: whether the callback
    address must be https and begin with a domain name. ``eventTime``: whether ``EventTime`` is taken for the end of
    what was judged.
    """

    version: Literal["2023-11-01", "2020-12-01"] = "2023-11-01"
    CallbackType: Annotated[int, Field(ge=0, le=EVERYTHING)] = EVERYTHING
    MediaType: Annotated[int, Field(ge=FRAMES, le=BOTH)] = SLICES
    Interval: Annotated[int, Field(ge=100, le=LONGEST_INTERVAL_MS)] | None = None
    Duration: Annotated[int, Field(ge=1_000, le=600_000)] | None = None
    # The vendor's own default is 180. One that stops by itself tells nobody, and hears nobody who comes back.
    IdleSec: Annotated[int, Field(ge=1, le=10_800)] = 10_800
    warm_up_s: Annotated[int, Field(ge=0, le=600)] = 60
    checksCallback: bool = True
    eventTime: Literal["end", "unused"] = "end"
    scope: Literal["room", "user"] = "room"


class VolcengineOptions(ContentFields, RtcFields):
    """``labels``: the vendor's labels to ours. ``signs_every_s``: how often a result is to come even if nobody
    speaks; none if that cannot be said."""

    product: Literal["content_security", "rtc_audit"] = CONTENT
    labels: dict[Text, LabelName] = Field(default_factory=dict)
    signs_every_s: Annotated[int, Field(ge=1, le=3_600)] | None = None

    @model_validator(mode="after")
    def _every_key_has_its_place(self) -> "VolcengineOptions":
        check_apart(self.extraParameters, [*self.keys("parameters"), *self.keys("roomParameters")])
        return self

    def keys(self, group: str) -> list[str]:
        """The keys of a group that are set."""
        chosen = getattr(self, group)
        return [] if chosen is None else [key for key in chosen.model_dump().values() if key is not None]


def check(target: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Validated options with their defaults, those of the product alone.

    Raises pydantic's ValidationError, or :class:`BadInput` for what the product has not, or ``target`` (one of
    Earshot's) does not allow.
    """
    valid = VolcengineOptions.model_validate(dict(options))
    foreign = ONLY_OF[RTC if valid.product == CONTENT else CONTENT]
    for name in sorted(foreign & valid.model_fields_set):
        raise BadInput(name, f"is not of product {valid.product}")
    if valid.product == CONTENT:
        _check_content(valid)
        return valid.model_dump(exclude=set(foreign))
    _check_rtc(target, valid)
    checked = valid.model_dump(exclude=set(foreign))
    return checked | {"scope": "user" if target == "stream" else "room"}


def _check_content(options: VolcengineOptions) -> None:
    if not options.asks and options.parameters.callback is None:
        raise BadInput("asks", "may be false only where parameters.callback brings the results")
    rooms = options.roomParameters
    if rooms is not None and rooms.room_id is None and rooms.stream_id is None:
        raise BadInput("roomParameters", "must name the key of room_id or of stream_id")


def _check_rtc(target: str, options: VolcengineOptions) -> None:
    if "scope" in options.model_fields_set and (options.scope == "user") != (target == "stream"):
        raise BadInput("scope", "is set by the plan's target")
    if options.signs_every_s is not None and options.CallbackType != EVERYTHING:
        raise BadInput("signs_every_s", "needs CallbackType 1: violations are no regular sign")


def needs_credential(options: Mapping[str, Any]) -> bool:
    """Where a room's parameters have a part of it; the RTC audit enters no room."""
    rooms = options.get("roomParameters") or {}
    return options.get("product", CONTENT) == CONTENT and any(rooms.get(part) for part in CREDENTIAL)


def thrift(options: Mapping[str, Any], step: str) -> dict[str, Any]:
    """Of the RTC audit ``hits_only`` is violations alone, and ``longer_step`` half as many frames, if any.
    Of content security no field is known that would make it cheaper."""
    made = dict(options)
    if made.get("product", CONTENT) == CONTENT:
        return made
    if step == "hits_only":
        made["CallbackType"] = 0
        made["signs_every_s"] = None
    if step == "longer_step" and made.get("MediaType", SLICES) in {FRAMES, BOTH}:
        made["Interval"] = min(LONGEST_INTERVAL_MS, 2 * (made.get("Interval") or USUAL_INTERVAL_MS))
    return made


def audited_share(options: Mapping[str, Any]) -> float:
    """All of it."""
    del options
    return 1.0
