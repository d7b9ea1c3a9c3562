"""What a submission asks to listen to."""

from __future__ import annotations

import zlib
from collections.abc import Hashable
from dataclasses import dataclass, field

from local.doubles.model import Json
from local.doubles.shumei.generation import VIDEO
from local.doubles.shumei.tables_v4 import PARAM_V4 as PARAM


@dataclass(frozen=True)
class Target:
    """A room or a stream of one platform. ``room`` is the platform's id (the address for NORMAL)."""

    stream_type: str
    room: str
    stream: str | None = None
    split: bool = False
    recorder: str | None = None
    only: frozenset[str] | None = None
    never: frozenset[str] = field(default_factory=frozenset)

    def hears(self, user: str) -> bool:
        """Whether this user's voice is listened to (subscribeMode, TRTC uid)."""
        return user not in self.never and (self.only is None or user in self.only)


def target_of(data: Json, generation: str = "v2") -> Target:
    """From validated ``data``."""
    kind = data["streamType"]
    param: Json = data.get(PARAM.get(kind, ""), {})
    only, never = _selection(param)
    if generation == VIDEO and kind in ("ZEGO", "AGORA", "ALI"):
        # No switch exists; "strUserId (AGORA: userId) is returned for room auditing", hence one per user [I].
        room = str(param.get("channel") or param.get("roomId") or param.get("room"))
        return Target(kind, room, split=True, only=only, never=never)
    if kind == "NORMAL":
        return Target(kind, data["url"])
    if kind == "ZEGO":
        stream = param.get("streamId") or None
        return Target(kind, param.get("roomId") or "", stream, param.get("isMixingEnabled") is False)
    if kind == "TRTC":
        room = str(param.get("roomId") or param.get("strRoomId"))
        one = frozenset([param["uid"]]) if param.get("uid") else None
        return Target(kind, room, split=param["demoSences"] == 2, recorder=param["userId"], only=one)
    if kind == "VOLC":
        # No switch exists; answers name a user (strUserId), hence one stream per user [I].
        return Target(kind, param["roomId"], split=True, recorder=param["userId"], only=only, never=never)
    split = param.get("isMixingEnabled") in (False, "false")
    room = str(param.get("channel") or param.get("roomId") or param.get("room") or param.get("cname"))
    return Target(
        kind, room, split=split, only=only if split else None, never=never if split else frozenset()
    )


def _selection(param: Json) -> tuple[frozenset[str] | None, frozenset[str]]:
    mode = param.get("subscribeMode")
    only = _users(param, "untrustedUserIdList") if mode == "UNTRUSTED" else None
    return only, _users(param, "trustedUserIdList") if mode == "TRUSTED" else frozenset()


def _users(param: Json, name: str) -> frozenset[str]:
    """Written as strings, or (video) as numbers."""
    return frozenset(str(user) for user in param.get(name) or ())


def duplicate_key(access_key: str, data: Json, target: Target, dialect: str) -> Hashable:
    """What makes two submissions the same stream. TRTC [S][D] and ALI [D] are documented, the rest is [I]."""
    kind = target.stream_type
    param: Json = data.get(PARAM.get(kind, ""), {})
    if kind == "TRTC":
        by_uid = dialect == "current" and param.get("uid")
        who = ("uid", param["uid"]) if by_uid else ("userId", param["userId"])
        return (access_key, kind, param["sdkAppId"], who, target.room)
    if kind == "ZEGO":
        return (access_key, kind, ("stream", target.stream) if target.stream else ("room", target.room))
    return (access_key, kind, param.get("appId") or param.get("appKey"), target.room)


def numeric_user(user: str) -> int:
    """Agora users are uint32; a name in a scenario gets a stable number."""
    return int(user) if user.isdigit() else zlib.crc32(user.encode())
