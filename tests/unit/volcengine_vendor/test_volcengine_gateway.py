"""The gateway's envelope: every documented error, by its number or its name, whatever the status."""

from typing import Any

import pytest
from earshot.errors import EarshotError, Exhausted, GiveUp, Misconfigured, OutcomeUnknown, RetryLater
from earshot.vendors.volcengine.gateway import Fault, _fault

from tests.unit.support.notes import Notes
from tests.unit.volcengine_vendor.volcengine_calls import (
    APP,
    DONE,
    ROOM,
    URL,
    accepted,
    answered,
    fault,
    listed,
    said,
    wired,
)

DOCUMENTED = [
    (100002, "MissingParameter", GiveUp),
    (100003, "MissingAuthenticationToken", GiveUp),
    (100004, "MissingRequestInfo", GiveUp),
    (100005, "MissingSignature", GiveUp),
    (100007, "ServiceNotFound", GiveUp),
    (100008, "InvalidActionOrVersion", GiveUp),
    (100009, "InvalidAccessKey", Misconfigured),
    (100010, "SignatureDoesNotMatch", Misconfigured),
    (100012, "LackPolicy", Misconfigured),
    (100013, "AccessDenied", Misconfigured),
    (100014, "InternalError", OutcomeUnknown),
    (100015, "FailToConnect", RetryLater),
    (100016, "InternalServiceTimeout", OutcomeUnknown),
]


@pytest.mark.parametrize(("number", "code", "kind"), DOCUMENTED)
@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 500])
def test_the_code_decides_and_the_status_does_not(
    monkeypatch: Any, number: int, code: str, kind: type[EarshotError], status: int, notes: Notes
) -> None:
    for told in (fault(code, number), fault(code), fault("", number), fault(f"{code}.Detail")):
        with pytest.raises(EarshotError) as error:
            accepted(monkeypatch, answered(told, status), case=URL)
        assert type(error.value) is kind
        assert code in str(error.value)
    assert notes.codes == []


@pytest.mark.parametrize("told", [fault("New", 100099), fault("New"), fault("N" * 999)])
def test_an_undocumented_one_may_have_done_it(monkeypatch: Any, told: Any, notes: Notes) -> None:
    with pytest.raises(OutcomeUnknown):
        accepted(monkeypatch, told, case=URL)
    assert len(str(notes.of("ES501")["vendor_code"])) <= 64


@pytest.mark.parametrize("status", [400, 403])
def test_a_time_that_is_refused_is_taken_anew_once(monkeypatch: Any, status: int) -> None:
    stale = answered(fault("InvalidTimestamp", 100006), status)
    client, wire = wired(monkeypatch, stale, said())
    assert client.submit(URL.submission()).vendor_task_id
    times = [request["headers"]["X-Date"] for _, _, request in wire.calls]
    assert times == ["20260102T030405Z", "20260102T030406Z"]


def test_a_clock_that_is_off_is_named(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch, fault("InvalidTimestamp", 100006))
    with pytest.raises(Misconfigured) as error:
        client.submit(URL.submission())
    assert (error.value.setting, len(wire.calls)) == ("clock", 2)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, None),
        ({}, None),
        ({"CodeN": 0}, None),
        ({"CodeN": 0, "Code": ""}, None),
        ({"CodeN": 0, "Code": "InvalidParameter"}, Fault("InvalidParameter", 0)),
        ({"Code": "InvalidParameter.Room"}, Fault("InvalidParameter", None)),
        ({"CodeN": 100009, "Code": "Renamed"}, Fault("InvalidAccessKey", 100009)),
        ({"CodeN": "100009"}, Fault("InvalidAccessKey", 100009)),
        ({"CodeN": [], "Code": "AccessDenied"}, Fault("AccessDenied", None)),
        ("AccessDenied", Fault("", None)),
        ({"Message": "m"}, Fault("", None)),
        ([], Fault("", None)),
    ],
)
def test_what_an_error_says(error: Any, expected: Fault | None) -> None:
    assert _fault(error) == expected


def test_a_code_of_the_service_itself_is_beside_number_0(monkeypatch: Any) -> None:
    """Of content security ``Result.Code`` says it; of RTC the name does."""
    mixed = {**said(), "ResponseMetadata": {"Error": {"CodeN": 0, "Code": "Success"}}}
    assert accepted(monkeypatch, mixed, case=URL).vendor_task_id
    with pytest.raises(GiveUp):
        accepted(monkeypatch, listed(), fault("InvalidParameter", 0), case=ROOM)


def test_too_many_calls_are_another_matter(monkeypatch: Any) -> None:
    with pytest.raises(Exhausted):
        accepted(monkeypatch, listed(), fault("FlowLimitExceeded.QPSOverLimit"), case=ROOM)


def test_a_wrong_key_of_rtc_is_named(monkeypatch: Any) -> None:
    with pytest.raises(Misconfigured) as error:
        accepted(monkeypatch, listed(), fault("SignatureDoesNotMatch", 100010), case=ROOM)
    assert error.value.setting == f"secret volcengine.{APP}.secret_access_key"


def test_the_envelope_is_read_whatever_is_beside_it(monkeypatch: Any) -> None:
    assert accepted(monkeypatch, listed(), {**DONE, "ResponseMetadata": "odd"}, case=ROOM)
