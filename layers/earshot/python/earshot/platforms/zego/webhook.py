"""ZEGO's room and stream callbacks: doc-zh.zego.im, 实时音视频 → 服务端 API → 回调.

``signature`` is the SHA-1 of the callback secret, ``timestamp`` and ``nonce``, sorted as text and joined. It does not
cover the rest of the body: whoever has seen one callback can send another with its proof, so the address carries a
key of its own. The content type is not documented (unconfirmed): JSON, percent-encoded JSON and form fields are all
read.
"""

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote_plus

from earshot.platforms import reading
from earshot.platforms.port import Delivery, Notice, NoticeKind, NotUnderstood

if TYPE_CHECKING:
    from earshot.secrets import Section

COVERS_BODY = False
ANSWER = "{}"
MAX_FIELDS = 100
ROBOT = 4
"""``user_role`` of recorders and of the vendors' ears; that their logins are told of is inferred."""
KINDS = {
    "room_create": NoticeKind.OPENED,
    "room_close": NoticeKind.CLOSED,
    "room_login": NoticeKind.ENTERED,
    "room_logout": NoticeKind.LEFT,
    "stream_create": NoticeKind.STREAM_STARTED,
    "stream_close": NoticeKind.STREAM_STOPPED,
}
TIMES = {
    NoticeKind.OPENED: "room_create_time",
    NoticeKind.CLOSED: "room_close_time",
    NoticeKind.ENTERED: "login_time",
    NoticeKind.LEFT: "logout_time",
    NoticeKind.STREAM_STARTED: "create_time_ms",
    NoticeKind.STREAM_STOPPED: "destroy_timemillis",
}
USERS = {
    NoticeKind.OPENED: "id_name",
    NoticeKind.ENTERED: "user_account",
    NoticeKind.LEFT: "user_account",
    NoticeKind.STREAM_STARTED: "user_id",
    NoticeKind.STREAM_STOPPED: "user_id",
}
WITH_STREAM = {NoticeKind.STREAM_STARTED, NoticeKind.STREAM_STOPPED}
PEOPLE = {NoticeKind.ENTERED, NoticeKind.LEFT}


def verify(delivery: Delivery, secrets: "Section") -> int | None:
    """See :class:`earshot.platforms.port.Webhook`. Whether a repetition is stamped anew is not documented."""
    known = secrets.all("callback_secret")
    try:
        said = _fields(delivery.body)
        parts = [reading.text(said, name) for name in ("timestamp", "nonce")]
        app_id, proof = reading.text(said, "appid"), reading.text(said, "signature")
    except NotUnderstood:
        reading.refuse_unless(False)
    expected = (_sha1("".join(sorted([one, *parts]))) for one in known)
    reading.refuse_unless(reading.is_one_of(proof, expected) and app_id == delivery.app_id)
    sent_at = reading.sent_ms(said, "timestamp", unit=1000)
    reading.refuse_unless(sent_at is not None)  # cut from the nonce elsewhere, it would never grow old
    return sent_at


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()  # the vendor's algorithm


def _fields(body: bytes) -> dict[str, Any]:
    if body.lstrip()[:1] == b"{":
        return reading.document(body)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NotUnderstood("body is not UTF-8") from None
    if text.lstrip()[:3].upper() == "%7B":
        return reading.document(unquote_plus(text).encode())
    try:
        return dict(parse_qsl(text, max_num_fields=MAX_FIELDS))
    except ValueError:
        raise NotUnderstood(f"body has more than {MAX_FIELDS} fields") from None


def read(delivery: Delivery) -> Notice | None:
    """See :class:`earshot.platforms.port.Webhook`. A session's id is larger than what a float can hold."""
    said = _fields(delivery.body)
    kind = KINDS.get(reading.text(said, "event"))
    if kind is None:
        raise NotUnderstood("event is unknown")
    room_id, at = reading.text(said, "room_id"), _at(said, kind)
    user_id = reading.text(said, USERS[kind]) if kind in PEOPLE else _who(said, kind)
    stream_id = reading.text(said, "stream_id") if kind in WITH_STREAM else None
    session = _session(said)
    sequence = reading.number_or_none(said, "user_update_seq") or 0
    # A stream pushed again (``recreate``) may keep its time (unconfirmed): its sequence makes it another event.
    push = reading.text_or_none(said, "stream_seq") if kind in WITH_STREAM else None
    return Notice(
        key=reading.key(said["event"], room_id, session, user_id, stream_id, at, sequence, push),
        kind=kind,
        room_id=room_id,
        at=at,
        platform_session_id=session,
        user_id=user_id,
        stream_id=stream_id,
        order=reading.order(at, sequence),
        is_recorder=kind in PEOPLE and reading.number_or_none(said, "user_role") == ROBOT,
    )


def _who(said: dict[str, Any], kind: NoticeKind) -> str | None:
    return reading.text_or_none(said, USERS[kind]) if kind in USERS else None


def _session(said: dict[str, Any]) -> str | None:
    """``room_seq`` of the login events is the ``room_session_id`` of the others."""
    return reading.text_or_none(said, "room_session_id") or reading.text_or_none(said, "room_seq")


def _at(said: dict[str, Any], kind: NoticeKind) -> int:
    if kind is NoticeKind.STREAM_STARTED and reading.number_or_none(said, TIMES[kind]) is None:
        return reading.ms(said, "create_time", unit=1000) + 999
    return reading.ms(said, TIMES[kind])
