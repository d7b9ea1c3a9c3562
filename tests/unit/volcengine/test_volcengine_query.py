"""GetRoomOnlineUsers: what is asked, and that nothing but Volcengine's word makes a room empty."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from earshot.errors import EarshotError, GiveUp, Misconfigured, OutcomeUnknown, RetryLater
from earshot.platforms import registry
from earshot.platforms.volcengine.query import VolcengineQuery
from earshot.signing import volcengine_v4 as v4
from urllib3.util import parse_url

from tests.unit.support.makers import START
from tests.unit.support.notes import Notes
from tests.unit.support.shumei_calls import keyring

APP, HOST = "123456781234567812345678", "https://rtc.volcengineapi.com"
FIELDS = {"access_key_id": "AKLTEXAMPLE", "secret_access_key": ["SKEXAMPLE", "old"], "app_key": "k"}
OPTIONS = registry.check_options("volcengine", {})
RECORDER = f"{OPTIONS['recorder_user_prefix']}abc_1"
GONE = {"RoomExists": False}


def each(*values: Any) -> tuple[Any, ...]:
    return values


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def answered(result: Any, **metadata: Any) -> dict[str, Any]:
    return {"ResponseMetadata": {"RequestId": "r", "Service": "rtc", **metadata}, "Result": result}


def room(total: Any, visible: Any = (), invisible: Any = ()) -> dict[str, Any]:
    listed = {"VisibleUserList": visible, "InvisibleUserList": invisible}
    return {"RoomExists": True, "TotalUser": total, "TotalInvisibleUser": 0, **listed}


def ask(web: responses.RequestsMock, answer: Any, name: str = "room-1", status: int = 200) -> Any:
    web.get(f"{HOST}/", body=answer if isinstance(answer, bytes) else json.dumps(answer), status=status)
    query = VolcengineQuery(HOST, keyring({"volcengine": {APP: FIELDS}}), lambda: START)
    told = query.people(APP, [name], lambda user: registry.is_recorder("volcengine", OPTIONS, user))
    assert list(told) == [name]
    return told[name]


def refused(web: responses.RequestsMock, answer: Any, status: int = 200) -> EarshotError:
    with pytest.raises(EarshotError) as error:
        ask(web, answer, status=status)
    return error.value


def test_the_signed_request(web: responses.RequestsMock) -> None:
    assert ask(web, answered(GONE)) == 0
    request = web.calls[0].request
    url = f"{HOST}/?Action=GetRoomOnlineUsers&AppId={APP}&RoomId=room-1&Version=2023-11-01"
    assert (request.method, request.url, request.body) == ("GET", url, None)
    signed = v4.headers("GET", url, b"", v4.AccessKey("AKLTEXAMPLE", "SKEXAMPLE"), START)
    assert {name: request.headers[name] for name in signed} == signed
    assert request.req_kwargs["timeout"][1] == 5.0  # type: ignore[attr-defined]


def test_a_name_arrives_as_it_was_signed(web: responses.RequestsMock) -> None:
    name = "a/b?c%d e+连麦&RoomId=x"
    assert ask(web, answered(room(1, ["u"])), name) == 1
    url = str(web.calls[0].request.url)
    assert dict(parse_qsl(urlsplit(url).query))["RoomId"] == name
    assert v4.query({"RoomId": name}) in url
    assert parse_url(url).url == url


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (room(2, ["u1", "u2"]), 2),
        (room(2, ["u1", RECORDER]), 1),
        (room(1, [RECORDER]), 0),
        (room(1, [], [RECORDER]), 0),
        (room(1, [], ["listener"]), 1),
        (room(3, [RECORDER], ["l1", "l2"]), 2),
        (room(12_000, [RECORDER], ["l1"]), 11_999),
        (room(0, ["u1"]), 1),
        (room(1, [RECORDER], ["listener"]), 1),
        ({**room(1, [RECORDER], None), "TotalInvisibleUser": 1}, 1),
        (room(2, None, None), 2),
        (room(0, None, None), 0),
        ({"RoomExists": True, "TotalUser": 1}, 1),
        ({"RoomExist": True, "TotalUser": 1}, 1),
        ({"RoomExist": False}, 0),
        (GONE, 0),
    ],
)
def test_people_are_all_but_our_recorders(web: responses.RequestsMock, result: Any, expected: int) -> None:
    assert ask(web, answered(result)) == expected


@pytest.mark.parametrize(
    "answer",
    [
        *[b"", b"null", b"[]", b"{}", b"<html>", b"\xff", b"[" * 100_000, {"Result": GONE}],
        *[answered(value) for value in each(None, [], {}, "", {"TotalUser": 0}, {"RoomExists": True})],
        *[answered({"RoomExists": value}) for value in each(None, 0, "false", [])],
        *[answered(room(value)) for value in each(None, "0", False, 0.0, -1)],
        *[answered({**room(0), "TotalInvisibleUser": value}) for value in each(None, "0", False, -1)],
        *[answered(room(0, value)) for value in each({}, "", [None], [7], [[]])],
        *[answered(room(0, [], value)) for value in each({}, "", [None])],
        *[answered(GONE, Error=value) for value in each("InvalidAccessKey", [], {"Code": 7})],
    ],
    ids=repr,
)
def test_what_is_not_understood_is_no_empty_room(web: responses.RequestsMock, answer: Any) -> None:
    error = refused(web, answer)
    assert isinstance(error, RetryLater)
    assert error.reason in {"volcengine_unreadable", "volcengine_unreadable_answer"}


SECRET = f"secret volcengine.{APP}.secret_access_key"


@pytest.mark.parametrize("body", [b"<html>", answered(GONE), answered(None, Error={"Code": "AccessDenied"})])
@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_named(web: responses.RequestsMock, status: int, body: Any) -> None:
    error = refused(web, body, status)
    assert isinstance(error, Misconfigured)
    assert error.setting == SECRET
    assert "SKEXAMPLE" not in str(error)


@pytest.mark.parametrize("code", ["InvalidAccessKey", "SignatureDoesNotMatch", "AccessDenied.NoPolicy"])
def test_a_key_may_be_refused_with_200(web: responses.RequestsMock, code: str) -> None:
    error = refused(web, answered(GONE, Error={"Code": code, "CodeN": 1, "Message": "m"}))
    assert isinstance(error, Misconfigured)
    assert error.setting == SECRET


@pytest.mark.parametrize("status", [200, 400, 429, 500])
@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        ("InvalidTimestamp", RetryLater, "volcengine_InvalidTimestamp"),
        ("FlowLimitExceeded.QPSOverLimit", RetryLater, "volcengine_FlowLimitExceeded"),
        ("InternalError", RetryLater, "volcengine_InternalError"),
        ("InvalidParameter.NotExistAppId", GiveUp, "volcengine_InvalidParameter"),
        ("InvalidActionOrVersion", GiveUp, "volcengine_InvalidActionOrVersion"),
    ],
)
def test_documented_errors(
    web: responses.RequestsMock, status: int, code: str, kind: type[EarshotError], reason: str, notes: Notes
) -> None:
    """An error beside a result: the result is none."""
    error = refused(web, answered(GONE, Error={"Code": code}), status)
    assert (type(error), error.reason) == (kind, reason)
    assert notes.codes == []


@pytest.mark.parametrize("error", [{"Code": "New" * 99}, {"CodeN": 1}, {}])
def test_an_undocumented_error_is_noted(web: responses.RequestsMock, error: Any, notes: Notes) -> None:
    assert type(refused(web, answered(GONE, Error=error))) is RetryLater
    assert len(str(notes.of("ES501")["vendor_code"])) <= 64


@pytest.mark.parametrize("status", [201, 302, 404, 429, 500, 502])
def test_another_status_is_no_answer(web: responses.RequestsMock, status: int) -> None:
    assert type(refused(web, answered(GONE), status)) is RetryLater
    assert type(refused(web, b"<html>", status)) in (RetryLater, OutcomeUnknown)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"app_key": "k"}, "access_key_id"),
        ({"access_key_id": "x"}, "secret_access_key"),
        ({**FIELDS, "access_key_id": "AKLT\n"}, "access_key_id"),
        ({**FIELDS, "access_key_id": "连"}, "access_key_id"),
    ],
)
def test_a_wrong_key_is_named(fields: Any, field: str) -> None:
    held = keyring({"volcengine": {APP: fields}})
    query = registry.query("volcengine", lambda name: {"VOLCENGINE_RTC_BASE_URL": HOST}[name], held)
    assert query is not None
    assert (query.batch, query.per_second) == (1, 40.0)
    with pytest.raises(Misconfigured) as error:
        query.people(APP, ["room-1"], lambda _: False)
    assert error.value.setting == f"secret volcengine.{APP}.{field}"
