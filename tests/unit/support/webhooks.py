"""Room webhooks as the platforms sign them, written anew from their pages, and the samples of ``events/``."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import pytest
from earshot.errors import Refused
from earshot.platforms import registry
from earshot.platforms.port import Delivery, Notice, NoticeKind, NotUnderstood, Webhook
from earshot.secrets import Section

from tests.unit.support.samples import load

Said = dict[str, Any]

SAMPLES: dict[str, tuple[str, ...]] = {
    "zego": (
        "room-create",
        "room-close",
        "room-login",
        "room-login-robot",
        "room-logout",
        "stream-create",
        "stream-create-percent",
        "stream-create-form",
        "stream-close",
    ),
    "agora": (
        "channel-create",
        "channel-destroy",
        "broadcaster-join",
        "broadcaster-leave",
        "audience-join",
        "audience-leave",
        "user-join",
        "user-leave",
        "role-broadcaster",
        "role-audience",
        "health-check-create",
        "health-check-destroy",
        "recording",
    ),
    "trtc": (
        "room-create",
        "room-dismiss",
        "room-enter",
        "room-exit",
        "role-change",
        "video-start",
        "audio-start",
        "audio-stop-pretty",
        "recording",
    ),
    "volcengine": (
        "RoomCreate",
        "RoomDestroy",
        "UserJoinRoom",
        "UserJoinRoom-noce",
        "UserLeaveRoom",
        "InvisibleUserJoinRoom",
        "InvisibleUserLeaveRoom",
        "RoleChangeInvisible2Visible",
        "RoleChangeVisible2Invisible",
        "RecordStarted",
    ),
    "yunxin": (
        "room-start",
        "room-end",
        "room-end-misspelled",
        "user-enter",
        "user-leave",
        "role-audience",
        "role-host",
        "video-start",
        "audio-start",
        "audio-stop",
        "null-fields",
        "im-message",
        "address-check",
    ),
}
"""Every file of ``events/room-webhooks/``, by platform."""


@dataclass(frozen=True)
class Site:
    """An app of a platform: the settings' field and the secret that the samples are signed with, and where a
    delivery carries its proof (a header in lower case, or a field of the body)."""

    app_id: str
    field: str
    secret: str
    proof: str
    in_body: bool = False


SITES = {
    "zego": Site("1234567890", "callback_secret", "secret-ABC", "signature", in_body=True),
    "agora": Site("0123456789abcdef0123456789abcdef", "webhook_secret", "secret", "agora-signature-v2"),
    "trtc": Site("1400000001", "webhook_key", "123654", "sign"),
    "volcengine": Site("appId", "webhook_secret", "1234", "Signature", in_body=True),
    "yunxin": Site("fedcba9876543210fedcba9876543210", "app_secret", "c00000000000", "checksum"),
}
ALL = [(platform, name) for platform, names in SAMPLES.items() for name in names]
YUNXIN_SENT = "1606974852500"


def hook(platform: str) -> Webhook:
    found = registry.webhook(platform)
    assert found is not None
    return found


def settings(platform: str, *secret: Any) -> Section:
    """The app's settings, with the samples' secret or another value in its place."""
    site = SITES[platform]
    return Section(f"{platform}.app", {site.field: secret[0] if secret else site.secret})


def sample(platform: str, name: str) -> Delivery:
    """A file of ``events/room-webhooks/`` as the function hands it on: header names in lower case."""
    found = load("room-webhooks", platform, f"{name}.json")
    headers = {header.lower(): value for header, value in found["headers"].items()}
    return Delivery(SITES[platform].app_id, headers, found["body"].encode())


def fields_of(platform: str, name: str) -> Said:
    """A sample's body, read by nobody but JSON."""
    said: Said = json.loads(sample(platform, name).body)
    return said


# --- signing


def zego_proof(secret: str, timestamp: object, nonce: object) -> str:
    return hashlib.sha1("".join(sorted([secret, str(timestamp), str(nonce)])).encode()).hexdigest()


def volcengine_proof(secret: str, said: Mapping[str, Any]) -> str:
    names = ("EventType", "EventData", "EventTime", "EventId", "AppId", "Version", "Nonce")
    values = sorted([secret.encode(), *(str(said.get(name, "")).encode() for name in names)])
    return hashlib.sha256(b"".join(values)).hexdigest()


