"""Tasks: duplicates, results, ends."""

from __future__ import annotations

from typing import Any

import pytest

from local.doubles.scenario import parse
from tests.unit.doubles.conftest import START, Time
from tests.unit.doubles.test_double_volcengine_content_caller import APP, AUDIO, VIDEO, Content

BAD = {"at": 12, "speaker": "user-7", "text": "废物,滚", "risk_level": "REJECT", "risk_type": 210}
LINES: list[Any] = [
    {"at": 3, "speaker": "user-8", "text": "大家好"},
    BAD | {"matched_item": "滚", "matched_list": "词库"},
    {"at": 25, "speaker": "user-8", "text": "嗯", "risk_level": "REVIEW", "risk_type": 300},
]


@pytest.fixture
def content(time: Time) -> Content:
    content = Content(time)
    content.play(*LINES)
    return content


def test_slices_of_an_address_are_of_everybody(content: Content) -> None:
    content.start()
    content.run(30)
    data = content.data()
    assert (data["DataId"], data["Decision"], data["FinalLabel"]) == ("watch-1", "BLOCK", "210")
    assert data["AudioText"] == "大家好，废物,滚，嗯"
    first, second, third = data["Details"]
    assert [one["Decision"] for one in data["Details"]] == ["PASS", "BLOCK", "REVIEW"]
    assert (first["UserId"], first["FrameResults"], first["FinalSubLabel"]) == ("", [], "")
    assert (second["StartTime"], second["EndTime"]) == (10_000, 20_000)
    assert second["StartTimeStamp"] == round((START + 10) * 1000)
    assert second["EndTimeStamp"] == round((START + 20) * 1000)
    assert second["LiveFirstGetStreamTime"] == round(START * 1000)
    assert second["FrameUrl"].startswith("https://media.example.com/volcengine/")
    (hit,) = second["FrameResults"]
    assert (hit["Label"], hit["Decision"]) == ("210", "BLOCK")
    assert hit["Contexts"] == [
        {"MatchedWords": ["滚"], "LibName": "词库", "Positions": [{"StartPos": 3, "EndPos": 4}]}
    ]
    assert third["FrameResults"][0]["Label"] == "300"
    assert len({one["SliceId"] for one in data["Details"]}) == 3


def test_everything_so_far_every_time(content: Content) -> None:
    content.start()
    content.run(10)
    assert len(content.data()["Details"]) == 1
    content.run(30)
    assert len(content.data()["Details"]) == len(content.data()["Details"]) == 3
    assert content.task()["polled"] == 3


def test_or_only_what_is_new(content: Content) -> None:
    content.set(poll_returns="new")
    content.start()
    content.run(10)
    assert len(content.data()["Details"]) == 1
    content.run(30)
    data = content.data()
    assert [one["AudioText"] for one in data["Details"]] == ["废物,滚", "嗯"]
    assert content.data()["Details"] == []


def test_before_the_first_slice(content: Content) -> None:
    content.start()
    assert (content.data()["Decision"], content.data()["Details"]) == ("PASS", [])
    content.set(decision_before_results="")
    assert "Decision" not in content.data()


def test_units_missing_details_order_and_words_are_settings(content: Content) -> None:
    content.set(offsets="s", time_stamps="s", slice_order="descending", decisions={"BLOCK": "SUSPECT"})
    content.set(labels={"210": "abuse"})
    content.start()
    content.run(30)
    data = content.data()
    assert [one["StartTime"] for one in data["Details"]] == [20, 10, 0]
    assert data["Details"][1]["StartTimeStamp"] == int(START) + 10
    assert (data["Decision"], data["Details"][1]["Decision"], data["DecisionLabel"]) == (
        *("SUSPECT", "SUSPECT", "abuse"),
    )
    content.set(details=False)
    assert "Details" not in content.data()


def test_silence_may_make_no_slices(content: Content) -> None:
    content.set(quiet_slices=False)
    content.start()
    content.run(60)
    assert content.task()["segments"]["made"] == 3


def test_video_has_frames_and_sound(content: Content) -> None:
    shown = {"at": 4, "speaker": "user-8", "media": "image", "text": "加微信", "risk_level": "REJECT"}
    content.play(*LINES, shown | {"risk_type": 310, "detail": {"score": 0.9}})
    content.start(VIDEO)
    content.run(20)
    data = content.data(service=VIDEO)
    video, sound = data["VideoResults"], data["AudioResults"]
    assert (data["Decision"], video["Decision"], video["ImageSliceCount"]) == ("BLOCK", "BLOCK", 2)
    frame = video["Frames"][0]
    assert (frame["Offset"], frame["Decision"], frame["Text"], frame["UserId"]) == (
        10.0,
        "BLOCK",
        "加微信",
        "",
    )
    assert frame["Results"] == [
        {"Decision": "BLOCK", "Label": "310", "SubLabel": "310", "Detail": {"score": 0.9}}
    ]
    assert video["Frames"][1]["Results"] == []
    assert [one["AudioText"] for one in sound["Details"]] == ["大家好", "废物,滚"]
    assert "Details" not in data
    content.set(details=False)
    assert "Frames" not in content.data(service=VIDEO)["VideoResults"]
    assert content.close(service=VIDEO)["Code"] == 0


