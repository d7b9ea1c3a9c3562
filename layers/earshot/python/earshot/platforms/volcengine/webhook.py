"""Volcengine RTC's server callbacks: volcengine.com/docs/6348/69820 and, of the signature, 75124.

The signature is a field of the body: plain SHA-256 over the sorted values and the secret, joined by nothing. So it is
not signed where one value ends and the next begins, and a plain hash can be continued by whoever knows its length.
Neither helps: app and event type must be ones that we know, and ``EventData`` must be JSON with nothing after it.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from earshot.platforms import reading
from earshot.platforms.port import Delivery, Notice, NoticeKind, NotUnderstood
from earshot.signing.volcengine_callback import SIGNED, is_plain, signature

if TYPE_CHECKING:
    from earshot.secrets import Section

COVERS_BODY = True
ANSWER = "{}"
KINDS = {
    "RoomCreate": NoticeKind.OPENED,  # unconfirmed: on no list of events, but in published examples
    "RoomDestroy": NoticeKind.CLOSED,
    "UserJoinRoom": NoticeKind.ENTERED,
    "InvisibleUserJoinRoom": NoticeKind.ENTERED,
    "UserLeaveRoom": NoticeKind.LEFT,
    "InvisibleUserLeaveRoom": NoticeKind.LEFT,
    "RoleChangeInvisible2Visible": NoticeKind.ENTERED,
    "RoleChangeVisible2Invisible": NoticeKind.ENTERED,
}
OTHER = ("Record", "Transcod", "SegmentRealTimeData", "SnapshotRealTimeData")
"""How the documented events begin that say nothing of a room's people."""


def verify(delivery: Delivery, secrets: "Section") -> int | None:
    """See :class:`earshot.platforms.port.Webhook`."""
    known = secrets.all("webhook_secret")
    try:
        said = reading.document(delivery.body)
    except NotUnderstood:
        said = {}
    # One page of the vendor's spells it Noce.
    values = [*(said.get(name) for name in SIGNED), said.get("Nonce", said.get("Noce"))]
    proof = said.get("Signature")
    given = [value for value in [*values, proof] if isinstance(value, str) and is_plain(value)]
    reading.refuse_unless(len(given) == len(values) + 1 and said["AppId"] == delivery.app_id)
    reading.refuse_unless(reading.is_one_of(given[-1], (signature(given[:-1], one) for one in known)))
    sent_at = _time(given[SIGNED.index("EventTime")])
    reading.refuse_unless(sent_at is not None)  # cut elsewhere, it would let a callback be repeated for ever
    return sent_at


def _time(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return round(moment.timestamp() * 1000) if moment.tzinfo else None


def read(delivery: Delivery) -> Notice | None:
    """See :class:`earshot.platforms.port.Webhook`. Only a room's id and, of a person, the user's must be there: the
    tables of most events could not be found, so the rest is inferred."""
    said = reading.document(delivery.body)
    event = reading.text(said, "EventType")
    if event.startswith(OTHER):
        return None
    kind = KINDS.get(event)
    if kind is None:
        raise NotUnderstood("EventType is unknown")
    if not isinstance(said.get("EventData"), str):
        raise NotUnderstood("EventData is not text")
    data = reading.document(said["EventData"].encode("utf-8", "replace"), "EventData")
    at = _at(data, said)
    return Notice(
        key=reading.text(said, "EventId"),
        kind=kind,
        room_id=reading.text(data, "RoomId"),
        at=at,
        user_id=_user(data, kind),
        order=reading.order(at),
    )


def _at(data: dict[str, Any], said: dict[str, Any]) -> int:
    if reading.number_or_none(data, "Timestamp") is not None:
        return reading.ms(data, "Timestamp")
    at = _time(reading.text(said, "EventTime"))
    if at is None or not 0 <= at < reading.MAX_MS:
        raise NotUnderstood("EventTime is no time with a zone")
    return at


def _user(data: dict[str, Any], kind: NoticeKind) -> str | None:
    if kind in {NoticeKind.OPENED, NoticeKind.CLOSED}:
        return reading.text_or_none(data, "UserId")
    return reading.text(data, "UserId")
