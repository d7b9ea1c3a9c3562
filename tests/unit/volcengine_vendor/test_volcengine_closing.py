"""Content security: how a task is closed, and when it is believed to be gone."""

from typing import Any

import pytest
from earshot.errors import AlreadyDone, EarshotError, OutcomeUnknown, RetryLater
from earshot.vendors.port import Ending

from tests.unit.volcengine_vendor.test_volcengine_vectors import A3_BODY
from tests.unit.volcengine_vendor.volcengine_calls import URL, fault, said, wired

VIDEO = {"media": "video"}
ENDED = Ending("room-1-audio", "content_security/audio")
SECRETS = ("AKTEST", "c2Vjcm")


@pytest.mark.parametrize(
    ("endpoint", "action", "service"),
    [
        ("content_security/audio", "CloseAudioLive", "audio_live_risk"),
        ("content_security/video", "CloseVideoLive", "video_live_risk"),
    ],
)
def test_it_is_closed_where_it_was_opened(monkeypatch: Any, endpoint: str, action: str, service: str) -> None:
    client, wire = wired(monkeypatch, said())
    assert client.finish([Ending("room-1-audio", endpoint)]) == [None]
    assert wire.actions == [action]
    assert wire.calls[0][2]["body"].decode() == A3_BODY.replace("audio_live_risk", service)


def test_one_whose_acceptance_was_never_seen_is_closed_by_the_plan(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch, said())
    assert client.finish([Ending("x", None, URL.but(options=VIDEO).checked)]) == [None]
    assert wire.actions == ["CloseVideoLive"]


def test_one_call_a_task(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch, said(), said(2000), OutcomeUnknown("no_answer"))
    outcomes = client.finish([ENDED, ENDED, ENDED])
    assert [type(one) for one in outcomes] == [type(None), RetryLater, OutcomeUnknown]
    assert len(wire.calls) == 3


@pytest.mark.parametrize("code", [1001, 1005, 4711])
def test_a_close_that_is_refused_is_believed_when_the_task_was_to_be_gone(
    monkeypatch: Any, code: int
) -> None:
    """Which code says so is not documented: until then the vendor may bill."""

    def closed(**more: Any) -> EarshotError | None:
        client, _ = wired(monkeypatch, said(code))
        (outcome,) = client.finish([Ending("x", "content_security/audio", **more)])
        return outcome

    assert type(closed()) is RetryLater
    assert type(closed(known_ended=True)) is AlreadyDone
    assert type(closed(options={"closeErrors": "gone"})) is AlreadyDone


@pytest.mark.parametrize("code", [1002, 1003, 1004, 2000])
def test_what_says_nothing_of_the_task_is_repeated(monkeypatch: Any, code: int) -> None:
    client, _ = wired(monkeypatch, said(code))
    ending = Ending("x", "content_security/audio", {"closeErrors": "gone"}, known_ended=True)
    (outcome,) = client.finish([ending])
    assert type(outcome) is RetryLater


@pytest.mark.parametrize("answer", [fault("AccessDenied", 100013), fault("MissingParameter"), b"<html>"])
def test_no_answer_but_its_own_ends_a_task(monkeypatch: Any, answer: Any) -> None:
    client, _ = wired(monkeypatch, answer)
    (outcome,) = client.finish([Ending("x", "content_security/audio", {}, known_ended=True)])
    assert isinstance(outcome, RetryLater)
    assert not any(secret in str(outcome) for secret in SECRETS)
