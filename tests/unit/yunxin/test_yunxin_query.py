"""Who is in a NERTC room: what is asked, and that nothing but Yunxin's word makes a room empty."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from earshot.errors import EarshotError, Misconfigured, RetryLater
from earshot.platforms import registry
from earshot.platforms.yunxin.query import YunxinQuery
from urllib3.util import parse_url

from tests.unit.support.makers import START
from tests.unit.support.notes import Notes
from tests.unit.support.shumei_calls import keyring

APP, SECRET, NONCE = "c37bf7a8758a4ed00000000000000000", "c00000000000", "a-nonce"
HOST = "https://rtc.yunxinapi.com"
OPTIONS = registry.check_options("yunxin", {})
RECORDER = OPTIONS["recorder_uid_base"] + 7


def each(*values: Any) -> tuple[Any, ...]:
    return values


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def room(*uids: Any, **fields: Any) -> dict[str, Any]:
    members = [{"uid": uid, "starttime": 1, "userRole": 0} for uid in uids]
    return {"code": 200, "requestId": "r", "errmsg": "", "cid": 7, "members": members, **fields}


def told(web: responses.RequestsMock, answer: Any, name: str = "room-1", status: int = 200) -> dict[str, int]:
    body = answer if isinstance(answer, bytes) else json.dumps(answer)
    web.get(f"{HOST}/v3/api/rooms/members", body=body, status=status)
    held = keyring({"yunxin": {APP: {"app_secret": [SECRET, "old"]}}})
    query = YunxinQuery(HOST, held, lambda: NONCE, lambda: START + 999)
    return query.people(APP, [name], lambda uid: registry.is_recorder("yunxin", OPTIONS, uid))


def refused(web: responses.RequestsMock, answer: Any, status: int = 200) -> EarshotError:
    with pytest.raises(EarshotError) as error:
        told(web, answer, status=status)
    return error.value


def test_the_signed_request(web: responses.RequestsMock) -> None:
    assert told(web, room(5)) == {"room-1": 1}
    request = web.calls[0].request
    assert (request.method, request.url) == ("GET", f"{HOST}/v3/api/rooms/members?cname=room-1")
    wanted = {
        "Content-Type": "application/json",
        "AppKey": APP,
        "Nonce": NONCE,
        "CurTime": str(START // 1000),
        "CheckSum": hashlib.sha1(f"{SECRET}{NONCE}{START // 1000}".encode()).hexdigest(),
    }
    assert {name: request.headers[name] for name in wanted} == wanted
    assert request.req_kwargs["timeout"][1] == 5.0  # type: ignore[attr-defined]


def test_a_name_arrives_as_it_is(web: responses.RequestsMock) -> None:
    name = "a/b?c%d e+连麦&cname=x"
    assert told(web, room(5, cname=name), name) == {name: 1}
    url = str(web.calls[0].request.url)
    assert parse_qsl(urlsplit(url).query) == [("cname", name)]
    assert "%20e%2B" in url
    assert parse_url(url).url == url


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (room(5, 6), 2),
        (room(5, RECORDER), 1),
        (room(RECORDER, RECORDER + 1), 0),
        (room(str(RECORDER), "5"), 1),
        (room(RECORDER, total=1), 0),
        (room(5, total=0), 1),
        (room(RECORDER, total=300), 299),
        (room(5, code=0, cname="room-1"), 1),
        ({"members": [{"uid": 5}]}, 1),
        (room(), 0),
        (room(total=0), 0),
    ],
)
def test_people_are_all_but_our_recorders(web: responses.RequestsMock, answer: Any, expected: int) -> None:
    assert told(web, answer) == {"room-1": expected}


@pytest.mark.parametrize("status", [200, 404])
def test_of_a_room_that_is_not_found_nothing_is_said(
    web: responses.RequestsMock, status: int, notes: Notes
) -> None:
    """No page says that a room that is gone gets this; so it is no 0, and the webhooks' count decides."""
    assert told(web, {"code": 404, "errmsg": "not found", "members": []}, status=status) == {}
    assert notes.of("ES501")["vendor_code"] == 404


