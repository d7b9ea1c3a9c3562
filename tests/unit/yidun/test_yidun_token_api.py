"""Who asks for a fresh token and what it is handed: the names are settings, and nothing unproved is believed."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from earshot.errors import BadInput, Misconfigured, Refused
from earshot.vendors import registry
from earshot.vendors.port import TokenRequest
from earshot.vendors.yidun.token_api import answer
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.support.yidun_tokens import (
    FIELDS,
    GOOD,
    REF,
    UNPROVED,
    UNSIGNED,
    URL_KEY,
    ask,
    but,
    in_json,
    refusal,
    section,
    wrong_setting,
)
from tests.unit.yidun.yidun_results import ANY, sign, signed
from tests.unit.yidun.yidun_wire import NOW, TASK

ASKED = TokenRequest(REF, TASK, "room 42")
SHAPES = [signed, in_json]
METHODS = {"MD5": "md5", "md5": "md5", "": "md5", "SHA1": "sha1", "SHA256": "sha256", "sha256": "sha256"}

# --- the signature


@pytest.mark.parametrize("shape", SHAPES)
def test_a_signed_question_names_its_task(shape: Any) -> None:
    assert ask(shape(FIELDS)) == ASKED
    assert ask(GOOD.replace(b"+", b"%20").replace(b"taskId", b"%74askId")) == ASKED, "however it is encoded"


def test_a_vendor_that_does_not_ask_has_no_api() -> None:
    api = registry.token_api("yidun")
    assert api is not None
    assert api.read("", GOOD, section(), NOW) == ASKED
    assert [registry.token_api(name) for name in ("shumei", "nobody", "")] == [None] * 3


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("secret_key", ["n" * 32, "c" * 32])
def test_either_key_is_right_while_one_rotates(shape: Any, secret_key: str) -> None:
    rotating: dict[str, Any] = {"secret_key": ["n" * 32, "c" * 32], "secret_id": ["n" * 32, "a" * 32]}
    assert ask(shape(FIELDS, secret_key), **rotating) == ASKED
    assert refusal(shape(FIELDS, "o" * 32), **rotating) == "not_authenticated"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("method", "algorithm"), METHODS.items())
def test_the_method_is_the_questions_own(shape: Any, method: str, algorithm: str) -> None:
    fields = but(signatureMethod=method)
    assert ask(shape(fields, algorithm=algorithm)) == ASKED
    other = "sha256" if algorithm == "md5" else "md5"
    assert refusal(shape(fields, algorithm=other)) == "not_authenticated"


@pytest.mark.parametrize("method", ["SHA512", "NONE", "HMAC", "MD5 ", "\0", "示例", "shake_128"])
def test_an_unknown_method_proves_nothing(method: str) -> None:
    assert refusal(signed(but(signatureMethod=method))) == "not_authenticated"


def test_the_digest_may_be_in_capitals_and_further_fields_signed() -> None:
    fields = but(**{f"field{number}": "" for number in range(44)})
    assert ask(urlencode(fields | {"signature": sign(fields).upper()}).encode()) == ASKED


@pytest.mark.parametrize("name", UNPROVED)
def test_what_is_not_proved_is_refused(name: str) -> None:
    assert refusal(UNPROVED[name]) == "not_authenticated"


def test_half_a_character_in_json_is_refused_however_well_it_is_signed() -> None:
    """Nothing of ours is named so, and no key of the table can be made of it."""
    with_half = json.dumps(but(taskId="\ud83d", signature=...)).encode()
    assert refusal(with_half, UNSIGNED, key=URL_KEY) == "not_authenticated"


@pytest.mark.parametrize(("size", "fits"), [(16_384, True), (16_385, False), (5_000_000, False)])
def test_a_body_has_an_end(size: int, fits: bool) -> None:
    rest = size - len(signed(but(pad="")))
    body = signed(but(pad="x" * rest))
    assert len(body) == size
    if fits:
        assert ask(body) == ASKED
    else:
        assert refusal(body) == "too_large"


def test_what_is_not_told_is_nothing() -> None:
    for shape in SHAPES:
        assert ask(shape({"secretId": "a" * 32})) == TokenRequest(None, None, None)
        assert ask(shape(but(taskId="", dataId="", channel=""))) == TokenRequest(None, None, None)
    assert ask(in_json(but(dataId=None, channel=None))) == TokenRequest(None, TASK, None)


def test_a_number_in_json_is_its_digits() -> None:
    assert ask(in_json(but(channel=42, timestamp=NOW))).room_id == "42"


# --- its time


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("late_ms", [-300_000, 0, 300_000])
def test_five_minutes_are_no_age(shape: Any, late_ms: int) -> None:
    assert ask(shape(but(timestamp=str(NOW))), now=NOW + late_ms) == ASKED
    assert ask(shape(but(timestamp=...)), now=NOW + late_ms) == ASKED, "it may tell no time"


OLD = (NOW - 300_001, NOW + 300_001, NOW // 1_000, NOW * 10, -NOW)
WIDE = "".join(chr(ord(digit) + 0xFEE0) for digit in str(NOW))
ODD = ("", "x", "1e12", f"+{NOW}", f" {NOW}", f"{NOW}.0", f"{NOW}\n", WIDE, "9" * 5_000)


@pytest.mark.parametrize("timestamp", [*map(str, OLD), *ODD])
@pytest.mark.parametrize("shape", SHAPES)
def test_an_old_or_odd_time_is_refused(shape: Any, timestamp: str) -> None:
    assert refusal(shape(but(timestamp=timestamp))) == "too_old"


def test_who_proves_nothing_is_told_nothing_about_time() -> None:
    assert refusal(urlencode(but(timestamp="1")).encode()) == "not_authenticated"


# --- the address


def test_a_key_in_the_address_goes_with_the_signature() -> None:
    guarded = {"url_key": URL_KEY}
    assert ask(GOOD, guarded, key=URL_KEY) == ASKED
    assert refusal(UNPROVED["another key"], guarded, key=URL_KEY) == "not_authenticated"


@pytest.mark.parametrize("key", ["", URL_KEY[:-1], f"{URL_KEY}x", URL_KEY.upper(), "示例", "\ud83d"])
@pytest.mark.parametrize("settings", [{"url_key": URL_KEY}, UNSIGNED])
def test_another_key_in_the_address_is_refused(key: str, settings: dict[str, str]) -> None:
    assert refusal(GOOD, settings, key=key) == "not_authenticated"


def test_either_key_of_the_address_is_right_while_it_rotates() -> None:
    rotating = UNSIGNED | {"url_key": ["a-new-key-of-an-address", URL_KEY]}
    for key in rotating["url_key"]:
        assert ask(urlencode(FIELDS).encode(), rotating, key=key) == ASKED
    assert refusal(GOOD, rotating, key="a-third-key-of-an-address") == "not_authenticated"


def test_a_key_that_no_setting_asks_for_is_none() -> None:
    assert ask(GOOD, key="anything") == ASKED
    assert refusal(UNPROVED["no signature"], key="anything") == "not_authenticated"


@pytest.mark.parametrize("url_key", ["", " ", "x" * 15, ["x" * 16, "short"], [], 7, None])
def test_a_key_that_can_be_guessed_is_no_key(url_key: Any) -> None:
    for key in ("", "x" * 15, "x" * 16):
        assert wrong_setting({"url_key": url_key}, key=key) == "secret yidun.token_api.url_key"
        assert wrong_setting(UNSIGNED | {"url_key": url_key}, key=key) == "secret yidun.token_api.url_key"


def test_nobody_is_believed_without_signature_and_key() -> None:
    assert wrong_setting({"signature": "none"}) == "secret yidun.token_api.signature"


def test_the_address_may_be_all_the_proof() -> None:
    unsigned = urlencode(but(secretId=...)).encode()
    assert ask(unsigned, UNSIGNED, key=URL_KEY) == ASKED
    assert refusal(unsigned, UNSIGNED) == "not_authenticated"
    assert refusal(unsigned, UNSIGNED, key=URL_KEY, now=NOW + 300_001) == "too_old"
    assert refusal(unsigned, {"url_key": URL_KEY}, key=URL_KEY) == "not_authenticated"


# --- the settings


def test_every_name_is_a_setting() -> None:
    names = {"task_field": "task", "data_field": "ref", "channel_field": "room", "time_field": "at"}
    fields = but(task="t", ref="r", room="c", at=str(NOW), timestamp="1")
    assert ask(signed(fields), names) == TokenRequest("r", "t", "c")
    assert refusal(signed(fields | {"at": "1"}), names) == "too_old"
    assert ask(GOOD, names) == TokenRequest(None, None, None)


@pytest.mark.parametrize("method", ["fields", "FIELDS", "md5", "None", "no"])
def test_whatever_is_not_none_is_signed(method: str) -> None:
    assert ask(GOOD, {"signature": method}) == ASKED
    signed_too = UNSIGNED | {"signature": method}
    assert refusal(UNPROVED["no signature"], signed_too, key=URL_KEY) == "not_authenticated"


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"token_api": "x"}, "token_api"),
        ({"token_api": {"task_field": 7}}, "token_api.task_field"),
        ({"token_api": {"signature": True}}, "token_api.signature"),
        ({"secret_id": ""}, "secret_id"),
        ({"secret_key": []}, "secret_key"),
    ],
)
def test_a_setting_that_is_wrong_is_named(settings: dict[str, Any], named: str) -> None:
    assert wrong_setting(**settings) == f"secret yidun.{named}"


# --- whatever comes


def outcome(body: bytes, settings: dict[str, str], key: str) -> TokenRequest | None:
    """Anything but these errors is one of ours."""
    try:
        return ask(body, settings, key=key)
    except (Refused, Misconfigured):
        return None


WAYS = [({}, ""), ({"url_key": URL_KEY}, URL_KEY), (UNSIGNED, URL_KEY), (UNSIGNED, "\ud83d")]


@given(body=st.binary() | st.text().map(str.encode) | st.binary().map(lambda raw: GOOD + b"&" + raw))
@example(body=b"&" * 16_384)
@example(body=b"{" * 16_384)
def test_no_bytes_do_harm(body: bytes) -> None:
    for settings, key in WAYS:
        outcome(body, settings, key)


@given(odd=st.dictionaries(st.sampled_from([*FIELDS, "signatureMethod"]) | st.text(), ANY, max_size=5))
def test_no_json_does_harm(odd: dict[str, Any]) -> None:
    for settings, key in WAYS:
        found = outcome(json.dumps(FIELDS | odd).encode(), settings, key)
        told = [] if found is None else [found.task_ref, found.vendor_task_id, found.room_id]
        assert all(one is None or one.encode() for one in told)


@pytest.mark.parametrize("depth", [*range(800, 1_000, 7), 7_000])
def test_no_depth_does_harm(depth: int) -> None:
    outcome(b'{"a":' + b"[" * depth + b"]" * depth + b"}", UNSIGNED, URL_KEY)


# --- the answer

CREDENTIALS = {
    "zego": ({"identify_token": "04AA=="}, "04AA==", ""),
    "agora": ({"token": "007e", "uid": "4200000001"}, "007e", "4200000001"),
    "volcengine": ({"token": "001/+=", "user_id": "earshot_1"}, "001/+=", "earshot_1"),
    "yunxin": ({"checksum": "a+b", "uid": "999", "token": "join"}, "a+b", "999"),
}


@pytest.mark.parametrize("platform", CREDENTIALS)
def test_a_credential_is_handed_out(platform: str) -> None:
    credential, token, uid = CREDENTIALS[platform]
    told = json.loads(answer(platform, credential, section()))
    assert told == {"code": 200, "msg": "ok", "result": {"token": token, "uid": uid}}


@pytest.mark.parametrize("platform", ["url", "trtc", "gin", "", "nobody"])
def test_rooms_that_need_no_token_get_none(platform: str) -> None:
    with pytest.raises(BadInput) as error:
        answer(platform, {"token": "t"}, section())
    assert error.value.field == "platform"


def test_the_answer_is_a_setting() -> None:
    template = '{"data": [{"t": "{token}"}, ["{uid}", 1, null, true]], "{token}": "<{token}>", "x": "{uid} "}'
    told = json.loads(answer("agora", {"token": "T", "uid": "U"}, section({"answer": template})))
    assert told == {"data": [{"t": "T"}, ["U", 1, None, True]], "{token}": "<{token}>", "x": "{uid} "}
    assert answer("agora", {"token": "T"}, section({"answer": '"{token}"'})) == '"T"'


@given(token=st.text(min_size=1), uid=st.sampled_from(["{token}", "{uid}", '"', "\\", "示例"]) | st.text())
def test_a_value_is_placed_as_it_is(token: str, uid: str) -> None:
    told = json.loads(answer("agora", {"token": token, "uid": uid}, section()))
    assert told["result"] == {"token": token, "uid": uid}


@pytest.mark.parametrize("template", ["{token}", '{"t": {token}}', "{", "示例", "", 7, {"t": "{token}"}])
def test_an_answer_that_is_no_json_is_named(template: Any) -> None:
    with pytest.raises(Misconfigured) as error:
        answer("agora", {"token": "s3cret"}, section({"answer": template}))
    assert error.value.setting == "secret yidun.token_api.answer"
    assert "s3cret" not in str(error.value)
