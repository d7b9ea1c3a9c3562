"""Events in: what your backend or a platform's webhook says about a room (source ``earshot.rooms``)."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from earshot.contract.problems import first_problem
from earshot.domain.room import Room
from earshot.errors import BadInput

SOURCE = "earshot.rooms"
MAX_ATTRIBUTES_BYTES = 32_768
MAX_AHEAD = timedelta(hours=1)
REQUIRED = frozenset({"platform", "app_id", "room_id", "occurred_at"})
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d")
STREAM_SCHEMES = frozenset({"http", "https", "rtmp", "rtmps", "rtp", "rtsp"})


class RoomEventType(StrEnum):
    """The detail-types that ``track_room`` understands."""

    ROOM_OPENED = "RoomOpened"
    ROOM_CLOSED = "RoomClosed"
    STREAM_STARTED = "StreamStarted"
    STREAM_STOPPED = "StreamStopped"


def _stream_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme.lower() not in STREAM_SCHEMES or not parts.hostname or any(c.isspace() for c in value):
        raise ValueError(f"must be an absolute address with scheme {', '.join(sorted(STREAM_SCHEMES))}")
    return value


def _small(value: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode()) > MAX_ATTRIBUTES_BYTES:
        raise ValueError(f"must not exceed {MAX_ATTRIBUTES_BYTES} bytes as JSON")
    return value


def _printable(value: str) -> str:
    if any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in value):
        raise ValueError("must not contain control characters or lone surrogates")
    return value


Id = Annotated[str, Field(min_length=1, max_length=256), AfterValidator(_printable)]


class RoomEvent(BaseModel):
    """The detail of an event in. ``occurred_at`` is the platform's clock, RFC 3339 with a zone."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    platform: Id
    app_id: Id
    room_id: Id
    occurred_at: Annotated[AwareDatetime, Field(strict=False)]
    platform_session_id: Id | None = None
    account_id: Id | None = None
    stream_id: Id | None = None
    stream_url: Annotated[str, Field(max_length=2_048), AfterValidator(_stream_address)] | None = None
    plan: Id = "default"
    attributes: Annotated[dict[str, Any], AfterValidator(_small)] = {}

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        at = data.get("occurred_at")
        if at is not None and not (isinstance(at, str) and RFC_3339.match(at)):
            raise ValueError("occurred_at must be an RFC 3339 string with a zone")
        # A null is an optional field left out: many encoders write one.
        return (
            {k: v for k, v in data.items() if v is not None or k in REQUIRED}
            if isinstance(data, Mapping)
            else data
        )

    @property
    def room(self) -> Room:
        return Room(self.platform, self.app_id, self.room_id)

    @property
    def at_ms(self) -> int:
        return round(self.occurred_at.timestamp() * 1000)


class Envelope(BaseModel):
    """What EventBridge delivers; only these parts are ours."""

    model_config = ConfigDict(frozen=True)

    source: Literal["earshot.rooms"]
    detail_type: RoomEventType = Field(alias="detail-type")
    detail: dict[str, Any]


def parse(event: Mapping[str, Any], now: datetime) -> tuple[RoomEventType, RoomEvent]:
    """The event, or :class:`BadInput` naming the field."""
    try:
        envelope = Envelope.model_validate(event)
        detail = RoomEvent.model_validate(envelope.detail)
    except ValidationError as error:
        field, message = first_problem(error)
        if field == "event" and "occurred_at" in message:
            field = "occurred_at"
        raise BadInput(field, message) from None
    if detail.occurred_at > now + MAX_AHEAD:
        raise BadInput("occurred_at", "is more than an hour ahead of our clock")
    if (
        envelope.detail_type in {RoomEventType.STREAM_STARTED, RoomEventType.STREAM_STOPPED}
        and not detail.stream_id
    ):
        raise BadInput("stream_id", f"is required on {envelope.detail_type}")
    if (
        detail.platform == "url"
        and envelope.detail_type is RoomEventType.ROOM_OPENED
        and not detail.stream_url
    ):
        raise BadInput("stream_url", "is required on RoomOpened for platform url")
    return envelope.detail_type, detail
