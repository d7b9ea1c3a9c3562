"""The RTC audit: what is started and stopped, and what each answer comes to."""

from typing import Any

import pytest
from earshot.errors import (
    AlreadyDone,
    BadInput,
    EarshotError,
    GiveUp,
    Misconfigured,
    OutcomeUnknown,
    RetryLater,
)
from earshot.vendors.port import Accepted, Ending
from earshot.vendors.volcengine.detections import Detection, named
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.volcengine_vendor.volcengine_calls import (
    APP,
    CALLBACK_URL,
    DONE,
    ROOM,
    URL,
    ZEGO,
    Case,
    accepted,
    fault,
    listed,
    query,
    running,
    wired,
)

NAME = f"{APP}/room%2F1%20%E8%BF%9E"
ENDPOINT = f"rtc_audit/{APP}"
USER = ROOM.but(target="stream", watch={"account_id": "u/1"})
LOST = OutcomeUnknown("no_answer")


# --- a start


def test_a_room_is_audited(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch, listed(), DONE)
    assert client.submit(ROOM.submission()) == Accepted(NAME, ENDPOINT, deaf_s=60)
    (asked, url, _), (method, started, request) = wire.calls
    assert (asked, query(url)) == (
        "GET",
        {"Action": "ListDetectionTask", "Version": "2023-11-01", "AppId": APP, "RoomId": ROOM.room_id},
    )
    assert (method, query(started)) == ("POST", {"Action": "StartDetection", "Version": "2023-11-01"})
    assert started.startswith("https://rtc.volcengineapi.com/?")
    assert wire.sent() == {
        "AppId": APP,
        "RoomId": "room/1 连",
        "Callback": CALLBACK_URL,
        "CallbackType": 1,
        "MediaType": 2,
        "IdleSec": 10_800,
    }
    assert "/cn-north-1/rtc/request," in request["headers"]["Authorization"]


def test_what_the_plan_says_is_sent(monkeypatch: Any) -> None:
    chosen = {"CallbackType": 0, "MediaType": 3, "Interval": 100, "Duration": 600_000, "IdleSec": 1}
    case = ROOM.but(options={**chosen, "version": "2020-12-01", "warm_up_s": 0})
    client, wire = wired(monkeypatch, listed(), DONE)
    assert client.submit(case.submission()).deaf_s == 0
    assert {name: wire.sent()[name] for name in chosen} == chosen
    assert [query(url)["Version"] for _, url, _ in wire.calls] == ["2020-12-01"] * 2


def test_one_user_of_it(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch, listed(), DONE)
    assert client.submit(USER.submission()).vendor_task_id == f"{NAME}/u%2F1"
    assert wire.sent()["UserId"] == query(wire.calls[0][1])["UserId"] == "u/1"
    named_by_stream = ROOM.but(target="stream", watch={"account_id": None, "stream_id": "u2"})
    assert accepted(monkeypatch, listed(), DONE, case=named_by_stream).vendor_task_id == f"{NAME}/u2"


@pytest.mark.parametrize(
    ("task", "is_running"),
    [
        ({}, True),
        ({"UserId": None}, True),
        ({"Status": 2}, False),
        ({"RoomId": "another"}, False),
        ({"UserId": "u/1"}, False),
    ],
)
def test_a_room_that_is_audited_already_is_adopted(
    monkeypatch: Any, task: dict[str, Any], is_running: bool
) -> None:
    """The answer to a start does not tell: it is the same both times."""
    found = accepted(monkeypatch, listed(running(Status=2), running(**task)), DONE, case=ROOM)
    assert found == Accepted(NAME, ENDPOINT, adopted=is_running, deaf_s=60)


def test_a_user_who_is_audited_already_is_adopted(monkeypatch: Any) -> None:
    assert accepted(monkeypatch, listed(running(UserId="u/1")), DONE, case=USER).adopted
    assert not accepted(monkeypatch, listed(running()), DONE, case=USER).adopted


@pytest.mark.parametrize(
    "answer",
    [
        LOST,
        RetryLater("not_connected"),
        b"<html>",
        fault("InternalError", 100014),
        fault("LackPolicy", 100012),
        {"Result": {"EventData": "x"}},
        {"Result": [1]},
    ],
)
def test_where_nobody_can_tell_it_may_have_been(monkeypatch: Any, answer: Any) -> None:
    """It is audited after the start in any case."""
    assert accepted(monkeypatch, answer, DONE, case=ROOM) == Accepted(NAME, ENDPOINT, True, deaf_s=60)


@pytest.mark.parametrize("answer", [listed(), {"Result": None}, {"Result": {"EventData": None}}, {}])
def test_nothing_is_listed_of_a_room_that_never_was_audited(monkeypatch: Any, answer: Any) -> None:
    assert not accepted(monkeypatch, answer, DONE, case=ROOM).adopted


def test_a_task_of_another_shape_does_not_hide_the_next(monkeypatch: Any) -> None:
    odd: Any = ["x", {"RoomId": ROOM.room_id}, None]
    assert accepted(monkeypatch, listed(*odd, running()), DONE, case=ROOM).adopted


def test_signs_are_regular_only_where_the_plan_says_so(monkeypatch: Any) -> None:
    """Where nobody publishes there are none, whatever the length of a slice."""
    assert accepted(monkeypatch, listed(), DONE, case=ROOM).signs_every_s is None
    case = ROOM.but(options={"signs_every_s": 20})
    assert accepted(monkeypatch, listed(), DONE, case=case).signs_every_s == 20


