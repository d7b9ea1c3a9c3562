"""Who may come in: a push that the vendor has signed, and nobody else."""

import json
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode

import pytest
from earshot.errors import Misconfigured, Refused
from earshot.secrets import Section
from earshot.vendors.port import Unreadable
from earshot.vendors.yidun.door import ANSWER, take
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.yidun.yidun_results import (
    ITEMS,
    SECRETS,
    SHEET_DATA,
    SHEET_MD5,
    SHEET_SHA256,
    form,
    hit,
    key,
    push,
    sample,
    sign,
    signed,
)

DATA = hit().decode()


def is_refused(body: bytes, **secrets: Any) -> bool:
    try:
        push(body, {**SECRETS, **secrets})
    except Refused as refusal:
        return refusal.reason == "not_authenticated"
    return False


def test_the_answer_that_both_readings_of_the_pages_take() -> None:
    assert json.dumps(ANSWER) == '{"code": 200, "msg": "ok"}'


def test_the_sheets_pushes() -> None:
    """The digests are published ones, not ours."""
    plain = urlencode({**form(SHEET_DATA), "signature": SHEET_MD5}).encode()
    sha256 = urlencode({**form(SHEET_DATA, signatureMethod="SHA256"), "signature": SHEET_SHA256}).encode()
    for body in (plain, sha256):
        delivery = push(body)
        assert delivery.body == SHEET_DATA.encode()
        assert delivery.task_ref == "room-42:0007"
        assert delivery.key.startswith("120000-130000#u_1001#seg-0012#")
        assert delivery.is_hit
        assert not delivery.is_batch


@pytest.mark.parametrize("name", ["push", "push.sha256"])
def test_the_samples(name: str) -> None:
    delivery = push(json.loads(sample(name))["body"].encode())
    assert delivery.key == key(sample("machine-hit"))
    assert json.loads(delivery.body) == json.loads(sample("machine-hit"))


@pytest.mark.parametrize(
    ("method", "algorithm"),
    [("MD5", "md5"), ("md5", "md5"), ("SHA1", "sha1"), ("sha256", "sha256"), ("", "md5")],
)
def test_every_method(method: str, algorithm: str) -> None:
    assert push(signed(form(DATA, signatureMethod=method), algorithm=algorithm)).is_hit


def test_fields_that_no_page_lists_are_signed_too() -> None:
    assert push(signed(form(DATA, scene="live", zzz="", Aaa="1"))).is_hit


def test_an_audio_video_push_has_no_business_id() -> None:
    fields = {name: value for name, value in form(DATA).items() if name != "businessId"}
    assert push(signed(fields)).is_hit


def test_what_is_kept_is_the_text_as_it_came() -> None:
    """Blanks, escapes, the order of fields: a body that was written anew would not be what was signed."""
    odd = ' {"asr" : {"startTime":1.0e1,\t"segmentId":"\\u5b57+%26&=" , "content": "字 "}}\n'
    assert push(signed(form(odd))).body == odd.encode()


# --- rotation


@pytest.mark.parametrize("place", [0, 1, 2])
def test_any_key_in_use_will_do(place: int) -> None:
    keys = ["k1", "k2", "k3"]
    assert not is_refused(signed(form(DATA), keys[place]), secret_key=keys)
    assert not is_refused(signed(form(DATA)), secret_id=["n" * 32, "a" * 32], business_id=["n", "b" * 32])


def test_a_deployment_without_a_business_id_takes_any() -> None:
    secrets = {name: value for name, value in SECRETS.items() if name != "business_id"}
    assert push(signed(form(DATA, businessId="x")), secrets).is_hit


@pytest.mark.parametrize("wrong", ["", " ", [], ["c" * 32, ""], None, 7])
def test_an_empty_key_is_a_wrong_setting_and_no_key(wrong: Any) -> None:
    with pytest.raises(Misconfigured, match="secret_key"):
        push(signed(form(DATA), ""), {**SECRETS, "secret_key": wrong})


def test_what_carries_no_proof_costs_no_look_at_the_secrets() -> None:
    def never() -> Section:
        raise AssertionError("the secrets were asked for")

    for body in (b"", b"{}", b"signature=", b"callbackData={}"):
        with pytest.raises(Refused):
            take(body, {}, never)


# --- wrong ways

