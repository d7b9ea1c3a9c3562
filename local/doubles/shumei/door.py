"""How a task gets into the room that it listens to."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

from local.doubles.model import Json, Now
from local.doubles.rooms.clouds import Cloud
from local.doubles.rooms.entrance import OK, Visit
from local.doubles.rooms.life import Gone
from local.doubles.shumei.tables_v4 import PARAM_V4 as PARAM

Redeem = Callable[[str, str, Now], str]


class Door(Protocol):
    """What stands between a submission and its room."""

    def enter(self, data: Json, task_id: str, lenient: bool, now: Now, gone: Gone) -> str:
        """``ok``, or one word that says why the pull will fail."""

    def spend(self, data: Json, task_id: str, now: Now) -> None:
        """Use up a credential that is good once, without entering."""

    def leave(self, task_id: str, now: Now) -> None:
        """The task has ended."""


def any_token_once() -> Redeem:
    """Stands in for ZEGO when it is not there: every token is good, once."""
    seen: set[str] = set()

    def redeem(token: str, by: str, now: Now) -> str:  # noqa: ARG001
        if token in seen:
            return "used"
        seen.add(token)
        return OK

    return redeem


class Tokens:
    """No rooms: ZEGO's IdentifyTokens are redeemed, everything else is let through."""

    def __init__(self, redeem: Redeem) -> None:
        self._redeem = redeem

    def enter(self, data: Json, task_id: str, lenient: bool, now: Now, gone: Gone) -> str:  # noqa: ARG002
        """Redeem."""
        if data["streamType"] != "ZEGO":
            return OK
        state = self._redeem(data["zegoParam"]["tokenId"], task_id, now)
        return OK if state == "used" and lenient else state

    def spend(self, data: Json, task_id: str, now: Now) -> None:
        """Redeem, whatever comes of it."""
        if data["streamType"] == "ZEGO":
            self._redeem(data["zegoParam"]["tokenId"], task_id, now)

    def leave(self, task_id: str, now: Now) -> None:
        """Nobody is anywhere."""


class Clouds:
    """The doubles of the platforms, by ``streamType``; a type without one is let through, an IdentifyToken once."""

    def __init__(self, clouds: Mapping[str, Cloud], otherwise: Door | None = None) -> None:
        self._clouds = clouds
        self._otherwise = otherwise or Tokens(any_token_once())

    def enter(self, data: Json, task_id: str, lenient: bool, now: Now, gone: Gone) -> str:
        """Send a recorder in."""
        cloud = self._clouds.get(data["streamType"])
        if cloud is None:
            return self._otherwise.enter(data, task_id, lenient, now, gone)
        return cloud.enter(visit_of(data, task_id, lenient), now, gone)

    def spend(self, data: Json, task_id: str, now: Now) -> None:
        """A duplicate submission."""
        cloud = self._clouds.get(data["streamType"])
        if cloud is None:
            self._otherwise.spend(data, task_id, now)
        else:
            cloud.spend(visit_of(data, task_id, False), now)

    def leave(self, task_id: str, now: Now) -> None:
        """Take the recorder back, wherever it is."""
        for cloud in self._clouds.values():
            cloud.recorder_leaves(task_id, now)


def visit_of(data: Json, task_id: str, lenient: bool) -> Visit:
    """Which field carries what (page "智能音频流识别产品API文档", 2.1)."""
    kind = data["streamType"]
    param: Json = data[PARAM[kind]]
    match kind:
        case "ZEGO":
            details = {"stream": str(param.get("streamId") or "")}
            room = str(param.get("roomId") or "")
            return Visit("", room, "", param["tokenId"], task_id, lenient, details)
        case "AGORA":
            uid = param.get("uid") or zlib.crc32(task_id.encode())  # 0 or none: the cloud gives one
            token = str(param.get("token") or "")
            return Visit(param["appId"], param["channel"], str(uid), token, task_id)
        case "TRTC":
            numeric = param.get("roomId") is not None
            room, details = str(param["roomId"] if numeric else param["strRoomId"]), {}
            details["room_kind"] = "number" if numeric else "string"
            app, user = str(param["sdkAppId"]), param["userId"]
            return Visit(app, room, user, param["userSig"], task_id, details=details)
        case "YUNXIN":
            return Visit(param["appKey"], param["cname"], str(param["uid"]), param["token"], task_id)
        case "GIN":
            details = {"ip": param["ip"], "port": param["port"]}
            return Visit("", param["roomId"], "", param["tokenId"], task_id, details=details)
    return Visit(param["appId"], param["roomId"], param["userId"], param["token"], task_id)
