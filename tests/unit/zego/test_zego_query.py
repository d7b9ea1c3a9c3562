"""DescribeUserNum: what is asked, and that nothing but ZEGO's word makes a room empty."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from earshot.errors import EarshotError, GiveUp, Misconfigured, OutcomeUnknown, RetryLater
from earshot.platforms import registry
from earshot.platforms.zego.query import ZegoQuery
from earshot.platforms.zego.signing import signature
from urllib3.util import parse_url

from tests.unit.support.makers import START
from tests.unit.support.notes import Notes
from tests.unit.support.shumei_calls import keyring

APP, SECRET, NONCE = "1234567890", "0123456789abcdef0123456789abcdef", "0011223344556677"
HOST = "https://rtc-api.zego.im"
ODD = "a/b?c%d e+连麦&RoomId[]=x"


def each(*values: Any) -> tuple[Any, ...]:
    return values


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def counts(*rooms: Any) -> dict[str, Any]:
    return {"Code": 0, "Message": "success", "RequestId": "r", "Data": {"UserCountList": list(rooms)}}


def room(name: Any, users: Any, robots: Any = 0) -> dict[str, Any]:
    return {"RoomId": name, "UserCount": users, "AdminUserCount": robots}


def ask(web: responses.RequestsMock, answer: Any, *rooms: str, status: int = 200, **fields: Any) -> Any:
    web.get(f"{HOST}/", body=answer if isinstance(answer, bytes) else json.dumps(answer), status=status)
    settings = {"zego": {APP: {"server_secret": [SECRET, "old"], **fields}}}
    query = ZegoQuery(HOST, keyring(settings), lambda: NONCE, lambda: START + 999)
    return query.people(APP, rooms or ("room-1",), lambda _: pytest.fail("ZEGO tells no ids"))


def refused(web: responses.RequestsMock, answer: Any, **more: Any) -> EarshotError:
    with pytest.raises(EarshotError) as error:
        ask(web, answer, **more)
    return error.value


def sent(web: responses.RequestsMock) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(web.calls[-1].request.url or "").query, strict_parsing=True)


def test_ten_rooms_in_one_signed_call(web: responses.RequestsMock) -> None:
    rooms = [f"room-{n}" for n in range(ZegoQuery.batch)]
    told = ask(web, counts(*(room(name, n + 1, 1) for n, name in enumerate(rooms))), *rooms)
    assert told == {name: n for n, name in enumerate(rooms)}
    assert len(web.calls) == 1
    assert sent(web) == [
        ("Action", "DescribeUserNum"),
        ("AppId", APP),
        ("SignatureNonce", NONCE),
        ("Timestamp", str(START // 1000)),
        ("Signature", signature(APP, NONCE, SECRET, START // 1000)),
        ("SignatureVersion", "2.0"),
        *(("RoomId[]", name) for name in rooms),
    ]
    assert web.calls[0].request.req_kwargs["timeout"][1] == 5.0  # type: ignore[attr-defined]


def test_a_name_arrives_as_it_is(web: responses.RequestsMock) -> None:
    assert ask(web, counts(room(ODD, 2)), ODD) == {ODD: 2}
    url = str(web.calls[0].request.url)
    assert sent(web)[-1] == ("RoomId[]", ODD)
    assert "%20e%2B" in url
    assert parse_url(url).url == url


@pytest.mark.parametrize(
    ("listed", "people"),
    [
        ([room("room-1", 3)], 3),
        ([room("room-1", 3, 2)], 1),
        ([room("room-1", 1, 1)], 0),
        ([room("room-1", 0)], 0),
        ([], 0),
        ([{"RoomId": "room-1", "UserCount": 1}], 1),
        ([room("room-1", 0), room("room-1", 2)], 2),
    ],
    ids=["people", "with robots", "robots only", "nobody", "gone", "robots not counted", "twice"],
)
def test_people_are_users_without_robots(web: responses.RequestsMock, listed: Any, people: int) -> None:
    assert ask(web, counts(*listed)) == {"room-1": people}


def test_one_room_of_two_is_gone(web: responses.RequestsMock) -> None:
    assert ask(web, counts(room("b", 4, 1)), "a", "b") == {"a": 0, "b": 3}


@pytest.mark.parametrize(
    "answer",
    [
        *[b"", b"null", b"[]", b"{}", b"<html>", b"\xff", b"[" * 100_000, {"Code": "ok"}, {"Code": None}],
        *[{"Code": 0}, {"Code": 0, "Data": None}, {"Code": 0, "Data": []}, {"Code": 0, "Data": {}}],
        {"Code": 0, "Data": {"UserCountList": None}},
        {"Code": 0, "Data": {"UserCountList": {}}},
        *[counts(room("room-1", value)) for value in each(None, "0", False, 0.0, -1, [], {})],
        *[counts(room("room-1", 1, value)) for value in each(None, "1", True, 1.0, -1, 2)],
        *[counts({"UserCount": 0}), counts({"RoomId": "room-1"}), counts(room(1, 0)), counts(None)],
        *[counts(room("Room-1", 0)), counts(room("room-1", 0), room("room-2", 0))],
    ],
    ids=lambda answer: repr(answer)[:80],
)
def test_what_is_not_understood_is_no_empty_room(web: responses.RequestsMock, answer: Any) -> None:
    error = refused(web, answer)
    assert isinstance(error, RetryLater)
    assert error.reason in {"zego_unreadable", "zego_unreadable_answer"}


@pytest.mark.parametrize(
    ("code", "kind"),
    [(100000005, Misconfigured), (100000004, RetryLater), (206, RetryLater), (2, GiveUp), (104, GiveUp)],
)
@pytest.mark.parametrize("data", [None, "", {"UserCountList": []}])
def test_an_error_is_told_by_its_code(
    web: responses.RequestsMock, code: int, kind: type[EarshotError], data: Any
) -> None:
    error = refused(web, {"Code": code, "Message": SECRET, "Data": data})
    assert type(error) is kind
    assert f"zego_{code}" in str(error)
    assert SECRET not in str(error)


def test_an_undocumented_code_is_noted(web: responses.RequestsMock, notes: Notes) -> None:
    assert type(refused(web, {"Code": 77})) is RetryLater
    assert notes.of("ES501")["vendor_code"] == 77


@pytest.mark.parametrize("status", [301, 401, 403, 429, 502])
def test_a_page_in_place_of_an_answer(web: responses.RequestsMock, status: int) -> None:
    assert type(refused(web, b"<html>", status=status)) is OutcomeUnknown


@pytest.mark.parametrize(("value", "expected"), [("true", "true"), ("false", "false")])
def test_the_environment_is_asked_that_the_settings_name(
    web: responses.RequestsMock, value: str, expected: str
) -> None:
    ask(web, counts(), is_test=value)
    assert dict(sent(web))["IsTest"] == expected


@pytest.mark.parametrize("value", ["yes", True, None, ""])
def test_an_environment_that_is_none_is_named(web: responses.RequestsMock, value: Any) -> None:
    error = refused(web, counts(), is_test=value)
    assert isinstance(error, Misconfigured)
    assert error.setting == f"secret zego.{APP}.is_test"
    assert not web.calls


@pytest.mark.parametrize(
    ("settings", "named"),
    [({}, "secret zego"), ({"zego": {APP: {}}}, f"secret zego.{APP}.server_secret")],
)
def test_a_missing_secret_is_named(settings: Any, named: str) -> None:
    query = registry.query("zego", lambda name: {"ZEGO_BASE_URL": HOST}[name], keyring(settings))
    assert query is not None
    assert (query.batch, query.per_second) == (10, 10.0)
    with pytest.raises(Misconfigured) as error:
        query.people(APP, ["room-1"], lambda _: False)
    assert error.value.setting == named
