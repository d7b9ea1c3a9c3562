"""Room callbacks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from local.doubles.model import Json
from local.doubles.rooms.codec import numeric
from local.doubles.rooms.life import HOST, Event, Stay
from local.doubles.rooms.notice import Attempt, Notice, Sealed
from local.doubles.yunxin.settings import YunxinSettings
from local.doubles.yunxin.tokens import sha1

TYPES = {"opened": 1, "closed": 2, "entered": 4, "left": 5, "published": 13, "unpublished": 14}
TO_AUDIENCE, TO_HOST = 9, 10
ANDROID, LINUX = "AOS", "LINUX"  # how `platform` is written is not documented [?]
IM = "im"


def notices(event: Event, settings: YunxinSettings) -> Iterator[Notice]:
    """The callback of an event. Whether one who leaves makes a 14 first is [?]: not here."""
    life, stay = event.life, event.stay
    if event.kind == "unpublished" and event.reason not in ("", "role"):
        return
    kind = TYPES.get(event.kind) or (TO_HOST if stay and stay.role == HOST else TO_AUDIENCE)
    if kind in (1, 2) and not settings.room_events:
        return
    data: Json = {"channelId": life.id, "channelName": life.room_id}
    if kind in (1, 2, 4, 5):
        data[_created(kind, settings)] = life.opened.ms
    data["timestamp"] = event.when.ms
    if stay:
        data |= {"uid": numeric(stay.user)} | (_person(event, stay) if kind in (4, 5) else {})
    if not settings.null_fields:
        data = {name: value for name, value in data.items() if value is not None}
    user = stay.user if stay else ""
    yield Notice(str(kind), life.app_id, {"eventType": kind, "data": data}, event.kind, life.room_id, user)


def _created(kind: int, settings: YunxinSettings) -> str:
    if settings.created_spelling != "documented":
        return settings.created_spelling
    return {1: "createtime", 2: "creaetime"}.get(kind, "createTime")


def _person(event: Event, stay: Stay) -> Json:
    stayed = (event.when.ms - stay.entered.ms) // 1000 if event.kind == "left" else None
    return {
        "user": None if stay.user.isdigit() else stay.user,
        "duration": stayed,
        "platform": LINUX if stay.recorder else ANDROID,
        "userRole": 0 if stay.role == HOST else 1,
        "appKey": event.life.app_id,
    }


def address_check(app_id: str) -> Notice:
    """An empty object."""
    return Notice("check", app_id, {}, "check", once=True)


def im_event(app_id: str, kind: int, now_ms: int) -> Notice:
    """A chat event with a number that rooms use too, and without ``type: G2``."""
    content = {"eventType": kind, "body": "hello", "fromAccount": "u1", "msgTimestamp": str(now_ms)}
    return Notice(str(kind), app_id, content, IM)


def seal(notice: Notice, attempt: Attempt, secret: str, settings: YunxinSettings) -> Sealed:
    """Headers over the raw body, stamped with the time of sending in milliseconds."""
    body = json.dumps(notice.content, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
    stamp = str(round(attempt.now.wall * 1000))
    headers = {"AppKey": notice.app_id, "CurTime": stamp, "MD5": digest}
    if secret:
        headers["CheckSum"] = sha1(secret, digest, stamp)
    if notice.kind != IM:
        headers["type"] = "G2"
    return Sealed(body, headers, settings.webhook_content_type)
