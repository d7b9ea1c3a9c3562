"""Yunxin NERTC's 房间抄送: doc.commsease.com/nertc/server-apis/zgwNDkzMDc; the signature as in the vendor's own demo
(github.com/netease-kit/nemo).

``CheckSum`` is the SHA-1 of app secret, MD5 of the body and ``CurTime``. The MD5 is computed here: the header of that
name is anybody's word. There is no id of an event: what names one is inferred.
"""

import hashlib
from typing import TYPE_CHECKING, Any

from earshot.platforms import reading
from earshot.platforms.port import Delivery, Notice, NoticeKind, NotUnderstood

if TYPE_CHECKING:
    from earshot.secrets import Section

COVERS_BODY = True
ANSWER = '{"code":200}'
NERTC = "G2"
"""Header ``type``. Messages of Yunxin's IM come to the same address with the same event numbers."""
KINDS = {
    1: NoticeKind.OPENED,
    2: NoticeKind.CLOSED,
    4: NoticeKind.ENTERED,
    5: NoticeKind.LEFT,
    9: NoticeKind.ENTERED,
    10: NoticeKind.ENTERED,
    13: NoticeKind.STREAM_STARTED,  # fields of 13 and 14 inferred from those of 4 and 5
    14: NoticeKind.STREAM_STOPPED,
}
OTHER = {3, 6, 7, 8, 11, 12, 400, 401, 905}
"""Recordings, failures, durations, video, Yunxin's own moderation, the whiteboard."""
WITH_STREAM = {NoticeKind.STREAM_STARTED, NoticeKind.STREAM_STOPPED, NoticeKind.LEFT}
BIRTH = ("createtime", "createTime", "creaetime")
"""The page's spellings."""
SECOND_DIGITS = 10


def verify(delivery: Delivery, secrets: "Section") -> int | None:
    """See :class:`earshot.platforms.port.Webhook`. ``CurTime`` is signed; samples have it in ms."""
    known = secrets.all("app_secret")
    headers = delivery.headers
    sent_at, md5 = headers.get("curtime", ""), _hex(hashlib.md5, delivery.body)
    expected = (_hex(hashlib.sha1, f"{one}{md5}{sent_at}".encode("utf-8", "replace")) for one in known)
    reading.refuse_unless(headers.get("appkey") == delivery.app_id)
    reading.refuse_unless(reading.is_one_of(headers.get("checksum", ""), expected))
    return reading.sent_ms({"CurTime": sent_at}, "CurTime", unit=1000 if len(sent_at) == SECOND_DIGITS else 1)


def _hex(algorithm: Any, content: bytes) -> str:
    digest: str = algorithm(content, usedforsecurity=False).hexdigest()  # the vendor's algorithms
    return digest


def read(delivery: Delivery) -> Notice | None:
    """See :class:`earshot.platforms.port.Webhook`. ``channelId`` is a room's life, ``channelName`` its name."""
    said = reading.document(delivery.body)
    if not said or delivery.headers.get("type") != NERTC:
        return None  # ``{}`` is the check of the address
    event = reading.number_or_none(said, "eventType")
    if event in OTHER:
        return None
    kind = KINDS.get(event or 0)
    if kind is None:
        raise NotUnderstood("eventType is unknown")
    return _notice(event, kind, reading.inner(said, "data"))


def _notice(event: int | None, kind: NoticeKind, data: dict[str, Any]) -> Notice:
    life, uid = reading.text_or_none(data, "channelId"), reading.text_or_none(data, "uid")
    if uid is None and kind not in {NoticeKind.OPENED, NoticeKind.CLOSED}:
        raise NotUnderstood("uid is missing")
    room_id, at = reading.text(data, "channelName"), _at(data, kind)
    return Notice(
        key=reading.key(event, room_id, life, uid, at),
        kind=kind,
        room_id=room_id,
        at=at,
        platform_session_id=life,
        user_id=uid,
        stream_id=uid if kind in WITH_STREAM else None,
        order=reading.order(at),
    )


def _at(data: dict[str, Any], kind: NoticeKind) -> int:
    names = ("timestamp", *BIRTH) if kind is NoticeKind.OPENED else ("timestamp",)
    said = [name for name in names if reading.number_or_none(data, name) is not None]
    return reading.ms(data, said[0] if said else "timestamp")
