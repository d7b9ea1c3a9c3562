"""Room and media callbacks."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

from local.doubles.model import Json
from local.doubles.rooms.codec import sha256_hmac
from local.doubles.rooms.life import HOST, Event, Stay
from local.doubles.rooms.notice import Attempt, Notice, Sealed
from local.doubles.trtc.rooms import wire_id
from local.doubles.trtc.settings import TrtcSettings

TYPES = {
    "opened": (1, 101),
    "closed": (1, 102),
    "entered": (1, 103),
    "left": (1, 104),
    "role": (1, 105),
    "published": (2, 203),
    "unpublished": (2, 204),
}
EXIT = {"left": 1, "lost": 2, "kicked": 3, "replaced": 5, "closed": 5, "empty": 5}
ANCHOR, AUDIENCE = 20, 21
ANDROID, LINUX, NATIVE = 2, 4, 3


def notices(event: Event, settings: TrtcSettings) -> Iterator[Notice]:
    """The callback of an event. 104 stands for 204 as well: no 204 of one who leaves."""
    life, stay = event.life, event.stay
    if event.kind == "unpublished" and event.reason not in ("", "role"):
        return
    room: str | int = wire_id(life.room_id)
    if event.kind == "closed" and settings.dismissed_as_string:
        room = str(room)
    info: Json = {"RoomId": room, "EventTs": event.when.ms // 1000, "EventMsTs": event.when.ms}
    if event.kind == "opened":
        info["UserId"] = life.opener
    if stay:
        info |= {"UserId": stay.user} | _more(event, stay)
    group, kind = TYPES[event.kind]
    content: Json = {"EventGroupId": group, "EventType": kind, "EventInfo": info}
    user = stay.user if stay else ""
    yield Notice(str(kind), life.app_id, content, event.kind, str(wire_id(life.room_id)), user)


def _more(event: Event, stay: Stay) -> Json:
    role = {"Role": ANCHOR if stay.role == HOST else AUDIENCE}
    if event.kind == "entered":
        client = {"TerminalType": LINUX if stay.recorder else ANDROID, "UserType": NATIVE}
        return role | client | {"Reason": 1}
    if event.kind == "left":
        return role | {"Reason": EXIT.get(event.reason, 1)}
    return role if event.kind == "role" else {"Reason": 0}


def written(body: Json, style: str) -> str:
    """Compact, or with tabs as in the one signed sample."""
    if style == "tabs":
        return json.dumps(body, ensure_ascii=False, indent="\t", separators=(",", ":\t"))
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def sign(body: str, key: str) -> str:
    """Base64 of HMAC-SHA256 over the raw body."""
    return base64.b64encode(sha256_hmac(key.encode(), body.encode())).decode()


def seal(notice: Notice, attempt: Attempt, key: str, settings: TrtcSettings) -> Sealed:
    """Stamped with the time of sending; without a key there is no ``Sign``."""
    content = notice.content
    stamp = {"CallbackTs": round(attempt.now.wall * 1000)}
    body = written(
        {"EventGroupId": content["EventGroupId"], "EventType": content["EventType"]}
        | stamp
        | {"EventInfo": content["EventInfo"]},
        settings.body_style,
    )
    headers = {"SdkAppId": notice.app_id} | ({"Sign": sign(body, key)} if key else {})
    return Sealed(body, headers, settings.webhook_content_type)
