"""What is had by asking, in the shape of what a push would bring."""

import json
from typing import Any

import pytest
from earshot import http_client
from earshot.errors import EarshotError, Exhausted, Misconfigured, OutcomeUnknown, RetryLater, Suspended
from earshot.vendors.volcengine import asker
from earshot.vendors.volcengine.asker import VolcengineAsker
from earshot.vendors.volcengine.client import connected
from earshot.vendors.volcengine.door import identify
from earshot.vendors.volcengine.options import check
from earshot.vendors.volcengine.reader import read

from tests.unit.support.notes import Notes
from tests.unit.support.shumei_calls import keyring
from tests.unit.volcengine_vendor.volcengine_calls import (
    AUDIT,
    NOW,
    SETTINGS,
    URLS,
    Wire,
    answered,
    fault,
    query,
    said,
)
from tests.unit.volcengine_vendor.volcengine_results import audio, frame_of, slice_of, video

WHERE = "content_security/audio"


def asked(
    monkeypatch: Any, answer: Any, where: str | None = WHERE, **options: Any
) -> tuple[list[bytes], Wire]:
    wire = Wire([answered(answer)])
    monkeypatch.setattr(http_client, "call", wire)
    calls, _ = connected(URLS.__getitem__, keyring(SETTINGS), lambda: NOW)
    return list(VolcengineAsker(calls).ask("room-1-audio", where, check("room_mixed", options))), wire


def test_the_question_is_the_vectors(monkeypatch: Any) -> None:
    _, wire = asked(monkeypatch, said(0, audio()))
    ((method, url, request),) = wire.calls
    assert (method, request["body"]) == ("GET", None)
    assert query(url) == {
        "Action": "GetAudioLiveResult",
        "AppId": "12345",
        "DataId": "room-1-audio",
        "Service": "audio_live_risk",
        "Version": "2022-04-25",
    }
    signature = "3441588430dbe78841ed076fcd10aac961d82063412c129a4f74b7ffff63f32f"
    assert request["headers"]["Authorization"].endswith(f"Signature={signature}")
    assert "Content-Type" not in request["headers"]


@pytest.mark.parametrize(("where", "options"), [("content_security/video", {}), (None, {"media": "video"})])
def test_a_video_is_asked_about_as_one(monkeypatch: Any, where: str | None, options: dict[str, Any]) -> None:
    results, wire = asked(monkeypatch, said(0, video([frame_of()], [slice_of()])), where, **options)
    assert wire.actions == ["GetVideoLiveResult"]
    assert [identify(one).key for one in results] == ["audio#u1#s1#BLOCK", "image#u1#f1#REVIEW"]


def test_results_are_those_that_a_push_would_bring(monkeypatch: Any) -> None:
    results, _ = asked(monkeypatch, said(0, audio(slice_of(1), slice_of(2, Decision="PASS"))))
    assert [identify(one).key for one in results] == ["audio#u1#s1#BLOCK", "audio#u1#s2#PASS"]
    assert all(read(one, check("room_mixed", {})) for one in results)


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (None, 0),
        ({"PassThrough": ""}, 0),
        (audio(Decision="PASS"), 0),
        (audio(Decision="PASS", Details=None), 0),
        (audio(), 1),
        ({"Decision": "BLOCK"}, 1),
        ({"Details": [slice_of(Decision=None)]}, 1),
    ],
)
def test_a_stream_that_has_nothing_yet_brings_nothing(monkeypatch: Any, data: Any, count: int) -> None:
    results, _ = asked(monkeypatch, said(0, data))
    assert len(results) == count


def test_half_a_character_keeps_nothing_back(monkeypatch: Any) -> None:
    body = json.dumps(said(0, audio(slice_of(AudioText="\ud800"), slice_of(2)))).encode()
    results, _ = asked(monkeypatch, body)
    assert len([identify(one) for one in results]) == 2


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (said(1001), RetryLater),
        (said(1002), Misconfigured),
        (said(1003), Suspended),
        (said(1004), Exhausted),
        (said(2000), RetryLater),
        (said(4711), RetryLater),
        (b"<html>", RetryLater),
        (OutcomeUnknown("no_answer"), RetryLater),
        (fault("InternalServiceTimeout", 100016), RetryLater),
    ],
)
def test_a_question_does_nothing_whatever_is_answered(
    monkeypatch: Any, answer: Any, kind: type[EarshotError], notes: Notes
) -> None:
    with pytest.raises(EarshotError) as error:
        asked(monkeypatch, answer)
    assert type(error.value) is kind


def test_the_audit_of_a_room_is_not_asked(monkeypatch: Any) -> None:
    results, wire = asked(monkeypatch, said(), "rtc_audit/app1", **AUDIT)
    assert (results, wire.calls) == ([], [])


@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, True), (AUDIT, False), ({"asks": False, "parameters": {"callback": "callback"}}, False)],
)
def test_who_is_asked(options: dict[str, Any], expected: bool) -> None:
    made = asker.connect(URLS.__getitem__, keyring(SETTINGS))
    assert made.asks(check("room_mixed", options)) is expected
    assert made.every_ms > 0
