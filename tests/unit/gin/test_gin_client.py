"""The operator's token service: what it is asked, what it may answer, and where it may be."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from earshot import http_client
from earshot.domain.room import Room
from earshot.errors import EarshotError, GiveUp, Misconfigured, OutcomeUnknown, RetryLater
from earshot.http_client import Answer
from earshot.platforms import registry
from earshot.platforms.gin.client import GinClient, connect
from earshot.platforms.gin.options import check
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.makers import START, asked
from tests.unit.support.shumei_calls import Wire, keyring

URL, KEY = "https://tokens.example.com/gin?v=1", "a-shared-key"
ROOM = Room("gin", "game-7", "https://evil.example/直播")
GIVEN = {"token": "opaque/+=", "ip": "203.0.113.7", "port": 8000}


def wired(
    monkeypatch: pytest.MonkeyPatch, answer: Any = None, status: int = 200, url: Any = URL
) -> tuple[GinClient, Wire]:
    answer = GIVEN if answer is None else answer
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    wire = Wire(answer if isinstance(answer, Exception) else Answer(status, body))
    monkeypatch.setattr(http_client, "call", wire)
    held = {"gin": {"game-7": {"token_url": url, "token_key": [KEY, "old"]}}}
    return connect(lambda _: pytest.fail("its address is no parameter"), keyring(held)), wire


def refused(monkeypatch: pytest.MonkeyPatch, answer: Any, status: int = 200) -> EarshotError:
    client, _ = wired(monkeypatch, answer, status)
    with pytest.raises(EarshotError) as error:
        client.mint(asked(room=ROOM))
    return error.value


def test_what_the_service_gives_is_what_is_minted(monkeypatch: Any) -> None:
    client, _ = wired(monkeypatch, {**GIVEN, "more": "fields"})
    minted = client.mint(asked(room=ROOM))
    assert minted.secrets == {"token": "opaque/+=", "ip": "203.0.113.7", "port": "8000"}
    assert minted.expires_at is None


def test_it_may_say_how_long(monkeypatch: Any) -> None:
    client, _ = wired(monkeypatch, {**GIVEN, "expires_in_s": 3600})
    assert client.mint(asked(room=ROOM)).expires_at == START + 3_600_000


def test_the_question_is_signed_and_goes_to_the_configured_address_alone(monkeypatch: Any) -> None:
    """A room's id reaches the body, never the address."""
    client, wire = wired(monkeypatch)
    client.mint(asked(room=ROOM, number=3))
    ((method, url, request),) = wire.calls
    assert (method, url, request["timeout_s"]) == ("POST", URL, 5.0)
    body: bytes = request["body"]
    question = json.loads(body)
    assert (question["app_id"], question["room_id"]) == (ROOM.app_id, ROOM.room_id)
    assert set(question) == {"app_id", "room_id", "recorder_id"}
    assert question["recorder_id"].startswith("earshot_")
    assert question["recorder_id"].endswith("_3")
    timestamp = str(START // 1000)
    signature = hmac.digest(KEY.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hex()
    assert request["headers"] == {
        "Content-Type": "application/json",
        "X-Earshot-Timestamp": timestamp,
        "X-Earshot-Signature": signature,
    }
    assert KEY not in str(request)


def test_the_same_try_asks_for_the_same_recorder(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch)
    for number in (1, 2, 1):
        client.mint(asked(room=ROOM, number=number))
    first, second, again = (call[2]["body"] for call in wire.calls)
    assert first == again != second


@pytest.mark.parametrize("port", [1, 65_535, "1", "65535"])
@pytest.mark.parametrize("ip", ["203.0.113.7", "2001:db8::1"])
def test_addresses_that_may_be_given(monkeypatch: Any, ip: str, port: Any) -> None:
    client, _ = wired(monkeypatch, {"token": "t", "ip": ip, "port": port})
    assert client.mint(asked(room=ROOM)).secrets == {"token": "t", "ip": ip, "port": str(port)}


@pytest.mark.parametrize(
    "change",
    [
        {"token": ""},
        {"token": None},
        {"token": 5},
        {"token": "t" * 4_097},
        {"ip": ""},
        {"ip": "gin.example.com"},
        {"ip": "203.0.113.7:80"},
        {"ip": "203.0.113.256"},
        {"port": 0},
        {"port": 65_536},
        {"port": True},
        {"port": 80.0},
        {"port": "٨٠"},
        {"port": "9" * 5_000},
        {"port": None},
        {"expires_in_s": 0},
        {"expires_in_s": -5},
    ],
    ids=lambda change: repr(change)[:30],
)
def test_an_answer_of_another_shape_is_tried_again(monkeypatch: Any, change: dict[str, Any]) -> None:
    assert isinstance(refused(monkeypatch, {**GIVEN, **change}), OutcomeUnknown)
    name = next(iter(change))
    if name != "expires_in_s":
        assert isinstance(refused(monkeypatch, {k: v for k, v in GIVEN.items() if k != name}), OutcomeUnknown)


@pytest.mark.parametrize(
    ("status", "kind", "named"),
    [
        (401, Misconfigured, "gin.game-7.token_key"),
        (403, Misconfigured, "gin.game-7.token_key"),
        (301, Misconfigured, "gin.game-7.token_url"),
        (302, Misconfigured, "gin.game-7.token_url"),
        (307, Misconfigured, "gin.game-7.token_url"),
        (408, RetryLater, "gin_408"),
        (429, RetryLater, "gin_429"),
        (500, RetryLater, "gin_500"),
        (503, RetryLater, "gin_503"),
        (204, GiveUp, "gin_204"),
        (400, GiveUp, "gin_400"),
        (404, GiveUp, "gin_404"),
        (410, GiveUp, "gin_410"),
    ],
)
def test_the_status_decides(monkeypatch: Any, status: int, kind: type[EarshotError], named: str) -> None:
    error = refused(monkeypatch, GIVEN, status)
    assert type(error) is kind
    assert named == (error.setting if isinstance(error, Misconfigured) else error.reason)
    assert "opaque" not in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://tokens.example.com/",
        "file:///etc/passwd",
        "gopher://tokens.example.com/",
        "javascript:alert(1)",
        "//tokens.example.com/",
        "tokens.example.com",
        "https://",
        "https:///path",
        "https://user:pw@tokens.example.com/",
        "https://user@tokens.example.com/",
        "https://:pw@tokens.example.com/",
        "https://tokens.example.com/#part",
        "https://tokens.example.com/ path",
        "https://tokens.example.com/\r\nX: y",
        " https://tokens.example.com/",
        "https://tokens.example.com:99999/",
        "https://tokens.example.com:0/",
        "https://[::1/",
    ],
)
def test_an_address_that_is_none_is_named_not_shown_and_not_called(monkeypatch: Any, url: str) -> None:
    client, wire = wired(monkeypatch, url=url)
    with pytest.raises(Misconfigured) as error:
        client.mint(asked(room=ROOM))
    assert error.value.setting == "secret gin.game-7.token_url"
    assert url not in str(error.value)
    assert wire.calls == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9001/x", "https://[2001:db8::1]:8443/", "HTTPS://t.example/"]
)
def test_addresses_that_are_some(monkeypatch: Any, url: str) -> None:
    client, wire = wired(monkeypatch, url=[url, "ftp://older"])
    client.mint(asked(room=ROOM))
    assert wire.calls[0][1] == url


@given(st.text(max_size=200))
def test_no_room_id_changes_where_it_is_asked(room_id: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        client, wire = wired(monkeypatch)
        client.mint(asked(room=Room("gin", "game-7", room_id)))
    assert wire.calls[0][1] == URL
    assert json.loads(wire.calls[0][2]["body"])["room_id"] == room_id


def test_the_prefix_tells_recorders_from_people() -> None:
    options = check({"recorder_user_prefix": "ear-"})
    assert registry.is_recorder("gin", options, "ear-abc_1")
    assert not registry.is_recorder("gin", options, "earshot_abc_1")
