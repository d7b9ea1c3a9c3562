"""Where a declared vendor's calls may go, and where they may not."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import responses
from earshot import http_client
from earshot.errors import GiveUp, Misconfigured, OutcomeUnknown, RetryLater
from earshot.vendors.declared import transport
from earshot.vendors.declared.origins import Origin, local, origin
from earshot.vendors.declared.transport import Bounds, CheckedHttps, LocalHttp, Wire, allowed, send

from tests.unit.declared.declared_parts import Line, caller

HERE = Origin("api.wren.example", 443)
BOUNDS = Bounds(3.0, 2_000)
PUBLIC = ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946")
PRIVATE = (
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "127.0.0.1",
    "::1",
    "fd00::1",
    "0.0.0.0",
    "::",
)
NEVER = (
    *(
        "169.254.169.254",
        "169.254.170.2",
        "fe80::1",
        "fe80::1%eth0",
        "224.0.0.1",
        "255.255.255.255",
        "ff02::1",
    ),
    *("::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "not an address", ""),
)


def wire(of: Origin = HERE, **changes: Any) -> Wire:
    return Wire(of, "POST", "/start", {"Host": of.authority, **changes}, b"{}")


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Names lead where the test says; connections are noted, and refused."""

    def plant(*addresses: str) -> list[Any]:
        made: list[Any] = []

        def connect(address: Any, *_: Any) -> Any:
            made.append(address)
            raise ConnectionRefusedError

        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        monkeypatch.setattr(socket, "create_connection", connect)
        return made

    return plant


def test_public_addresses_are_allowed() -> None:
    assert all(allowed(address, is_local=False) for address in PUBLIC)


@pytest.mark.parametrize("address", [*PRIVATE, *NEVER, "::ffff:10.0.0.1", "64:ff9b::a00:1"])
def test_others_are_not(address: str) -> None:
    assert not allowed(address, is_local=False)


def test_the_operators_own_may_be_of_the_machine_but_never_where_metadata_is() -> None:
    assert allowed("127.0.0.1", is_local=True)
    assert allowed("::1", is_local=True)
    assert allowed("10.0.0.1", is_local=True)
    assert not any(allowed(address, is_local=True) for address in NEVER)


def test_a_connection_is_made_to_the_address_that_was_looked_at(resolved: Callable[..., list[Any]]) -> None:
    made = resolved(*PUBLIC)
    with pytest.raises(RetryLater):
        send(wire(), BOUNDS)
    assert made == [(address, 443) for address in PUBLIC]


@pytest.mark.parametrize("addresses", [("169.254.169.254",), ("93.184.216.34", "10.0.0.1"), ("127.0.0.1",)])
def test_a_name_that_leads_inside_is_not_called(
    resolved: Callable[..., list[Any]], addresses: tuple[str, ...]
) -> None:
    made = resolved(*addresses)
    with pytest.raises(GiveUp) as raised:
        send(wire(), BOUNDS)
    assert raised.value.reason == "address_not_allowed"
    assert made == []


def test_a_name_that_does_not_resolve_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(RetryLater):
        send(wire(), BOUNDS)


def test_the_shared_session_connects_by_it() -> None:
    transport.guard(HERE)
    adapter: Any = http_client._session().get_adapter("https://api.wren.example/start")
    assert adapter.poolmanager.pool_classes_by_scheme["https"].ConnectionCls is CheckedHttps
    assert "http" not in adapter.poolmanager.pool_classes_by_scheme
    other: Any = http_client._session().get_adapter("https://api.wren.example.evil.example/")
    assert other.poolmanager.pool_classes_by_scheme["https"].ConnectionCls is not CheckedHttps


def test_a_local_origin_may_be_plain(resolved: Callable[..., list[Any]]) -> None:
    made = resolved("127.0.0.1")
    with pytest.raises(RetryLater):
        send(wire(Origin("127.0.0.1", 1234, is_https=False, is_local=True)), BOUNDS)
    assert made == [("127.0.0.1", 1234)]
    assert LocalHttp.is_local


# --- answers


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def test_a_redirect_is_an_answer_and_not_followed(web: responses.RequestsMock) -> None:
    headers = {"Location": "http://169.254.169.254/latest/meta-data/"}
    web.post("https://api.wren.example/start", status=302, headers=headers)
    assert send(wire(), BOUNDS).status == 302
    assert len(web.calls) == 1


def test_an_answer_that_is_too_large_is_not_read(web: responses.RequestsMock) -> None:
    web.post("https://api.wren.example/start", body=b"x" * 3_000)
    with pytest.raises(OutcomeUnknown):
        send(wire(), BOUNDS)


def test_what_is_sent_is_what_was_signed(web: responses.RequestsMock) -> None:
    web.post("https://api.wren.example/start", body=b"{}")
    send(wire(X="y"), BOUNDS)
    request = web.calls[0].request
    assert (request.body, request.headers["X"], request.headers["Host"]) == (b"{}", "y", "api.wren.example")


# --- origins


def test_an_origin_is_a_host_and_perhaps_a_port() -> None:
    assert origin("https://api.wren.example", "x") == Origin("api.wren.example", 443)
    assert origin("https://api.wren.example:8443/", "x").authority == "api.wren.example:8443"


def test_an_origin_is_replaced_on_a_laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    assert local("wren", "main") is None
    monkeypatch.setenv("DECLARED_ORIGINS", "{}")
    assert local("wren", "main") is None
    monkeypatch.setenv("DECLARED_ORIGINS", '{"wren.main": "http://127.0.0.1:1234"}')
    assert local("wren", "far") is None
    found = local("wren", "main")
    assert found == Origin("127.0.0.1", 1234, is_https=False, is_local=True)
    line = Line({"code": 0})
    made = caller(line)
    made.make(made.outward.finish, "main", {"task": {"id": "t"}, "settings": {}})
    assert line.sent[0].origin == found
    assert line.sent[0].headers["Host"] == "127.0.0.1:1234"


@pytest.mark.parametrize(
    "value",
    [
        *("[]", "{", '{"wren.main": 1}', '{"wren.main": "ftp://x"}', '{"wren.main": "http://u@x"}'),
        *('{"wren.main": "http://x/path"}', '{"wren.main": "http://x:0"}', '{"wren.main": "//x"}'),
    ],
)
def test_a_wrong_replacement_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DECLARED_ORIGINS", value)
    with pytest.raises(Misconfigured) as raised:
        local("wren", "main")
    assert raised.value.setting.startswith("DECLARED_ORIGINS")
