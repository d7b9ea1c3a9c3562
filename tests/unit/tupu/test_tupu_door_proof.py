"""Whose a callback is: Tupu's signature over the exact characters of ``json``, in any of its shapes."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from earshot.errors import Misconfigured, Refused
from earshot.secrets import Section
from earshot.vendors.port import Delivery, Unreadable
from earshot.vendors.tupu.door import ANSWER, take
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.samples_tupu import MODERATION, callback, slice_of
from tests.unit.support.samples import load
from tests.unit.tupu.tupu_wire import account, envelope, proof, public

TEXT = callback(MODERATION, "violations", slice_of(action="block", label="Abuse")).decode()
BARE = callback(MODERATION, "violations", slice_of(action="block", label="Abuse"))
SWITCHED = {"accept_unsigned": True}


def section(**changes: Any) -> Section:
    return Section("tupu", account(**changes))


def taken(body: bytes, **changes: Any) -> Delivery:
    return take(body, {"content-type": "whatever"}, lambda: section(**changes))


def is_refused(body: bytes, **changes: Any) -> bool:
    try:
        taken(body, **changes)
    except Refused as error:
        return error.reason == "not_authenticated"
    return False


def signed(text: str = TEXT, by: str = "vendor") -> bytes:
    return json.dumps(envelope(text, by)).encode()


def form(fields: dict[str, str]) -> bytes:
    return urlencode(fields).encode()


def test_any_answer_will_do() -> None:
    assert ANSWER is None


@pytest.mark.parametrize("name", ["push", "push.form"])
def test_the_samples(name: str) -> None:
    sample = load("vendors", "tupu", f"{name}.json")
    body = sample["body"].encode()
    delivery = taken(body, vendor_public_key=sample["vendor_public_key"])
    assert delivery.is_hit
    assert json.loads(delivery.body) == load("vendors", "tupu", "moderation-block.json")
    assert is_refused(body)


def test_what_is_kept_is_the_text_as_it_came() -> None:
    text = TEXT.replace('"code": 0', '"code" :\t0 ').replace("……", "内容")
    for ascii_only in (True, False):
        body = json.dumps(envelope(text), ensure_ascii=ascii_only).encode()
        assert taken(body).body == text.encode()
    assert taken(form(envelope(text))).body == text.encode()


def test_without_a_key_in_the_secret_it_is_tupus_own() -> None:
    assert is_refused(signed(), vendor_public_key=...)


@pytest.mark.parametrize("keys", [["vendor", "next"], ["next", "vendor"]])
def test_any_key_in_use_will_do(keys: list[str]) -> None:
    listed = [public(name) for name in keys]
    assert taken(signed(), vendor_public_key=listed)
    assert taken(signed(by="next"), vendor_public_key=listed)
    assert is_refused(signed(by="stranger"), vendor_public_key=listed)


def test_a_key_may_be_broken_into_lines_as_the_sdks_print_it() -> None:
    whole = public()
    lines = "\n".join(whole[at : at + 64] for at in range(0, len(whole), 64))
    assert taken(signed(), vendor_public_key=lines)


@pytest.mark.parametrize(
    "wrong",
    ["", "AAAA", "no base64!", [], [public(), "AAAA"], 7, "-----BEGIN PUBLIC KEY-----", "密", public() + "!"],
)
def test_a_key_that_is_none_is_a_wrong_setting(wrong: Any) -> None:
    with pytest.raises(Misconfigured) as error:
        taken(signed(), vendor_public_key=wrong)
    assert error.value.setting == "secret tupu.vendor_public_key"


WRONG_WAYS: dict[str, bytes] = {
    "nothing": b"",
    "not json": b"{",
    "bytes": b"\xff\xfe",
    "a bare object": BARE,
    "an array": b"[" + signed() + b"]",
    "null": b"null",
    "too deep": b'{"a":' * 100_000,
    "without a signature": json.dumps({"json": TEXT}).encode(),
    "an empty signature": json.dumps({"json": TEXT, "signature": ""}).encode(),
    "a signature that is none": json.dumps({"json": TEXT, "signature": None}).encode(),
    "a signature of another type": json.dumps({"json": TEXT, "signature": [proof(TEXT)]}).encode(),
    "a signature that is no base64": json.dumps({"json": TEXT, "signature": proof(TEXT) + "!"}).encode(),
    "a signature with blanks": json.dumps({"json": TEXT, "signature": " " + proof(TEXT)}).encode(),
    "a signature in other characters": json.dumps({"json": TEXT, "signature": "密" * 172}).encode(),
    "another message's signature": json.dumps({"json": TEXT, "signature": proof(TEXT + " ")}).encode(),
    "a stranger's signature": signed(by="stranger"),
    "the account's own signature": signed(by="account"),
    "json as an object": json.dumps({"json": json.loads(TEXT), "signature": proof(TEXT)}).encode(),
    "lone surrogates": json.dumps({"json": "\ud800", "signature": proof("x")}).encode(),
    "written anew": json.dumps(
        {"json": json.dumps(json.loads(TEXT), sort_keys=True), "signature": proof(TEXT)}
    ).encode(),
    "a form without a signature": form({"json": TEXT}),
    "a form with another signature": form({"json": TEXT, "signature": proof("x")}),
    "a form that says json twice": form({"json": TEXT, "signature": proof(TEXT)})
    + b"&json="
    + quote(TEXT).encode(),
    "a form of too many fields": form(envelope(TEXT)) + b"".join(b"&a%d=1" % at for at in range(40)),
    "a form with blanks for plus signs": f"json={quote(TEXT)}&signature={'+' * 4}{proof(TEXT)}".encode(),
}


@pytest.mark.parametrize("which", WRONG_WAYS)
def test_wrong_ways(which: str) -> None:
    assert is_refused(WRONG_WAYS[which])


SIGNED_BY_NOBODY = (
    "a bare object",
    "without a signature",
    "an empty signature",
    "a signature that is none",
    "a form without a signature",
)


@pytest.mark.parametrize("which", SIGNED_BY_NOBODY)
def test_what_nobody_signed_is_taken_if_the_secret_says_so(which: str) -> None:
    assert json.loads(taken(WRONG_WAYS[which], **SWITCHED).body) == json.loads(BARE)


@pytest.mark.parametrize(
    "which",
    [
        "another message's signature",
        "a stranger's signature",
        "a signature of another type",
        "a form with another signature",
    ],
)
def test_what_somebody_else_signed_never_is(which: str) -> None:
    assert is_refused(WRONG_WAYS[which], **SWITCHED)


@pytest.mark.parametrize("which", ["nothing", "not json", "bytes", "null", "too deep", "lone surrogates"])
def test_with_the_switch_junk_is_unreadable_or_refused(which: str) -> None:
    with pytest.raises((Unreadable, Refused)):
        taken(WRONG_WAYS[which], **SWITCHED)


@pytest.mark.parametrize("value", [False, ...])
def test_the_switch_is_off_unless_it_is_on(value: Any) -> None:
    assert is_refused(BARE, accept_unsigned=value)
    assert taken(signed(), accept_unsigned=value)


@pytest.mark.parametrize("value", ["true", 1, None, "false", []])
def test_a_switch_that_is_neither_is_a_wrong_setting(value: Any) -> None:
    for body in (BARE, signed()[:-1]):
        with pytest.raises(Misconfigured) as error:
            taken(body, accept_unsigned=value)
        assert error.value.setting == "secret tupu.accept_unsigned"


def test_the_three_shapes_come_to_the_same() -> None:
    lacking = {name: said for name, said in json.loads(TEXT).items() if name not in {"code", "message"}}
    found = [taken(signed()), taken(signed(json.dumps(lacking))), taken(BARE, **SWITCHED)]
    assert len({(one.key, one.is_hit) for one in found}) == 1


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"code":0}', '{"code":14}', '"x"', "{", "NaN"])
def test_genuine_and_not_understood(text: str) -> None:
    with pytest.raises(Unreadable):
        taken(signed(text))


@given(st.binary(max_size=200))
def test_bytes_from_a_stranger_are_refused(body: bytes) -> None:
    assert is_refused(body)


@given(st.dictionaries(st.sampled_from(["json", "signature", "a"]), st.text(max_size=20), max_size=3))
def test_envelopes_from_a_stranger_are_refused(fields: dict[str, str]) -> None:
    assert is_refused(json.dumps(fields).encode())
    assert is_refused(urlencode(fields, errors="surrogatepass").encode())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(JSON)
def test_whatever_tupu_signs_is_taken_or_unreadable(item: Any) -> None:
    try:
        delivery = taken(signed(json.dumps(item)))
    except Unreadable:
        return
    assert delivery.key
