"""The rooms of the demo: what is said in them, and what goes wrong."""

import json
from dataclasses import dataclass
from typing import Any

from local.places import ROOT, SAMPLE_SETTINGS

APPS = {name: next(iter(apps)) for name, apps in json.loads(SAMPLE_SETTINGS.read_text("utf-8")).items()}
HOST, GUEST = "4711", "4712"  # digits: some clouds number their people

HELLO = {"at": 3, "speaker": HOST, "text": "大家晚上好，欢迎来到直播间", "every": 60}
DOUBT = {"at": 33, "speaker": HOST, "text": "这个我不太确定", "risk_level": "REVIEW", "risk_type": 100}
ABUSE = {
    "at": 42,
    "speaker": GUEST,
    "text": "滚出去",
    "risk_level": "REJECT",
    "risk_type": 210,
    "score": 870,
}
ADVERT = {
    "at": 65,
    "speaker": GUEST,
    "text": "加我微信领红包",
    "risk_level": "REJECT",
    "risk_type": 300,
    "score": 760,
}
HEARD = frozenset({"ModerationStarted", "ModerationEnded"})
INTERRUPTED = HEARD | {"ModerationInterrupted", "ModerationResumed"}


@dataclass(frozen=True)
class Story:
    """One room: ``script`` is for the vendor's double, ``told`` what must have been told of it on the bus; ``plan``
    is one of the demo's plan file, ``vendor`` whose double listens by it.

    ``ends``: its people ``leave`` and the cloud says nothing, for our recorder is still in it; its owner ``close``-s
    it and the cloud says so; or a ``backend`` tells us of its opening and closing, for the platform has no webhooks.
    """

    room_id: str
    platform: str
    title: str
    script: dict[str, Any]
    ends: str
    told: frozenset[str] = HEARD
    rejects: int = 1
    fault: dict[str, Any] | None = None
    vendor: str = "shumei"
    plan: str = "default"

    @property
    def app_id(self) -> str:
        return str(APPS.get(self.platform, "demo"))

    @property
    def address(self) -> str | None:
        """Of a plain stream."""
        return f"rtmp://live.example.com/app/{self.room_id}" if self.platform == "url" else None


def _heard_by(vendor: str, room_id: str, platform: str, title: str, plan: str = "") -> Story:
    """An ordinary evening."""
    script = {"lines": [HELLO, ABUSE]}
    return Story(room_id, platform, title, script, "backend", vendor=vendor, plan=plan or vendor)


STORIES = (
    Story(
        room_id="room-1001",
        platform="zego",
        title="an ordinary evening: somebody turns abusive; all leave, and ZEGO does not say that it is over",
        script={"lines": [HELLO, DOUBT, ABUSE]},
        ends="leave",
    ),
    Story(
        room_id="room-1002",
        platform="zego",
        title="the answer to its submission is lost: the running task is found and adopted",
        script={"lines": [HELLO, ADVERT]},
        ends="close",
        fault={"on": "submit", "fault": "accept_then_drop", "times": 1, "match": {"room": "room-1002"}},
    ),
    Story(
        room_id="room-1003",
        platform="zego",
        title="its token goes bad in mid-room: a new credential, a new task",
        script={
            "clock": "room",
            "lines": [HELLO, {**ADVERT, "at": 105}],
            "ends": {"at": 30, "error_code": 3005, "once": True},
        },
        ends="close",
        told=INTERRUPTED,
    ),
    Story("agora-1", "agora", "Agora: all leave, the channel lives on", {"lines": [HELLO, ABUSE]}, "leave"),
    Story("trtc-1", "trtc", "TRTC: the owner dismisses the room", {"lines": [HELLO, ABUSE]}, "close"),
    Story(
        room_id="volc-1",
        platform="volcengine",
        title="Volcengine RTC, heard by its own audit, which warms up for a minute; the owner ends it",
        script={"lines": [HELLO, {**ADVERT, "at": 105}]},
        ends="close",
        vendor="volcengine",
        plan="volcengine_rtc",
    ),
    Story("gin-1", "gin", "GIN: its backend opens and closes it", {"lines": [HELLO, ADVERT]}, "backend"),
    Story("radio-1", "url", "a plain stream address", {"lines": [HELLO, ABUSE]}, "backend"),
    Story(
        room_id="yunxin-1",
        platform="yunxin",
        title="Yunxin, heard by NetEase Yidun, for Shumei cannot enter its rooms; all leave",
        script={"lines": [HELLO, ABUSE]},
        ends="leave",
        vendor="yidun",
        plan="yidun",
    ),
    Story(
        room_id="room-2001",
        platform="zego",
        title="ZEGO again, heard by NetEase Yidun: one verdict a sentence, pushed",
        script={"lines": [HELLO, DOUBT, ABUSE, ADVERT]},
        ends="backend",
        rejects=2,
        vendor="yidun",
        plan="yidun",
    ),
    Story("v4-1", "zego", "Shumei's audio stream V4", {"lines": [HELLO, ABUSE]}, "backend", plan="shumei_v4"),
    Story(
        room_id="video-1",
        platform="zego",
        title="Shumei's video stream V4: what is said, and what is shown",
        script={"lines": [HELLO, ABUSE, {**ADVERT, "media": "image"}]},
        ends="backend",
        rejects=2,
        plan="shumei_video",
    ),
    _heard_by("tupu", "radio-2", "url", "Tupu: signed both ways, two tasks on one stream"),
    _heard_by("volcengine_content", "radio-3", "url", "Volcengine content security: asked for its results"),
    _heard_by("yitu", "radio-4", "url", "Yitu, by a description instead of code"),
    _heard_by("lyrebird", "room-3001", "zego", "Lyrebird, the invented vendor that the guide describes"),
    _heard_by(
        "volcengine_content",
        "room-3002",
        "zego",
        "Volcengine in a ZEGO room: a description",
        "volcengine_zego",
    ),
)


VENDORS = tuple(dict.fromkeys(story.vendor for story in STORIES))
ROOM_KEYS = {"app_id": "AppId", "room_id": "RoomId", "token": "Token"}
SETTINGS = {"volcengine_content": {"room_keys": ROOM_KEYS}}
"""What a vendor has agreed on with us, by whose double."""
PLAN = ROOT / "local" / "demo" / "plan.yaml"


def scenario() -> dict[str, Any]:
    """All scripts, as the vendors' doubles take them."""
    return {"name": "make run", "rooms": {story.room_id: story.script for story in STORIES if story.script}}
