"""A room of each platform whose credential is made here, from opening to closing."""

import json

import pytest

from local.places import ROOT
from tests.workflow.bundle import bundle
from tests.workflow.test_one_room import SPEECH
from tests.workflow.wire import SECRETS

SAMPLES = json.loads((ROOT / "local" / "settings.json").read_text("utf-8"))
STREAM_TYPES = {"agora": "AGORA", "trtc": "TRTC", "volcengine": "VOLC"}


@pytest.mark.parametrize("platform", STREAM_TYPES)
def test_a_room_of_the_platform_is_heard_and_closed(platform: str) -> None:
    (app_id,) = SAMPLES[platform]
    place = {"platform": platform, "app_id": app_id}
    with bundle(SPEECH, accounts={**SAMPLES, "shumei": SECRETS["shumei"]}) as b:
        b.send("RoomOpened", **place)
        b.wait_quiet()
        b.advance(41)
        b.send("RoomClosed", occurred_at="2026-11-21T03:00:00Z", **place)
        b.wait_over()
        (task,) = b.doubles.tasks()
        assert (task["stream_type"], task["end_reason"]) == (STREAM_TYPES[platform], "finished")
        assert "REJECT" in {event["risk_level"] for event in b.told("SegmentJudged")}
        assert b.story() == ["Started", "Ended"]