@pytest.mark.parametrize(
    ("case", "field"),
    [
        (ZEGO.but(options={"product": "rtc_audit"}), "platform"),
        (URL.but(options={"product": "rtc_audit"}), "platform"),
        (ROOM.but(target="stream"), "account_id"),
        (ROOM.but(room_id="\ud800"), "RoomId"),
    ],
)
def test_what_cannot_be_audited_is_named_and_not_sent(monkeypatch: Any, case: Case, field: str) -> None:
    options = {name: value for name, value in case.options.items() if name != "roomParameters"}
    client, wire = wired(monkeypatch, listed(), DONE)
    with pytest.raises(BadInput) as error:
        client.submit(Case(**{**vars(case), "options": options}).submission())
    assert (error.value.field, wire.calls) == (field, [])


@pytest.mark.parametrize(
    ("url", "checks", "is_fine"),
    [
        (CALLBACK_URL, True, True),
        ("http://api.example.com/x", True, False),
        ("https://192.0.2.7/x", True, False),
        ("https://[2001:db8::1]/x", True, False),
        ("https://localhost/x", True, False),
        ("http://127.0.0.1:3000/x", False, True),
        ("http://localhost:3000/x", False, True),
        ("/callbacks/x", False, False),
        ("", False, False),
        ("ftp://example.com/", False, False),
        ("https:///x", False, False),
        ("https://example.com/" + "x" * 1_024, False, False),
    ],
)
def test_an_address_that_the_vendor_would_not_use_is_named_before(
    monkeypatch: Any, url: str, checks: bool, is_fine: bool
) -> None:
    """It would audit all the same, and say nothing."""
    case = ROOM.but(callback_url=url, options={"checksCallback": checks})
    client, wire = wired(monkeypatch, listed(), DONE)
    if is_fine:
        assert client.submit(case.submission())
        return
    with pytest.raises(Misconfigured) as error:
        client.submit(case.submission())
    assert (error.value.setting, wire.calls) == ("callback address", [])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (LOST, OutcomeUnknown),
        (RetryLater("not_connected"), RetryLater),
        (b"<html>", OutcomeUnknown),
        ({}, OutcomeUnknown),
        ({"Result": "success"}, OutcomeUnknown),
        (fault("InvalidParameter"), GiveUp),
        (fault("DetectionInProgress"), OutcomeUnknown),
        (fault("InternalServiceTimeout", 100016), OutcomeUnknown),
    ],
)
def test_what_a_start_may_be_answered_with(monkeypatch: Any, answer: Any, kind: type[EarshotError]) -> None:
    with pytest.raises(EarshotError) as error:
        accepted(monkeypatch, listed(), answer, case=ROOM)
    assert type(error.value) is kind


def test_the_text_of_a_success_decides_nothing(monkeypatch: Any) -> None:
    for text in ("success", "the task has already been started", "", None):
        assert not accepted(monkeypatch, listed(), {"Result": {"Message": text}}, case=ROOM).adopted


def test_a_room_of_an_application_without_a_key_is_named(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch, listed(), DONE, settings={"volcengine": {}})
    with pytest.raises(Misconfigured) as error:
        client.submit(ROOM.submission())
    assert (error.value.setting, wire.calls) == (f"secret volcengine.{APP}", [])


# --- its end


@pytest.mark.parametrize("endpoint", [ENDPOINT, "rtc_audit", None])
def test_its_name_is_enough_to_stop_it(monkeypatch: Any, endpoint: str | None) -> None:
    client, wire = wired(monkeypatch, DONE)
    endings = [Ending(NAME, endpoint, ROOM.checked), Ending(f"{NAME}/u%2F1", endpoint, ROOM.checked)]
    assert client.finish(endings) == [None, None]
    assert wire.actions == ["StopDetection"] * 2
    assert wire.sent(0) == {"AppId": APP, "RoomId": ROOM.room_id}
    assert wire.sent(1) == {"AppId": APP, "RoomId": ROOM.room_id, "UserId": "u/1"}


def test_the_endpoint_of_a_plan(monkeypatch: Any) -> None:
    client, _ = wired(monkeypatch, DONE)
    assert client.endpoint(ROOM.checked) == "rtc_audit"


@pytest.mark.parametrize("answer", [fault("InvalidParameter"), fault("DetectionNotFound", 0)])
def test_a_stop_that_is_refused_is_believed_when_it_was_to_be(monkeypatch: Any, answer: Any) -> None:
    client, _ = wired(monkeypatch, answer)
    (first,) = client.finish([Ending(NAME, ENDPOINT)])
    (second,) = client.finish([Ending(NAME, ENDPOINT, known_ended=True)])
    assert isinstance(first, RetryLater)
    assert type(second) is AlreadyDone


@pytest.mark.parametrize(
    "answer",
    [LOST, b"", {}, fault("LackPolicy", 100012), fault("InvalidTimestamp", 100006), fault("InternalError")],
)
def test_whatever_else_is_wrong_it_is_stopped_again(monkeypatch: Any, answer: Any) -> None:
    client, _ = wired(monkeypatch, answer)
    (error,) = client.finish([Ending(NAME, ENDPOINT, known_ended=True)])
    assert isinstance(error, RetryLater)


def test_what_is_no_name_is_not_stopped(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch, DONE)
    (error,) = client.finish([Ending("x", ENDPOINT)])
    assert (type(error), wire.calls) == (RetryLater, [])


NONE_EMPTY = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@given(NONE_EMPTY, NONE_EMPTY, st.none() | NONE_EMPTY)
def test_a_name_holds_all_of_it(app: str, room: str, user: str | None) -> None:
    made = Detection(app, room, user)
    assert named(made.name) == made


@pytest.mark.parametrize("text", ["", "a", "a/", "/b", "a/b/", "a/b/c/d"])
def test_no_name(text: str) -> None:
    assert named(text) is None
