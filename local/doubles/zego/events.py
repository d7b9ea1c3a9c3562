"""Room, login and stream callbacks (pages "Callback": room created … stream destroyed) [D]."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from urllib.parse import quote, urlencode

from local.doubles.model import Json
from local.doubles.rooms.life import HOST, Event, Life, Sound, Stay
from local.doubles.rooms.notice import Attempt, Notice, Sealed
from local.doubles.zego.settings import ZegoSettings

GROUP = {"room_create": "room", "room_close": "room", "room_login": "login", "room_logout": "login"}
ADMIN_ROLE = "4"  # recording and audit robots
CLOSE_REASON = {"lost": 1, "kicked": 3}
LOGOUT_REASON = {"lost": 1, "replaced": 3, "kicked": 3, "closed": 3, "expired": 4}
STREAM_TYPE = {"lost": 1, "replaced": 2, "kicked": 3, "closed": 5}
FORM = "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, nonce: str) -> str:
    """sha1 over the three, sorted as strings. The body is not covered."""
    text = "".join(sorted((secret, timestamp, nonce)))
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def role(stay: Stay) -> str:
    """1 host, 2 audience, 4 administrator."""
    if stay.recorder:
        return ADMIN_ROLE
    return "1" if stay.role == HOST else "2"


def notices(event: Event, settings: ZegoSettings) -> Iterator[Notice]:
    """The callback of an event, if its group has an address."""
    if event.stay and event.stay.recorder and not settings.recorder_logs_in:
        return
    name, fields = _named(event)
    if name and settings.webhook_groups[GROUP.get(name, "stream")]:
        user = event.stay.user if event.stay else ""
        yield Notice(name, event.life.app_id, fields, event.kind, event.life.room_id, user)


def _named(event: Event) -> tuple[str, Json]:
    life, stay = event.life, event.stay
    if stay is None:
        return _of_room(event, life)
    match event.kind, event.sound:
        case "entered", _:
            return "room_login", _login(life, stay)
        case "left", _:
            return "room_logout", _logout(event, life, stay)
        case "published", Sound() as sound:
            return "stream_create", _stream(life, stay, sound) | _created(stay, sound)
        case "unpublished", Sound() as sound:
            return "stream_close", _stream(life, stay, sound) | _ended(event, sound)
    return "", {}  # a change of role makes no callback


def _of_room(event: Event, life: Life) -> tuple[str, Json]:
    if event.kind == "opened":
        opened = {"room_create_time": str(life.opened.ms), "id_name": life.opener}
        return "room_create", _room(life) | opened
    reason = CLOSE_REASON.get(event.last.reason if event.last else "", 0)
    closed = {"close_reason": reason, "room_close_time": str(event.when.ms)}
    return ("" if event.quiet else "room_close"), _room(life) | closed


def _room(life: Life) -> Json:
    return {"room_id": life.room_id, "room_session_id": life.id}


def _account(life: Life, stay: Stay) -> Json:
    return {
        "room_id": life.room_id,
        "room_seq": str(life.id),
        "user_account": stay.user,
        "user_nickname": stay.user,
        "session_id": str(stay.number),
        "login_time": str(stay.entered.ms),
        "user_role": role(stay),
    }


def _login(life: Life, stay: Stay) -> Json:
    return _account(life, stay) | {
        "room_name": life.room_id,
        "auth_level": "0",
        "relogin": "0",
        "user_update_seq": str(2 * stay.number - 1),
        "callback_data": "",
        "term_type": "5" if stay.recorder else "3",
    }


def _logout(event: Event, life: Life, stay: Stay) -> Json:
    return _account(life, stay) | {
        "logout_time": str(event.when.ms),
        "reason": str(LOGOUT_REASON.get(event.reason, 0)),
        "user_update_seq": str(2 * stay.number),
    }


def _stream(life: Life, stay: Stay, sound: Sound) -> Json:
    return {
        "room_id": life.room_id,
        "room_session_id": str(life.id),
        "user_id": stay.user,
        "user_name": stay.user,
        "channel_id": life.room_id,
        "stream_alias": sound.id,
        "stream_id": sound.id,
        "stream_sid": f"s-{sound.number}",
        "create_time_ms": str(sound.began.ms),
    }


def _created(stay: Stay, sound: Sound) -> Json:
    texts = {
        "title": "",
        "stream_attr": '{"cid":0}',
        "stream_seq": str(2 * sound.number - 1),
        "create_time": str(sound.began.ms // 1000),
        "extra_info": "",
        "recreate": "0",
        "publish_id": stay.user,
        "publish_name": stay.user,
    }
    empty: Json = {name: [] for name in ("rtmp_url", "hls_url", "hdl_url", "pic_url")}
    return texts | empty


def _ended(event: Event, sound: Sound) -> Json:
    return {
        "type": str(STREAM_TYPE.get(event.reason, 0)),
        "stream_seq": str(2 * sound.number),
        "third_define_data": "",
        "destroy_timemillis": str(event.when.ms),
    }


def seal(notice: Notice, attempt: Attempt, secret: str, settings: ZegoSettings) -> Sealed:
    """Stamp, sign, write in one of the three ways."""
    fresh = settings.webhook_fresh_stamp
    wall = attempt.now.wall if fresh else attempt.first.wall
    stamp, nonce = str(int(wall)), str(350_000 + attempt.delivery)
    if fresh:
        nonce += f"{attempt.serial:06d}"
    body: Json = {"event": notice.event, "appid": notice.app_id, "timestamp": stamp, "nonce": nonce}
    if secret:
        body["signature"] = signature(secret, stamp, nonce)
    body |= notice.content
    numbers = settings.webhook_numbers
    if numbers == "numbers" or (numbers == "documented" and GROUP.get(notice.event) == "room"):
        body |= {"appid": int(notice.app_id), "timestamp": int(stamp)}
    elif numbers == "strings":
        body = {name: str(value) if isinstance(value, int) else value for name, value in body.items()}
    return _written(body, settings)


def _written(body: Json, settings: ZegoSettings) -> Sealed:
    if settings.webhook_encoding == "form":
        # How arrays are written is not documented [?]; like the arrays of requests, and empty ones not at all.
        pairs = [(f"{k}[]" if isinstance(v, list) else k, v) for k, v in body.items()]
        return Sealed(urlencode(pairs, doseq=True), content_type=FORM)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    if settings.webhook_encoding == "percent":
        text = quote(text, safe="")
    return Sealed(text, content_type=settings.webhook_content_type)
