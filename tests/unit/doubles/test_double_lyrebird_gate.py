"""Lyrebird's headers, clock, nonces and rate; and every field of a start."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_lyrebird_caller import STREAMS, Lyrebird

URL = {"kind": "url", "url": "rtmp://live.example.com/app/one"}
ZEGO = {"kind": "zego", "app_id": "1", "room_id": "r", "identify_token": "t"}
AGORA = {"kind": "agora", "app_id": "a", "channel": "c", "uid": "7", "token": "t"}


@pytest.fixture
def lyrebird(time: Time) -> Lyrebird:
    return Lyrebird(time)


@pytest.mark.parametrize(
    ("headers", "code", "field"),
    [
        ({"Account": None}, 2002, "Account"),
        ({"Account": "lb-2"}, 2002, "Account"),
        ({"Signature": None}, 2002, "Signature"),
        ({"Signature": ""}, 2002, "Signature"),
        ({"Signature": "0" * 64}, 2002, "Signature"),
        ({"Signature": "签名"}, 2002, "Signature"),
        ({"key": "another"}, 2002, "Signature"),
        ({"Nonce": None}, 2002, "Nonce"),
        ({"Nonce": "short"}, 2002, "Nonce"),
        ({"Nonce": "x" * 65}, 2002, "Nonce"),
        ({"Nonce": "with a blank in it"}, 2002, "Nonce"),
        ({"Timestamp": None}, 2003, "Timestamp"),
        ({"Timestamp": "soon"}, 2003, "Timestamp"),
        ({"Timestamp": "1700000000000"}, 2003, "Timestamp"),
        ({"Timestamp": "1699999699"}, 2003, "Timestamp"),
        ({"Timestamp": "1700000301"}, 2003, "Timestamp"),
    ],
)
def test_headers_that_are_refused(lyrebird: Lyrebird, headers: Any, code: int, field: str) -> None:
    answer = lyrebird.call("POST", STREAMS, lyrebird.body(), **headers)
    assert (answer["code"], answer["data"]) == (code, {})
    assert lyrebird.verdict()["field"] == f"X-Lyrebird-{field}"
    assert lyrebird.state()["tasks"] == []


@pytest.mark.parametrize("stamp", ["1699999700", "1700000300"])
def test_the_whole_tolerance_is_let_in(lyrebird: Lyrebird, stamp: str) -> None:
    assert lyrebird.call("POST", STREAMS, lyrebird.body(), Timestamp=stamp)["code"] == 0


def test_signature_in_capitals_is_wrong(lyrebird: Lyrebird) -> None:
    headers = lyrebird.headers(b"")
    signature = headers["X-Lyrebird-Signature"].upper()
    assert lyrebird.call("GET", f"{STREAMS}/x", Signature=signature)["code"] == 2002


def test_the_exact_body_is_signed(lyrebird: Lyrebird) -> None:
    body = json.dumps(lyrebird.body()).encode()
    signature = lyrebird.headers(body + b" ", Nonce="n" * 16)["X-Lyrebird-Signature"]
    assert (
        json.loads(lyrebird.raw("POST", STREAMS, body, Nonce="n" * 16, Signature=signature).body)["code"]
        == 2002
    )
    assert json.loads(lyrebird.raw("POST", STREAMS, body, Nonce="n" * 16).body)["code"] == 0


def test_a_nonce_is_good_once_even_for_another_call(lyrebird: Lyrebird, time: Time) -> None:
    stream = lyrebird.start()
    path = f"{STREAMS}/{stream}"
    assert lyrebird.call("GET", path, Nonce="n" * 16)["code"] == 0
    assert lyrebird.call("POST", f"{path}/stop", Nonce="n" * 16)["code"] == 2004
    assert lyrebird.task(stream)["state"] == "running"
    time.go(600)
    assert lyrebird.call("GET", path, Nonce="n" * 16)["code"] == 2004
    time.go(1)
    assert lyrebird.call("GET", path, Nonce="n" * 16)["code"] == 0


def test_a_call_that_is_not_signed_uses_no_nonce_up(lyrebird: Lyrebird) -> None:
    assert lyrebird.call("POST", STREAMS, lyrebird.body(), Nonce="n" * 16, key="wrong")["code"] == 2002
    assert lyrebird.call("POST", STREAMS, lyrebird.body(), Nonce="n" * 16)["code"] == 0


def test_any_of_several_keys_signs(time: Time) -> None:
    lyrebird = Lyrebird(time, api_key=["newer", "older"])
    for key in ("newer", "older"):
        assert lyrebird.call("GET", f"{STREAMS}/x", key=key)["code"] == 2008
    assert lyrebird.call("GET", f"{STREAMS}/x", key="oldest")["code"] == 2002


def test_twenty_calls_in_any_second_of_all_kinds_together(lyrebird: Lyrebird, time: Time) -> None:
    stream = lyrebird.start()
    for _ in range(19):
        assert lyrebird.ask(stream)["code"] == 0
    assert lyrebird.stop(stream)["code"] == 2005
    assert lyrebird.task(stream)["finish_calls"] == 0
    time.go(0.999)
    assert lyrebird.stop(stream)["code"] == 2005
    time.go(0.001)
    assert lyrebird.stop(stream)["code"] == 0


@pytest.mark.parametrize("source", [URL, ZEGO, AGORA])
def test_every_source_is_taken(lyrebird: Lyrebird, source: Any) -> None:
    assert lyrebird.submit(source)["data"]["state"] == "running"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"account": ...}, "account"),
        ({"account": 5}, "account"),
        ({"account": "lb-2"}, "account"),
        ({"stream_key": ...}, "stream_key"),
        ({"stream_key": ""}, "stream_key"),
        ({"stream_key": 7}, "stream_key"),
        ({"stream_key": "a/b"}, "stream_key"),
        ({"stream_key": "x" * 129}, "stream_key"),
        ({"source": "https://live.example.com"}, "source"),
        ({"source": ...}, "source"),
        ({"mode": "some"}, "mode"),
        ({"mode": None}, "mode"),
        ({"callback": ...}, "callback"),
        ({"callback": "ftp://x.example.com"}, "callback"),
        ({"callback": "https://x.example.com/" + "x" * 2048}, "callback"),
        ({"note": {"room": 1}}, "note"),
        ({"note": "x" * 4097}, "note"),
    ],
)
def test_fields_of_a_start(lyrebird: Lyrebird, changes: Any, field: str) -> None:
    answer = lyrebird.submit(**changes)
    assert answer["code"] == 2001
    assert answer["message"].startswith(f"bad parameter: {field}: ")
    assert lyrebird.verdict()["field"] == field
    assert lyrebird.state()["tasks"] == []


@pytest.mark.parametrize("source", [URL, ZEGO, AGORA])
@pytest.mark.parametrize("value", [..., "", 5, None])
def test_every_field_of_every_source_is_a_string_that_is_wanted(
    lyrebird: Lyrebird, source: dict[str, Any], value: Any
) -> None:
    for name in source:
        changed = {key: one for key, one in (source | {name: value}).items() if one is not ...}
        assert lyrebird.submit(changed)["code"] == 2001
        assert lyrebird.verdict()["field"] == f"source.{name}"
        lyrebird.time.go(1)


@pytest.mark.parametrize(
    ("source", "field"),
    [
        (URL | {"kind": "trtc"}, "source.kind"),
        (URL | {"url": "live.example.com"}, "source.url"),
        (URL | {"url": "rtc://live.example.com/x"}, "source.url"),
        (URL | {"url": "https://[broken"}, "source.url"),
        (AGORA | {"uid": "0"}, "source.uid"),
        (AGORA | {"uid": "4294967296"}, "source.uid"),
        (AGORA | {"uid": "host"}, "source.uid"),
    ],
)
def test_values_of_sources(lyrebird: Lyrebird, source: Any, field: str) -> None:
    assert lyrebird.submit(source)["code"] == 2001
    assert lyrebird.verdict()["field"] == field


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"5", b"\xff", b'{"a": NaN}'])
def test_a_body_that_is_no_object(lyrebird: Lyrebird, body: bytes) -> None:
    assert json.loads(lyrebird.raw("POST", STREAMS, body).body)["code"] == 2001
    assert lyrebird.verdict()["field"] == "body"


def test_unknown_fields_are_let_through_with_a_warning(lyrebird: Lyrebird) -> None:
    lyrebird.start(URL | {"room_id": "x"}, colour="red")
    assert lyrebird.verdict()["warnings"] == [
        "colour is not a documented field",
        "source.room_id is not a documented field",
    ]
