"""One room of every other vendor: what they are called at, and what is asked of those that push nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.template import steps
from tests.template.yidun import store

if TYPE_CHECKING:
    from tests.template.scenario import Stage

PLANS: dict[str, Any] = {
    "video": {"vendors": {"shumei": {"generation": "v4_video"}}},
    "tupu": {"vendor": "tupu"},
    "content": {"vendor": "volcengine"},
    "audit": {"vendor": "volcengine", "vendors": {"volcengine": {"product": "rtc_audit"}}},
    "described": {"vendor": "lyrebird", "vendors": {"lyrebird": {"ask_state": True}}},
}
MINTED = {"Code": 0, "Data": {"IdentifyToken": "another-token", "RemainTime": 86400}}
URL = {"platform": "url", "app_id": "site", "stream_url": "rtmp://live.example.com/app/one"}
RTC = {"platform": "volcengine", "app_id": "an-rtc-app"}
TAKEN: dict[str, Any] = {"ResponseMetadata": {"RequestId": "r"}, "Result": {"Code": 0, "Message": "success"}}
STARTED = {"ResponseMetadata": {"RequestId": "r"}, "Result": {"Message": "success"}}
HEARD = {"DataId": "-", "Decision": "PASS", "Details": [{"SliceId": "1", "Decision": "PASS"}]}


def video(stage: Stage) -> None:
    """As long as its vendor is well."""
    _heard(stage, "room-20", {"code": 1100, "requestId": "task-20"}, {"code": 1100}, plan="video")


def more_vendors(stage: Stage) -> None:
    """Opened, asked, closed."""
    _unsigned(stage)
    _heard(stage, "room-22", TAKEN, TAKEN, plan="content", asked=_content(), **URL)
    _heard(stage, "room-23", STARTED, STARTED, plan="audit", **RTC)
    accepted = {"code": 0, "message": "ok", "data": {"stream_id": "lb00"}}
    over = {"code": 0, "message": "ok", "data": {"stream_id": "lb00", "state": "ended", "end_code": 10}}
    _heard(stage, "room-24", accepted, accepted, plan="described", asked=over, **URL)


def _unsigned(stage: Stage) -> None:
    """Answers that are not Tupu's; a callback tells of the task all the same."""
    forged = {"json": "{}", "signature": "none"}
    watch_id = _opened(stage, "room-21", plan="tupu", **URL)
    assert stage.fails("submit_stream", steps.mint(stage, watch_id, MINTED), forged) == "OutcomeUnknown"
    store().learn_task(f"{watch_id}-1a", "60f12563d59aa5877b7e9a19")
    assert stage.tell("RoomClosed", "room-21", 1, platform="url", app_id="site") == "close"
    closing = {"watch_id": watch_id, "release": False}
    assert stage.fails("finish_stream", closing, forged) == "Unfinished"


def _content() -> dict[str, Any]:
    return {**TAKEN, "Result": {**TAKEN["Result"], "Data": HEARD}}


def _opened(stage: Stage, room: str, **place: Any) -> str:
    assert stage.tell("RoomOpened", room, **place) == "claim"
    return stage.watch_of(room)


def _heard(stage: Stage, room: str, accepted: Any, finished: Any, *, asked: Any = None, **place: Any) -> None:
    watch_id = _opened(stage, room, **place)
    stage.invoke("submit_stream", steps.mint(stage, watch_id, MINTED), accepted)
    if asked is not None:
        assert stage.invoke("ask_vendors", {}, asked) == {"fresh": 1}
    closing = {name: value for name, value in place.items() if name not in {"plan", "stream_url"}}
    assert stage.tell("RoomClosed", room, 1, **closing) == "close"
    assert stage.invoke("finish_stream", {"watch_id": watch_id, "release": False}, finished) >= 0
