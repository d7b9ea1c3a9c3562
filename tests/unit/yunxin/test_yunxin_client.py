"""What Yunxin is asked, what its answers mean, and what is minted."""

import hashlib
import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from earshot import http_client
from earshot.domain.room import Room
from earshot.errors import EarshotError, OutcomeUnknown, RetryLater
from earshot.http_client import Answer
from earshot.platforms import registry
from earshot.platforms.yunxin.client import YunxinClient, connect
from earshot.platforms.yunxin.options import check
from earshot.platforms.yunxin.signing import join_token
from pydantic import ValidationError

from tests.unit.support.makers import START, asked
from tests.unit.support.notes import Notes
from tests.unit.support.shumei_calls import Wire, keyring

APP, SECRET = "c37bf7a8758a4ed00000000000000000", "c00000000000"
ROOM = Room("yunxin", APP, "连麦 room&1")
HOST = "https://api.netease.im/nimserver"
GIVEN = {"code": 200, "checksum": "a-record-token"}


def wired(
    monkeypatch: pytest.MonkeyPatch, answer: Any = None, status: int = 200
) -> tuple[YunxinClient, Wire]:
    answer = GIVEN if answer is None else answer
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    wire = Wire(answer if isinstance(answer, Exception) else Answer(status, body))
    monkeypatch.setattr(http_client, "call", wire)
    return connect(lambda _: HOST, keyring({"yunxin": {APP: {"app_secret": [SECRET, "old"]}}})), wire


def form(wire: Wire) -> dict[str, str]:
    body: bytes = wire.calls[-1][2]["body"]
    return {name: value for name, (value,) in parse_qs(body.decode(), strict_parsing=True).items()}


def refused(monkeypatch: pytest.MonkeyPatch, answer: Any, **options: Any) -> EarshotError:
    client, _ = wired(monkeypatch, answer)
    with pytest.raises(EarshotError) as error:
        client.mint(asked(options, room=ROOM))
    return error.value


def test_both_tokens_and_the_uid_that_they_are_for(monkeypatch: Any) -> None:
    client, _ = wired(monkeypatch)
    minted = client.mint(asked(room=ROOM))
    uid = int(minted.secrets["uid"])
    assert minted.secrets == {
        "uid": str(uid),
        "token": join_token(APP, SECRET, ROOM.room_id, uid, START, 86_399),
        "checksum": "a-record-token",
    }
    assert 999_000_000_000 <= uid <= 999_999_999_999
    assert minted.expires_at == START + 86_399_000, "the first of the two ends"


def test_the_record_token_is_asked_for_as_the_page_says(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch)
    uid = client.mint(asked({"record_token_life_s": 7_200}, START + 999, room=ROOM)).secrets["uid"]
    ((method, url, request),) = wire.calls
    assert (method, url) == ("POST", f"{HOST}/nrtc/getRecordSdkUserChecksum.action")
    assert request["timeout_s"] == 5.0
    assert form(wire) == {"channelName": "连麦 room&1", "type": "1", "uid": uid, "expireSeconds": "7200"}
    headers = request["headers"]
    signed = SECRET + headers["Nonce"] + headers["CurTime"]
    assert headers == {
        "Content-Type": "application/x-www-form-urlencoded;charset=utf-8",
        "AppKey": APP,
        "Nonce": headers["Nonce"],
        "CurTime": str(START // 1000),
        "CheckSum": hashlib.sha1(signed.encode()).hexdigest(),
    }
    assert 16 <= len(headers["Nonce"]) <= 128


def test_a_nonce_is_used_once_and_a_try_is_a_recorder(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch)
    uids = [client.mint(asked(room=ROOM, number=n)).secrets["uid"] for n in (1, 2, 3, 2)]
    assert len({call[2]["headers"]["Nonce"] for call in wire.calls}) == 4
    assert len(set(uids)) == 3
    assert uids[3] == uids[1]


def test_accid_is_sent_only_when_set(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch)
    client.mint(asked({"accid": "bot"}, room=ROOM))
    assert form(wire)["accid"] == "bot"


@pytest.mark.parametrize(
    ("tokens", "keys", "calls", "life_s"),
    [
        ("record", {"uid", "checksum"}, 1, 2_592_000),
        ("join", {"uid", "token"}, 0, 86_399),
        ("both", {"uid", "token", "checksum"}, 1, 86_399),
    ],
)
def test_the_plan_says_which_tokens(
    monkeypatch: Any, tokens: str, keys: set[str], calls: int, life_s: int
) -> None:
    client, wire = wired(monkeypatch)
    minted = client.mint(asked({"tokens": tokens, "record_token_life_s": 2_592_000}, room=ROOM))
    assert (set(minted.secrets), len(wire.calls)) == (keys, calls)
    assert minted.expires_at == START + life_s * 1000


def test_a_room_that_nobody_has_entered_is_asked_for_again(monkeypatch: Any, notes: Notes) -> None:
    """The same code as a wrong secret has, so neither may be given up."""
    error = refused(monkeypatch, {"code": 414, "desc": "checksum"})
    assert (type(error), error.reason) == (RetryLater, "yunxin_414")
    assert notes.codes == []


def test_a_code_of_no_page_is_tried_again_and_noted(monkeypatch: Any, notes: Notes) -> None:
    assert type(refused(monkeypatch, {"code": 500})) is RetryLater
    assert notes.of("ES501")["vendor_code"] == 500


def test_the_field_of_the_token_is_a_setting(monkeypatch: Any) -> None:
    client, _ = wired(monkeypatch, {"code": 200, "token": "elsewhere"})
    minted = client.mint(asked({"record_answer_field": "token"}, room=ROOM))
    assert minted.secrets["checksum"] == "elsewhere"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"<html>",
        b"\xff",
        {"checksum": "x"},
        {"code": "ok"},
        {"code": 200},
        {"code": 200, "checksum": ""},
        {"code": 200, "checksum": None},
        {"code": 200, "checksum": {"token": "secret-token"}},
    ],
    ids=repr,
)
def test_an_answer_without_a_token_is_tried_again_and_not_shown(monkeypatch: Any, answer: Any) -> None:
    error = refused(monkeypatch, answer)
    assert isinstance(error, OutcomeUnknown)
    assert "secret-token" not in str(error)


def test_an_answer_of_another_shape_is_told_by_its_fields(monkeypatch: Any) -> None:
    """So that the setting can be set."""
    error = refused(monkeypatch, {"code": 200, "ret": {"checksum": "secret-token"}, "desc": "ok"})
    assert "no checksum: ret, desc" in str(error)
    assert "secret-token" not in str(error)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"tokens": "none"}, "tokens"),
        ({"join_token_life_s": 86_400}, "join_token_life_s"),
        ({"record_token_life_s": 30 * 86_400 + 1}, "record_token_life_s"),
        ({"record_answer_field": ""}, "record_answer_field"),
        ({"accid": ""}, "accid"),
        ({"recorder_uid_base": 10**12}, "recorder_uid_base"),
        ({"recorder_uid_base": 999_000_000_001}, "recorder_uid_count"),
    ],
)
def test_options_are_strict(options: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        check(options)
    assert error.value.errors()[0]["loc"] == (field,)


def test_the_range_tells_recorders_from_people() -> None:
    options = check({"recorder_uid_base": 900_000, "recorder_uid_count": 1_000})
    seen = [registry.is_recorder("yunxin", options, uid) for uid in (899_999, 900_000, "900999", 901_000)]
    assert seen == [False, True, True, False]