def yunxin_headers(body: bytes, secret: str, sent: str = YUNXIN_SENT) -> dict[str, str]:
    md5 = hashlib.md5(body).hexdigest()
    checksum = hashlib.sha1(f"{secret}{md5}{sent}".encode()).hexdigest()
    app = SITES["yunxin"].app_id
    return {"appkey": app, "curtime": sent, "md5": md5, "checksum": checksum, "type": "G2"}


def agora_headers(body: bytes, secret: str) -> dict[str, str]:
    return {
        "agora-signature": hmac.new(secret.encode(), body, hashlib.sha1).hexdigest(),
        "agora-signature-v2": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
    }


def trtc_headers(body: bytes, secret: str) -> dict[str, str]:
    mac = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {"sign": base64.b64encode(mac).decode(), "sdkappid": SITES["trtc"].app_id}


HEADERS: dict[str, Callable[[bytes, str], dict[str, str]]] = {
    "agora": agora_headers,
    "trtc": trtc_headers,
    "yunxin": yunxin_headers,
}


def signed_bytes(platform: str, body: bytes, secret: str | None = None) -> Delivery:
    """A body that nobody looked at, genuine where the proof is a header."""
    site = SITES[platform]
    make = HEADERS.get(platform)
    return Delivery(site.app_id, make(body, secret or site.secret) if make else {}, body)


def signed(platform: str, said: Any, secret: str | None = None) -> Delivery:
    """A genuine delivery of these fields."""
    proof, known = SITES[platform].proof, secret or SITES[platform].secret
    if platform == "zego" and isinstance(said, dict):
        said = {**said, proof: zego_proof(known, said.get("timestamp"), said.get("nonce"))}
    if platform == "volcengine" and isinstance(said, dict):
        said = {**said, proof: volcengine_proof(known, said)}
    return signed_bytes(platform, json.dumps(said).encode(), known)


# --- meddling


def changed(said: Said, path: str, value: Any) -> Said:
    """Another value at ``a.b``; ``...`` takes it away. Through a text that holds JSON, as Volcengine's does."""
    copy, (name, _, rest) = deepcopy(said), path.partition(".")
    if rest:
        inside = copy[name]
        copy[name] = (
            json.dumps(changed(json.loads(inside), rest, value))
            if isinstance(inside, str)
            else changed(inside, rest, value)
        )
    elif value is ...:
        copy.pop(name, None)
    else:
        copy[name] = value
    return copy


def with_proof(platform: str, delivery: Delivery, value: Any) -> Delivery:
    """The delivery with another proof; ``...`` takes it away."""
    site = SITES[platform]
    if site.in_body:
        return replace(
            delivery, body=json.dumps(changed(json.loads(delivery.body), site.proof, value)).encode()
        )
    headers = {name: one for name, one in delivery.headers.items() if name != site.proof}
    return replace(delivery, headers=headers if value is ... else {**headers, site.proof: value})


# --- what becomes of a delivery


def verify(platform: str, delivery: Delivery, *secret: Any) -> int | None:
    return hook(platform).verify(delivery, settings(platform, *secret))


def is_refused(platform: str, delivery: Delivery, *secret: Any) -> None:
    with pytest.raises(Refused) as error:
        verify(platform, delivery, *secret)
    assert error.value.reason == "not_authenticated"


def take(platform: str, delivery: Delivery) -> Notice | None:
    """What a delivery says that must be genuine."""
    verify(platform, delivery)
    return hook(platform).read(delivery)


def notice_of(platform: str, said: Said) -> Notice:
    """What these fields say, signed."""
    found = take(platform, signed(platform, said))
    assert found is not None
    return found


def problem_of(platform: str, said: Said) -> str:
    """Why these fields, signed, are not understood."""
    delivery = signed(platform, said)
    verify(platform, delivery)
    with pytest.raises(NotUnderstood) as error:
        hook(platform).read(delivery)
    return str(error.value)


Brief = tuple[NoticeKind, str, int, str | None, str | None, str | None]


def brief(notice: Notice | None) -> Brief | None:
    """Kind, room, time, user, stream, the platform's session."""
    if notice is None:
        return None
    return (
        notice.kind,
        notice.room_id,
        notice.at,
        notice.user_id,
        notice.stream_id,
        notice.platform_session_id,
    )
