"""What ends a task of V4, and what does not."""

from typing import Any

import pytest
from earshot.domain.verdict import TaskEnd, VendorTrouble, Verdict

from tests.unit.shumei.shumei_v4 import TASK, VIDEO_TASK, findings, push


@pytest.mark.parametrize("code", range(3001, 3006))
@pytest.mark.parametrize("stat", [1, "1", 0, ...])
@pytest.mark.parametrize("name", ["v4.end-of-stream", "v4-video.end-of-pictures", "v4-video.end-of-sound"])
def test_every_stream_error_ends_the_task(name: str, stat: Any, code: int) -> None:
    (end,) = findings(push(name, statCode=stat, auxInfo__errorCode=code, auxInfo__streamTime=60))
    assert end == TaskEnd(VIDEO_TASK if "video" in name else TASK, code, 60.0)


def test_an_ordinary_end_has_no_code() -> None:
    assert findings(push("v4.end-of-stream")) == (TaskEnd(TASK, None, 1_830.0),)
    assert findings(push("v4.end-of-stream", auxInfo=...)) == (TaskEnd(TASK, None, None),)


def test_an_end_may_come_with_the_last_segment() -> None:
    judged, ended = findings(push("v4.reject", statCode=1, auxInfo={"streamTime": 60}))
    assert isinstance(judged, Verdict)
    assert ended == TaskEnd(TASK, None, 60.0)


@pytest.mark.parametrize(
    ("ended_by", "pictures", "sound"),
    [("either", True, True), ("picture", True, False), ("sound", False, True)],
)
def test_whose_end_is_the_tasks(ended_by: str, pictures: bool, sound: bool) -> None:
    for name, ends in (("v4-video.end-of-pictures", pictures), ("v4-video.end-of-sound", sound)):
        assert findings(push(name), endedBy=ended_by) == ((TaskEnd(VIDEO_TASK, None, 70.0),) if ends else ())
        failed = push(name, auxInfo={"errorCode": 3003})
        assert findings(failed, endedBy=ended_by) == (TaskEnd(VIDEO_TASK, 3003, None),), (
            "a failure is of both"
        )
        unnamed = push(name, contentType=...)
        assert findings(unnamed, endedBy=ended_by), "of neither: nobody else will tell"


@pytest.mark.parametrize(("options", "ends"), [({}, True), ({"pullFailureEndsTask": False}, False)])
def test_1904_is_a_failed_pull_of_an_audio_stream(options: dict[str, Any], ends: bool) -> None:
    assert findings(push("v4.pull-failed"), **options) == (VendorTrouble(TASK, 1904, ends_task=ends),)


def test_1904_is_no_end_of_a_video_stream() -> None:
    body = push("v4-video.too-many-streams")
    assert findings(body) == (VendorTrouble(VIDEO_TASK, 1904, ends_task=False),)


@pytest.mark.parametrize("code", [1901, 1902, 1903, 9100, 9101, 1999])
@pytest.mark.parametrize("name", ["v4.reject", "v4-video.sound-reject", "v4-video.picture-reject"])
def test_the_vendors_own_trouble(name: str, code: int) -> None:
    (trouble,) = findings(push(name, code=code))
    assert isinstance(trouble, VendorTrouble)
    assert (trouble.code, trouble.ends_task) == (code, False)
