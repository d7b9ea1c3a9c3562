"""Who is in a channel: what is asked, and that nothing but Agora's word makes a channel empty."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import responses
from earshot.errors import EarshotError, GiveUp, Misconfigured, RetryLater
from earshot.platforms import registry
from earshot.platforms.agora.query import AgoraQuery
from urllib3.util import parse_url

from tests.unit.support.notes import Notes
from tests.unit.support.shumei_calls import keyring

APP = "970CA35de60c44645bbae8a215061b33"
HOST = "https://api.agora.io"
PATH = f"{HOST}/dev/v1/channel/user/{APP}"
KEYS = {"customer_id": "an-id", "customer_secret": ["a-secret", "old"]}
OPTIONS = registry.check_options("agora", {})
RECORDER = OPTIONS["recorder_uid_base"] + 7
GONE = {"channel_exist": False}


def each(*values: Any) -> tuple[Any, ...]:
    return values


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def query(settings: Any = None) -> Any:
    held = keyring({"agora": {APP: KEYS}} if settings is None else settings)
    return registry.query("agora", lambda name: {"AGORA_BASE_URL": HOST}[name], held)


def people(room_id: str = "room-1") -> int:
    told = query().people(APP, [room_id], lambda uid: registry.is_recorder("agora", OPTIONS, uid))
    assert list(told) == [room_id]
    return int(told[room_id])


def said(web: responses.RequestsMock, data: Any, status: int = 200) -> None:
    body = data if isinstance(data, bytes) else json.dumps({"success": True, "data": data})
    web.get(f"{PATH}/room-1", body=body, status=status)


def call(**data: Any) -> dict[str, Any]:
    return {"channel_exist": True, "mode": 1, "total": 0, "users": []} | data


def live(**data: Any) -> dict[str, Any]:
    return {"channel_exist": True, "mode": 2, "broadcasters": [], "audience": [], "audience_total": 0} | data


def refused(web: responses.RequestsMock, data: Any, status: int = 200) -> EarshotError:
    said(web, data, status)
    with pytest.raises(EarshotError) as error:
        people()
    return error.value


def test_the_request(web: responses.RequestsMock) -> None:
    said(web, GONE)
    assert people() == 0
    request = web.calls[0].request
    assert (request.method, request.url) == ("GET", f"{PATH}/room-1")
    assert request.headers["Authorization"] == f"Basic {base64.b64encode(b'an-id:a-secret').decode()}"
    assert request.headers["Content-Type"] == "application/json"
    assert request.req_kwargs["timeout"][1] == 5.0  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["a/b?c%d e+连麦", "%2F", "../x", "a;b=c&d#e:@", "..."])
def test_a_name_arrives_as_it_is(web: responses.RequestsMock, name: str) -> None:
    web.get(re.compile(".*"), json={"success": True, "data": call(total=1, users=[5])})
    assert people(name) == 1
    url = str(web.calls[0].request.url)
    assert unquote(urlsplit(url).path.removeprefix(urlsplit(PATH).path + "/")) == name
    assert url.count("/") == PATH.count("/") + 1
    assert parse_url(url).url == url


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_no_path_can_carry_is_given_up(name: str) -> None:
    with pytest.raises(GiveUp):
        people(name)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (call(total=2, users=[5, 6]), 2),
        (call(total=2, users=[5, RECORDER]), 1),
        (call(total=1, users=[RECORDER]), 0),
        (call(total=0, users=[5]), 1),
        (call(total=20_000, users=[RECORDER]), 19_999),
        (call(), 0),
        (live(broadcasters=[5, 6]), 2),
        (live(audience=[5], audience_total=1), 1),
        (live(broadcasters=[5], audience=[RECORDER, 6], audience_total=2), 2),
        (live(broadcasters=[RECORDER]), 0),
        (live(broadcasters=[RECORDER], audience=[RECORDER + 1], audience_total=1), 0),
        (live(audience=[RECORDER], audience_total=12_345), 12_344),
        (live(audience=["someone"], audience_total=0), 1),
        (live(), 0),
        (GONE, 0),
    ],
)
def test_people_are_all_but_our_recorders(web: responses.RequestsMock, data: Any, expected: int) -> None:
    said(web, data)
    assert people() == expected


@pytest.mark.parametrize(
    "data",
    [
        *[b"", b"null", b"[]", b"{}", b"<html>", b"\xff", b"[" * 100_000],
        *[b'{"data": {"channel_exist": false}}', b'{"success": false, "data": {"channel_exist": false}}'],
        *[None, [], {}, "", {"mode": 1, "total": 0, "users": []}],
        *[{"channel_exist": value} for value in each(True, None, 0, "false", [])],
        *[call(mode=value) for value in each(None, 0, 3, "1", True)],
        *[call(total=value) for value in each(None, "0", False, 0.0, -1)],
        *[call(users=value) for value in each(None, {}, "", [None], [True], [{}])],
        *[live(**{part: None}) for part in ("broadcasters", "audience", "audience_total")],
        *[live(audience_total=value) for value in each("0", False, 0.0, -1)],
    ],
    ids=repr,
)
def test_what_is_not_understood_is_no_empty_channel(web: responses.RequestsMock, data: Any) -> None:
    error = refused(web, data)
    assert isinstance(error, RetryLater)
    assert error.reason in {"agora_unreadable", "agora_unreadable_answer"}


@pytest.mark.parametrize("status", [401, 403])
def test_refused_keys_are_named(web: responses.RequestsMock, status: int) -> None:
    error = refused(web, b'{"message": "a-secret"}', status)
    assert isinstance(error, Misconfigured)
    assert error.setting == f"secret agora.{APP}.customer_secret"
    assert f"agora_{status}" in str(error)
    assert "a-secret" not in str(error)


@pytest.mark.parametrize(
    ("status", "kind", "noted"),
    [
        *[(400, GiveUp, False), (404, GiveUp, False), (415, GiveUp, False)],
        *[(429, RetryLater, False), (500, RetryLater, False), (504, RetryLater, False)],
        *[(201, RetryLater, True), (302, RetryLater, True), (418, RetryLater, True)],
    ],
)
def test_every_status(
    web: responses.RequestsMock, status: int, kind: type[EarshotError], noted: bool, notes: Notes
) -> None:
    """Whatever stands in the body: of an error it is no count."""
    error = refused(web, GONE, status)
    assert (type(error), error.reason) == (kind, f"agora_{status}")
    assert notes.codes == (["ES501"] if noted else [])


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "secret agora"),
        ({"agora": {APP: {"app_certificate": "x"}}}, f"secret agora.{APP}.customer_id"),
        ({"agora": {APP: {"customer_id": "x"}}}, f"secret agora.{APP}.customer_secret"),
        ({"agora": {APP: {**KEYS, "customer_id": 7}}}, f"secret agora.{APP}.customer_id"),
    ],
)
def test_a_missing_key_is_named(settings: Any, named: str) -> None:
    with pytest.raises(Misconfigured) as error:
        query(settings).people(APP, ["room-1"], lambda _: False)
    assert error.value.setting == named


def test_the_rate_is_the_accounts() -> None:
    assert (AgoraQuery.batch, AgoraQuery.per_second) == (1, 20.0)
