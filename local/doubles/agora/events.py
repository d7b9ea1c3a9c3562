"""Notifications of channel events."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator

from local.doubles.agora.settings import AgoraSettings
from local.doubles.model import Json
from local.doubles.rooms.codec import numeric
from local.doubles.rooms.life import HOST, Event, Stay
from local.doubles.rooms.notice import Attempt, Notice, Sealed

REASON = {"left": 1, "lost": 2, "kicked": 3, "closed": 3, "empty": 4, "replaced": 5, "expired": 12}
LINUX, ANDROID = 6, 1
TEST_CHANNEL, TEST_UID = "test_webhook", 12121212


def notices(event: Event, settings: AgoraSettings, sequence: int) -> Iterator[Notice]:
    """The notification of an event; there is none of streams. ``sequence`` grows, for ``clientSeq``."""
    life, stay = event.life, event.stay
    kind = _type(event, settings)
    if not kind:
        return
    payload: Json = {"channelName": life.room_id, "ts": event.when.ms // 1000}
    if event.kind == "closed" and event.last:
        payload["lastUid"] = numeric(event.last.user)
    if stay:
        payload |= _person(stay, settings, sequence)
        if event.kind in ("entered", "left"):
            payload |= _client(stay, settings)
        if event.kind == "left":
            seconds = max(0, (event.when.ms - stay.entered.ms) // 1000)
            payload |= {"reason": REASON.get(event.reason, 0), "duration": seconds}
    user = stay.user if stay else ""
    yield Notice(str(kind), life.app_id, payload, event.kind, life.room_id, user)


def _type(event: Event, settings: AgoraSettings) -> int:
    if event.stay is None:
        return {"opened": 101, "closed": 102}[event.kind]
    host = event.stay.role == HOST
    if event.kind == "role":
        return 111 if host else 112
    if event.kind not in ("entered", "left"):
        return 0
    joined = {"communication": 107, "live": 103 if host else 105}[settings.channel_profile]
    return joined if event.kind == "entered" else joined + 1


def _person(stay: Stay, settings: AgoraSettings, sequence: int) -> Json:
    found: Json = {"uid": numeric(stay.user), "clientSeq": sequence}
    if settings.with_account:
        found["account"] = "" if stay.user.isdigit() else stay.user
    return found


def _client(stay: Stay, settings: AgoraSettings) -> Json:
    if not stay.recorder:
        return {"platform": ANDROID}
    kind = settings.recorder_client_type
    return {"platform": LINUX} | ({"clientType": kind} if kind else {})


def address_checks(app_id: str, seconds: int) -> Iterator[Notice]:
    """The console's health check: a sample of every event."""
    channel: Json = {"channelName": TEST_CHANNEL, "ts": seconds}
    person = channel | {"uid": TEST_UID, "clientSeq": 1, "account": ""}
    client = person | {"platform": ANDROID}
    samples = {
        101: channel,
        102: channel | {"lastUid": TEST_UID},
        **dict.fromkeys((103, 105, 107), client),
        **{kind: client | {"reason": 1, "duration": 60} for kind in (104, 106, 108)},
        **dict.fromkeys((111, 112), person),
    }
    for kind, payload in samples.items():
        yield Notice(str(kind), app_id, payload, "check", TEST_CHANNEL, str(TEST_UID), once=True)


def envelope(notice: Notice, attempt: Attempt) -> str:
    """The same ``noticeId`` on every attempt and copy, another ``notifyMs``."""
    body = {
        "noticeId": f"{int(attempt.first.wall)}:{attempt.delivery}:{notice.event}",
        "productId": 1,
        "eventType": int(notice.event),
        "notifyMs": round(attempt.now.wall * 1000),
        "payload": notice.content,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def signatures(body: str, secret: str) -> dict[str, str]:
    """HMAC over the raw body, in SHA-1 and in SHA-256."""
    key, raw = secret.encode(), body.encode()
    return {
        "Agora-Signature": hmac.new(key, raw, hashlib.sha1).hexdigest(),
        "Agora-Signature-V2": hmac.new(key, raw, hashlib.sha256).hexdigest(),
    }


def seal(notice: Notice, attempt: Attempt, secret: str, settings: AgoraSettings) -> Sealed:
    """Body and signature headers."""
    body = envelope(notice, attempt)
    headers = signatures(body, secret) if secret else {}
    left_out = {"both": "", "v1": "Agora-Signature-V2", "v2": "Agora-Signature"}[settings.signature_versions]
    headers.pop(left_out, None)
    return Sealed(body, headers, settings.webhook_content_type)