@pytest.mark.parametrize(
    "answer",
    [
        *[
            b"",
            b"null",
            b"[]",
            b"<html>",
            b"\xff",
            b"[" * 100_000,
            {},
            {"code": 200},
            {"code": 0, "total": 0},
        ],
        *[room(code=value) for value in each(None, "200", True, 200.0, [])],
        *[room(members=value) for value in each(None, {}, "", [None], [5], [{}], [[]])],
        *[room(value) for value in each(None, True, 1.0, [], {})],
        *[room(total=value) for value in each("0", False, 0.0, -1)],
        *[room(cname=value) for value in each("room-2", "Room-1", "", 7)],
    ],
    ids=repr,
)
def test_what_is_not_understood_is_no_empty_room(web: responses.RequestsMock, answer: Any) -> None:
    error = refused(web, answer)
    assert isinstance(error, RetryLater)
    assert error.reason in {"yunxin_unreadable", "yunxin_unreadable_answer"}


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        *[(b"<html>", 401), (b"", 403), (room(), 403)],
        *[({"code": 401}, 200), ({"code": 403}, 200), ({"code": 414}, 200), (room(code=414), 414)],
    ],
)
def test_a_refused_secret_is_named(web: responses.RequestsMock, answer: Any, status: int) -> None:
    error = refused(web, answer, status)
    assert isinstance(error, Misconfigured)
    assert error.setting == f"secret yunxin.{APP}.app_secret"
    assert SECRET not in str(error)


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        *[({"code": 416}, 200, "yunxin_416"), ({"code": 429}, 429, "yunxin_429")],
        *[(room(), 429, "yunxin_429"), (room(), 500, "yunxin_500"), (room(code=500), 200, "yunxin_500")],
        (b"<html>", 502, "yunxin_unreadable_answer"),
    ],
)
def test_what_passes(
    web: responses.RequestsMock, answer: Any, status: int, reason: str, notes: Notes
) -> None:
    error = refused(web, answer, status)
    assert isinstance(error, RetryLater)
    assert error.reason == reason
    assert notes.codes == []


@pytest.mark.parametrize(
    ("answer", "status", "code"), [(room(code=30001), 200, 30001), (room(), 201, 201), (room(), 404, 404)]
)
def test_an_undocumented_code_is_noted(
    web: responses.RequestsMock, answer: Any, status: int, code: int, notes: Notes
) -> None:
    """A 404 without a code of Yunxin's is a wrong address."""
    assert type(refused(web, answer, status)) is RetryLater
    assert notes.of("ES501")["vendor_code"] == code


@pytest.mark.parametrize(
    ("settings", "named"),
    [({}, "secret yunxin"), ({"yunxin": {APP: {}}}, f"secret yunxin.{APP}.app_secret")],
)
def test_a_missing_secret_is_named(settings: Any, named: str) -> None:
    query = registry.query("yunxin", lambda name: {"YUNXIN_RTC_BASE_URL": HOST}[name], keyring(settings))
    assert query is not None
    assert (query.batch, query.per_second) == (1, 50.0)
    with pytest.raises(Misconfigured) as error:
        query.people(APP, ["room-1"], lambda _: False)
    assert error.value.setting == named


def test_a_nonce_is_used_once(web: responses.RequestsMock) -> None:
    web.get(f"{HOST}/v3/api/rooms/members", json=room(5))
    query = registry.query("yunxin", lambda _: HOST, keyring({"yunxin": {APP: {"app_secret": SECRET}}}))
    assert query is not None
    assert query.people(APP, ["a", "b"], lambda _: False) == {"a": 1, "b": 1}
    assert len({call.request.headers["Nonce"] for call in web.calls}) == 2
