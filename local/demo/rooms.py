"""The rooms of the demo: what is said in them, and what goes wrong."""

from dataclasses import dataclass
from typing import Any

APP_ID = "1234567890"  # of ZEGO's own sample request

HELLO = {"at": 3, "speaker": "user-8", "text": "大家晚上好，欢迎来到直播间", "every": 60}
DOUBT = {
    "at": 33,
    "speaker": "user-8",
    "text": "这个我不太确定",
    "risk_level": "REVIEW",
    "risk_type": 100,
}
ABUSE = {
    "at": 42,
    "speaker": "user-7",
    "text": "滚出去",
    "risk_level": "REJECT",
    "risk_type": 210,
    "score": 870,
}
ADVERT = {
    "at": 65,
    "speaker": "user-1",
    "text": "加我微信领红包",
    "risk_level": "REJECT",
    "risk_type": 300,
    "score": 760,
}


@dataclass(frozen=True)
class Story:
    """One room: ``script`` is for the vendor's double, ``told`` what must have been told of it on the bus."""

    room_id: str
    title: str
    script: dict[str, Any]
    told: frozenset[str]
    rejects: int
    fault: dict[str, Any] | None = None


STORIES = (
    Story(
        room_id="room-1001",
        title="an ordinary evening: somebody turns abusive",
        script={"lines": [HELLO, DOUBT, ABUSE]},
        told=frozenset({"ModerationStarted", "ModerationEnded"}),
        rejects=1,
    ),
    Story(
        room_id="room-1002",
        title="the answer to its submission is lost: the running task is found and adopted",
        script={"lines": [HELLO, ADVERT]},
        told=frozenset({"ModerationStarted", "ModerationEnded"}),
        rejects=1,
        fault={"on": "submit", "fault": "accept_then_drop", "times": 1, "match": {"room": "room-1002"}},
    ),
    Story(
        room_id="room-1003",
        title="its token goes bad in mid-room: a new credential, a new task",
        script={
            "clock": "room",
            "lines": [HELLO, ADVERT],
            "ends": {"at": 30, "error_code": 3005, "once": True},
        },
        told=frozenset(
            {"ModerationStarted", "ModerationInterrupted", "ModerationResumed", "ModerationEnded"}
        ),
        rejects=1,
    ),
)


def scenario() -> dict[str, Any]:
    """All scripts, as the Shumei double takes them."""
    return {"name": "make run", "rooms": {story.room_id: story.script for story in STORIES}}
