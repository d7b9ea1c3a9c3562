"""Agora's notifications (NCS): docs.agora.io, "Receive webhook notifications" and "RTC channel event types".

``Agora-Signature-V2`` is the lower-case hex HMAC-SHA256 of the raw body. The older header is HMAC-SHA1 and not looked
at: whoever sends both is verified by the stronger one, and Agora sends both (inferred). ``noticeId`` alone names an
event (inferred: the Chinese page adds ``notifyMs``, which changes when it is sent again).
"""

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from earshot.platforms import reading
from earshot.platforms.port import Delivery, Notice, NoticeKind, NotUnderstood

if TYPE_CHECKING:
    from earshot.secrets import Section

COVERS_BODY = True
ANSWER = "{}"
RTC = 1
"""``productId``; the others are recording, media pull and media push."""
HEALTH_CHECK = "test_webhook"
"""The channel of the console's samples."""
KINDS = {
    101: NoticeKind.OPENED,
    102: NoticeKind.CLOSED,
    103: NoticeKind.ENTERED,
    104: NoticeKind.LEFT,
    105: NoticeKind.ENTERED,
    106: NoticeKind.LEFT,
    107: NoticeKind.ENTERED,
    108: NoticeKind.LEFT,
    111: NoticeKind.ENTERED,
    112: NoticeKind.ENTERED,
}
OF_THE_CHANNEL = {NoticeKind.OPENED, NoticeKind.CLOSED}


def verify(delivery: Delivery, secrets: "Section") -> int | None:
    """See :class:`earshot.platforms.port.Webhook`. ``notifyMs`` is the time of this very delivery."""
    known = secrets.all("webhook_secret")
    proof = delivery.headers.get("agora-signature-v2", "")
    expected = (hmac.new(one.encode(), delivery.body, hashlib.sha256).hexdigest() for one in known)
    reading.refuse_unless(reading.is_one_of(proof, expected))
    try:
        return reading.sent_ms(reading.document(delivery.body), "notifyMs")
    except NotUnderstood:
        return None


def read(delivery: Delivery) -> Notice | None:
    """See :class:`earshot.platforms.port.Webhook`. Times are whole seconds, ``clientSeq`` orders within one."""
    said = reading.document(delivery.body)
    if reading.number_or_none(said, "productId") != RTC:
        return None
    payload = reading.inner(said, "payload")
    room_id = reading.text(payload, "channelName")
    if room_id == HEALTH_CHECK:
        return None
    kind = KINDS.get(reading.number_or_none(said, "eventType") or 0)
    if kind is None:
        raise NotUnderstood("eventType is unknown")
    return _notice(kind, room_id, reading.text(said, "noticeId"), payload)


def _notice(kind: NoticeKind, room_id: str, key: str, payload: dict[str, Any]) -> Notice:
    at = reading.ms(payload, "ts", unit=1000)
    ends = kind in {NoticeKind.CLOSED, NoticeKind.LEFT}
    sequence = reading.number_or_none(payload, "clientSeq") or 0
    return Notice(
        key=key,
        kind=kind,
        room_id=room_id,
        at=at if ends else at + 999,
        user_id=None if kind in OF_THE_CHANNEL else reading.text(payload, "uid"),
        order=reading.order(at, sequence),
    )
