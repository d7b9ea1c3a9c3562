"""TRTC's room and media callbacks: cloud.tencent.com/document/product/647/51586, signature trtc.io/document/54912.

``Sign`` is the base64 HMAC-SHA256 of the raw body, which may hold tabs and line feeds: written anew it would not fit.
There is no id of an event: what names one, and that ``EventMsTs`` orders them, is inferred.
"""

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from earshot.platforms import reading
from earshot.platforms.port import Delivery, Notice, NoticeKind, NotUnderstood

if TYPE_CHECKING:
    from earshot.secrets import Section

COVERS_BODY = True
ANSWER = '{"code":0}'
KEY = re.compile(r"[A-Za-z0-9]{1,32}")
ROOM, MEDIA, RECORDING = 1, 2, 3
KINDS = {
    (ROOM, 101): NoticeKind.OPENED,
    (ROOM, 102): NoticeKind.CLOSED,
    (ROOM, 103): NoticeKind.ENTERED,
    (ROOM, 104): NoticeKind.LEFT,
    (ROOM, 105): NoticeKind.ENTERED,
    (MEDIA, 203): NoticeKind.STREAM_STARTED,
    (MEDIA, 204): NoticeKind.STREAM_STOPPED,
}
VIDEO = {(MEDIA, 201), (MEDIA, 202), (MEDIA, 205), (MEDIA, 206)}
"""Camera and screen."""
WITH_STREAM = {NoticeKind.STREAM_STARTED, NoticeKind.STREAM_STOPPED, NoticeKind.LEFT}
"""Leaving is told by 104 alone: it stands for 204 too."""


def verify(delivery: Delivery, secrets: "Section") -> int | None:
    """See :class:`earshot.platforms.port.Webhook`. ``CallbackTs`` is the time of sending."""
    known = secrets.all("webhook_key")
    if not all(KEY.fullmatch(one) for one in known):
        raise secrets.wrong("webhook_key", "TRTC takes at most 32 letters and digits")
    proof = delivery.headers.get("sign", "")
    made = (hmac.new(one.encode(), delivery.body, hashlib.sha256).digest() for one in known)
    reading.refuse_unless(reading.is_one_of(proof, (base64.b64encode(mac).decode() for mac in made)))
    # Not covered by the signature, but two apps may share a key.
    reading.refuse_unless(delivery.headers.get("sdkappid", delivery.app_id) == delivery.app_id)
    try:
        return reading.sent_ms(reading.document(delivery.body), "CallbackTs")
    except NotUnderstood:
        return None


def read(delivery: Delivery) -> Notice | None:
    """See :class:`earshot.platforms.port.Webhook`. ``RoomId`` comes as text or number, not always as the client's."""
    said = reading.document(delivery.body)
    group = reading.number_or_none(said, "EventGroupId")
    event = (group or 0, reading.number_or_none(said, "EventType") or 0)
    if group == RECORDING or event in VIDEO:
        return None
    kind = KINDS.get(event)
    if kind is None:
        raise NotUnderstood("EventGroupId and EventType are unknown")
    info = reading.inner(said, "EventInfo")
    room_id, user_id = reading.text(info, "RoomId"), reading.text_or_none(info, "UserId")
    if user_id is None and kind not in {NoticeKind.OPENED, NoticeKind.CLOSED}:
        raise NotUnderstood("UserId is missing")
    at = reading.ms(info, "EventMsTs")
    return Notice(
        key=reading.key(delivery.app_id, room_id, *event, user_id, at),
        kind=kind,
        room_id=room_id,
        at=at,
        user_id=user_id,
        stream_id=user_id if kind in WITH_STREAM else None,
        order=reading.order(at),
    )
