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
    """One room: ``script`` is for the vendor's double, ``told`` what must have been told of it on the bus.

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
    address: str | None = None
    vendor: str = "shumei"

    @property
    def app_id(self) -> str:
        return str(APPS.get(self.platform, "demo"))

    @property
    def plan(self) -> str:
        """In the demo's plan file, named after who listens."""
        return "default" if self.vendor == "shumei" else self.vendor


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
    Story("volc-1", "volcengine", "Volcengine RTC: the owner ends it", {"lines": [HELLO, ADVERT]}, "close"),
    Story("gin-1", "gin", "GIN: its backend opens and closes it", {"lines": [HELLO, ADVERT]}, "backend"),
    Story(
        room_id="radio-1",
        platform="url",
        title="a plain stream address",
        script={"lines": [HELLO, ABUSE]},
        ends="backend",
        address="rtmp://live.example.com/app/radio-1",
    ),
    Story(
        room_id="yunxin-1",
        platform="yunxin",
        title="Yunxin, heard by NetEase Yidun, for Shumei cannot enter its rooms; all leave",
        script={"lines": [HELLO, ABUSE]},
        ends="leave",
        vendor="yidun",
    ),
    Story(
        room_id="room-2001",
        platform="zego",
        title="ZEGO again, heard by NetEase Yidun: one verdict a sentence, pushed",
        script={"lines": [HELLO, DOUBT, ABUSE, ADVERT]},
        ends="backend",
        rejects=2,
        vendor="yidun",
    ),
)


VENDORS = tuple(dict.fromkeys(story.vendor for story in STORIES))
PLAN = ROOT / "local" / "demo" / "plan.yaml"


def scenario() -> dict[str, Any]:
    """All scripts, as the vendors' doubles take them."""
    return {"name": "make run", "rooms": {story.room_id: story.script for story in STORIES if story.script}}
