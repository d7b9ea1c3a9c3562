"""The parameter objects of Shumei's audio stream v2 page (revision of 2023-09-06), row by row, and submissions that
fill them. ``NEWER`` are rows that came later."""

from dataclasses import dataclass, field, replace
from typing import Any

from earshot.domain.room import Room
from earshot.errors import BadInput
from earshot.secrets import Keyring
from earshot.vendors.port import Submission
from earshot.vendors.shumei.options import ShumeiOptions, check
from earshot.vendors.shumei.request import submit_body
from pydantic import ValidationError

from tests.unit.support import makers
from tests.unit.support.shumei_calls import keyring

ROWS: dict[str, dict[str, type]] = {
    "agoraParam": {
        "appId": str,
        "channel": str,
        "token": str,
        "uid": int,
        "isMixingEnabled": bool,
        "channelProfile": int,
        "subscribeMode": str,
        "trustedUserIdList": list,
        "untrustedUserIdList": list,
    },
    "ginParam": {"tokenId": str, "roomId": str, "isMixingEnabled": bool, "ip": str, "port": str},
    "zegoParam": {"tokenId": str, "streamId": str, "roomId": str, "testEnv": bool},
    "trtcParam": {
        "sdkAppId": int,
        "demoSences": int,
        "userId": str,
        "userSig": str,
        "uid": str,
        "roomId": int,
        "strRoomId": str,
    },
    "volcParam": {
        "appId": str,
        "roomId": str,
        "token": str,
        "userId": str,
        "subscribeMode": str,
        "trustedUserIdList": list,
        "untrustedUserIdList": list,
    },
}
NEWER: dict[str, dict[str, type]] = {
    "zegoParam": {"isMixingEnabled": bool},
    "aliParam": {"token": str, "room": str, "userId": str, "isMixingEnabled": str},
}
TARGETS = ("room_mixed", "room_split", "stream")


@dataclass(frozen=True)
class Case:
    """One submission: a room of a platform, its credential, and what the plan says."""

    platform: str
    app_id: str
    room_id: str
    secrets: dict[str, Any]
    stream_id: str | None
    target: str = "room_mixed"
    options: dict[str, Any] = field(default_factory=dict)
    stream_url: str | None = None

    def but(self, **changes: Any) -> "Case":
        """The same with other fields; in ``secrets`` a value of ``...`` goes."""
        secrets = {**self.secrets, **changes.pop("secrets", {})}
        kept = {name: value for name, value in secrets.items() if value is not ...}
        return replace(self, secrets=kept, **changes)

    def submission(self) -> Submission:
        """As the submit step makes it, from a plan that was checked when it was read."""
        plan = {"target": self.target, "vendor": "shumei", "vendor_options": check(self.target, self.options)}
        room = Room(self.platform, self.app_id, self.room_id)
        seen = makers.watch(room=room, plan=plan, stream_id=self.stream_id, stream_url=self.stream_url)
        return Submission(f"{seen.watch_id}-1a", seen, "https://api.example.com/callbacks/x", self.secrets)

    def body(self, access_key: str = "AK_EXAMPLE") -> dict[str, Any]:
        """What would be sent."""
        sent = self.submission()
        options = ShumeiOptions.model_validate(sent.watch.plan["vendor_options"])
        return submit_body(sent, options, access_key, None)

    def data(self) -> dict[str, Any]:
        """Its ``data``."""
        data: dict[str, Any] = self.body()["data"]
        return data

    def refusal(self) -> tuple[str, str] | None:
        """The field and the rule of what is not sent, or None."""
        try:
            self.body()
        except BadInput as error:
            return error.field, error.rule
        except ValidationError as error:
            first = error.errors()[0]
            return ".".join(str(step) for step in first["loc"]), first["msg"]
        return None


AGORA = Case(
    "agora", "970ca35de60c44645bbae8a215061b33", "evening", {"token": "007eJxT", "uid": "4000000001"}, "77"
)
TRTC = Case(
    "trtc",
    "1400498247",
    "517067780",
    {"user_id": "earshot-1_a", "user_sig": "eJyrV", "room_id_kind": "number"},
    "anna",
)
VOLC = Case("volcengine", "661e2a8f", "room 1", {"token": "001661e", "user_id": "earshot-1"}, "anna")
GIN = Case("gin", "giant", "room-1", {"token": "gin-token", "ip": "203.0.113.7", "port": "8443"}, None)
ALI = Case("ali", "aliapp", "room-1", {"token": "ali-token", "user_id": "robot"}, None)
ZEGO = Case("zego", "1234567890", "room-1001", {"identify_token": "04AAAA"}, "stream-7")
URL = Case("url", "site", "radio", {}, None, stream_url="rtmp://live.example.com/app/one?k=v")
ALL = {"AGORA": AGORA, "TRTC": TRTC, "VOLC": VOLC, "GIN": GIN, "ALI": ALI, "ZEGO": ZEGO, "NORMAL": URL}

OPTIONS: dict[str, tuple[dict[str, Any], ...]] = {
    "AGORA": (
        {},
        {"agoraParam": {"channelProfile": 1}},
        {"agoraParam": {"subscribeMode": "AUTO"}},
        {"agoraParam": {"subscribeMode": "TRUSTED"}},
        {"agoraParam": {"subscribeMode": "TRUSTED", "trustedUserIdList": []}},
        {"agoraParam": {"subscribeMode": "TRUSTED", "trustedUserIdList": ["0", "4294967295"]}},
        {"agoraParam": {"subscribeMode": "UNTRUSTED", "untrustedUserIdList": ["123", "456"]}},
    ),
    "TRTC": ({}, {"trtcParam": {"uid": "bert"}}),
    "VOLC": (
        {},
        {"volcParam": {"subscribeMode": "AUTO"}},
        {"volcParam": {"subscribeMode": "TRUSTED"}},
        {"volcParam": {"subscribeMode": "TRUSTED", "trustedUserIdList": []}},
        {"volcParam": {"subscribeMode": "TRUSTED", "trustedUserIdList": ["主播"]}},
        {"volcParam": {"subscribeMode": "UNTRUSTED", "untrustedUserIdList": ["anna"]}},
    ),
    "GIN": ({},),
    "ALI": ({}, {"aliParam": {"mixingAsText": False}}),
    "ZEGO": ({}, {"zegoParam": {"testEnv": True}}, *({"initDomain": n} for n in range(7))),
    "NORMAL": ({},),
}
"""Every option of a stream type that changes what is sent."""
ANY_STREAM: tuple[dict[str, Any], ...] = (
    {
        "receiveTokenId": "user_7-a",
        "deviceId": "B1F2",
        "ip": "2001:db8::1",
        "level": 4,
        "gender": "ambiguity",
    },
    {"lang": "en", "role": "HOST", "audioDetectStep": 36, "businessType": "GENDER_SING", "type": None},
    {"returnAllText": False, "returnPreText": True, "returnPreAudio": True, "returnFinishInfo": False},
    {"type": "BAN_VIOLENT_ADLAW_COPYRIGHTSONGS", "appId": "another", "channel": "LIVE_ROOM", "tokenId": "me"},
)


def every_case() -> list[tuple[str, Case]]:
    """Stream type × target × option, those that are refused among them."""
    return [
        (kind, case.but(target=target, options=options))
        for kind, case in ALL.items()
        for target in TARGETS
        for options in (*OPTIONS[kind], *ANY_STREAM)
    ]


def settings() -> Keyring:
    """Of the doubles' account."""
    return keyring({"shumei": {"access_key": "AK_LOCAL_0123456789"}})