def test_audio_tasks_see_no_pictures(content: Content) -> None:
    content.play({"at": 1, "media": "image", "text": "x", "risk_level": "REJECT", "risk_type": 310})
    content.start()
    content.run(10)
    assert content.data()["Decision"] == "PASS"


def test_the_same_data_id_is_another_task_per_service(content: Content) -> None:
    content.start(AUDIO)
    content.start(VIDEO)
    assert [task["service"] for task in content.state()["tasks"]] == [AUDIO, VIDEO]


def test_a_duplicate_is_accepted_silently(content: Content) -> None:
    content.start()
    content.start()
    assert len(content.state()["tasks"]) == 1
    assert content.verdict()["warnings"][-1].startswith("data_id is running already")
    content.set(duplicate="refuse")
    assert content.submit()["Code"] == 1001


def test_a_data_id_may_run_again_after_its_end(content: Content) -> None:
    content.start()
    content.run(10)
    content.close()
    content.start()
    assert content.data()["Details"] == []
    assert [(task["run"], task["state"]) for task in content.state()["tasks"]] == [
        (1, "ended"),
        (2, "running"),
    ]


def test_unknown_data_id(content: Content) -> None:
    assert content.poll("x")["Code"] == 1001
    content.set(unknown_task="empty")
    assert content.poll("x")["Data"] == {}
    assert content.close("x")["Code"] == 1001
    content.set(close_unknown_code=0)
    assert content.close("x")["Code"] == 0


def test_close_by_query_with_an_empty_body(content: Content) -> None:
    content.start()
    answer = content.call("CloseAudioLive", b"", content.asked())
    assert answer["Result"]["Code"] == 0
    assert content.task()["end_reason"] == "finished"
    assert content.call("CloseAudioLive", b"x", content.asked())["Result"]["Code"] == 1001


@pytest.mark.parametrize("missing", ["AppId", "Service", "DataId"])
def test_result_and_close_want_all_three(content: Content, missing: str) -> None:
    content.start()
    asked = {name: value for name, value in content.asked().items() if name != missing}
    assert content.call("GetAudioLiveResult", None, asked)["Result"]["Code"] == 1001
    assert content.verdict()["field"] == missing
    wish = {name: value for name, value in (content.asked() | {"AppId": APP}).items() if name != missing}
    assert content.call("CloseAudioLive", wish)["Result"]["Code"] == 1001


def test_finish_twice(content: Content) -> None:
    content.start()
    content.run(15)
    assert [content.close()["Code"] for _ in range(2)] == [0, 0]
    content.set(close_ended_code=1001)
    assert content.close()["Code"] == 1001
    task = content.task()
    assert (task["state"], task["billed_seconds"], task["finish_calls"]) == ("ended", 15, 3)
    content.run(60)
    assert (content.task()["billed_seconds"], content.task()["segments"]["made"]) == (15, 1)


def test_results_after_the_end_are_a_setting(content: Content) -> None:
    content.start()
    content.run(10)
    content.close()
    assert len(content.data()["Details"]) == 1
    content.set(ended_data="empty")
    assert content.data() == {}
    content.set(ended_data="refuse")
    assert content.poll()["Code"] == 1001
    content.set(ended_data="kept", retention=30)
    content.run(40)
    assert content.poll()["Code"] == 0
    content.run(41)
    assert content.poll()["Code"] == 1001


def test_scripted_and_ordered_ends_and_the_longest_life(content: Content) -> None:
    content.play(ends={"at": 30})
    content.set(longest_task=25)
    content.start(data_id="a")
    content.run(26)
    assert content.task()["end_reason"] == "limit"
    content.set(longest_task=0)
    content.start(data_id="b")
    content.run(60)
    assert (content.task()["end_reason"], content.task()["ended"]) == ("scripted", 56)
    content.start(data_id="c")
    assert content.admin("POST", "tasks/c/end")[1]["end_reason"] == "admin"
    assert content.admin("POST", "tasks/d/end")[0] == 404


def test_another_scenario_takes_effect_at_once(content: Content) -> None:
    content.start()
    status, answer = content.admin("POST", "scenario", {"name": "n", "rooms": {"room-1": {"lines": [BAD]}}})
    assert (status, answer["scenario"]) == (200, "n")
    content.run(20)
    assert content.data()["AudioText"] == "废物,滚"


def test_pass_through_comes_back_under_a_configured_key(content: Content) -> None:
    content.set(pass_through_key="passThrough")
    assert content.submit(passThrough="mine")["Data"] == {"PassThrough": "mine"}
    assert content.data()["PassThrough"] == "mine"
    assert content.close()["Data"] == {"PassThrough": "mine"}
    assert content.submit(data_id="b", passThrough=5)["Code"] == 1001


def test_script_by_the_clock_of_the_room(content: Content) -> None:
    content.world.runner.play(
        parse({"rooms": {"room-1": {"clock": "room", "lines": [BAD]}}}), content.time.now
    )
    content.start(data_id="a")
    content.run(10)
    content.start(data_id="b")
    content.run(20)
    assert [content.data(one)["Decision"] for one in ("a", "b")] == ["BLOCK", "BLOCK"]