FORM = form(DATA)
PROOF = sign(FORM)
FOREIGN = form(DATA, secretId="f" * 32)
STRANGE = form(DATA, businessId="f" * 32)
SHA = form(DATA, signatureMethod="SHA256")
WRONG: dict[str, bytes] = {
    "no signature": urlencode(FORM).encode(),
    "empty signature": urlencode({**FORM, "signature": ""}).encode(),
    "another key": signed(FORM, "d" * 32),
    "no key": signed(FORM, ""),
    "blank key": signed(FORM, " "),
    "upper case": urlencode({**FORM, "signature": PROOF.upper()}).encode(),
    "a blank beside it": urlencode({**FORM, "signature": PROOF + " "}).encode(),
    "not ASCII": urlencode({**FORM, "signature": "é" * 32}).encode(),
    "cut short": urlencode({**FORM, "signature": PROOF[:16]}).encode(),
    "another method": signed(SHA),
    "the method is not signed": urlencode({**SHA, "signature": sign(FORM, algorithm="sha256")}).encode(),
    "unknown method": signed(form(DATA, signatureMethod="CRC32")),
    "method of another family": signed(form(DATA, signatureMethod="HMAC-SHA256"), algorithm="sha256"),
    "re-serialised": urlencode(
        {**FORM, "callbackData": DATA.replace(": ", ":"), "signature": PROOF}
    ).encode(),
    "changed field": urlencode({**FORM, "businessId": "", "signature": PROOF}).encode(),
    "added field": urlencode({**FORM, "signature": PROOF, "room": "42"}).encode(),
    "added empty field": urlencode({**FORM, "signature": PROOF, "room": ""}).encode(),
    "dropped field": urlencode({"secretId": "a" * 32, "callbackData": DATA, "signature": PROOF}).encode(),
    "signed with the address's query": urlencode({**FORM, "signature": sign({**FORM, "q": "1"})}).encode(),
    "another secretId": signed(FOREIGN),
    "no secretId": signed({name: value for name, value in FORM.items() if name != "secretId"}),
    "empty secretId": signed(form(DATA, secretId="")),
    "another businessId": signed(STRANGE),
    "empty businessId": signed(form(DATA, businessId="")),
    "repeated field": signed(FORM) + b"&secretId=" + b"a" * 32,
    "repeated signature": b"signature=" + PROOF.encode() + b"&" + signed(FORM),
    "repeated data": b"callbackData=%7B%7D&" + signed(FORM),
    "empty body": b"",
    "JSON body": json.dumps({**FORM, "signature": PROOF}).encode(),
    "no equals sign": signed(FORM) + b"&x",
    "raw bytes that are not UTF-8": signed(FORM) + b"&x=\xff",
    "escaped bytes that are not UTF-8": signed(FORM) + b"&x=%ff",
    "an escaped surrogate": signed(FORM) + b"&x=%ed%a0%80",
    "a broken escape": signed(FORM).replace(b"%7B", b"%7", 1),
    "many fields": signed({**FORM, **{f"x{number}": "" for number in range(40)}}),
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
def test_wrong_ways(body: bytes) -> None:
    assert is_refused(body)


def test_no_field_of_the_form_can_be_changed() -> None:
    for name, value in {**FORM, "signature": PROOF}.items():
        for other in ("", value + " ", value[:-1], value.swapcase() if name != "signature" else value[::-1]):
            changed = {**FORM, "signature": PROOF, name: other}
            assert other == value or is_refused(urlencode(changed).encode()), (name, other)


def test_blanks_and_plus_signs_are_signed_as_they_are_once_decoded() -> None:
    data = '{"asr": {"segmentId": "a + b"}}'
    escaped = "&".join(f"{name}={quote_plus(value)}" for name, value in form(data).items())
    assert push(f"{escaped}&signature={sign(form(data))}".encode()).body == data.encode()
    percent = signed(form(data)).replace(b"+", b"%20")
    assert dict(parse_qsl(percent.decode()))["callbackData"] == data
    assert push(percent).body == data.encode()


# --- genuine, and yet


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("", "callbackData: is not JSON (line 1 column 1)"),
        ("{", "callbackData: is not JSON (line 1 column 2)"),
        ("null", "callbackData: is not a JSON object"),
        ("7", "callbackData: is not a JSON object"),
        ('"x"', "callbackData: is not a JSON object"),
        ("[]", "callbackData: is an empty array"),
        ("{}", "antispam, asr,"),
        ("[1]", "body: is not a JSON object"),
        ("[" * 100_000, "callbackData: nested too deeply"),
        ('{"asr":' + "9" * 5_000 + "}", "callbackData: holds a number of too many digits"),
    ],
)
def test_genuine_and_not_understood(data: str, problem: str) -> None:
    with pytest.raises(Unreadable) as raised:
        push(signed(form(data)))
    assert str(raised.value).startswith(problem)


def test_a_push_without_data() -> None:
    with pytest.raises(Unreadable, match="callbackData: is missing"):
        push(signed({"secretId": "a" * 32}))


@given(st.binary())
def test_bytes_from_a_stranger_are_refused(body: bytes) -> None:
    assert is_refused(body)


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")), max_size=4)
)
def test_forms_from_a_stranger_are_refused(fields: dict[str, str]) -> None:
    assert is_refused(urlencode(fields).encode())


@given(ITEMS | st.lists(ITEMS, max_size=3) | st.text(st.characters(codec="utf-8")))
def test_whatever_the_vendor_signs_is_taken_or_unreadable(item: Any) -> None:
    data = item if isinstance(item, str) else json.dumps(item)
    try:
        delivery = push(signed(form(data)))
    except Unreadable:
        return
    assert delivery.body.decode() in data
