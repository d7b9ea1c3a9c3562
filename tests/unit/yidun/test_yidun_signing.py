"""The signature: the vectors of the pages and of the vendor's own tests, by name."""

import hashlib
from typing import Any

import pytest
from earshot.errors import Misconfigured
from earshot.vendors.yidun import account
from earshot.vendors.yidun.calls import Call
from earshot.vendors.yidun.signing import METHODS, signature
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.yidun.yidun_wire import ACCOUNT, digest, ok, wired

V1 = {"foo": "1", "bar": "2", "foo_bar": "3", "baz": "4"}
V1_KEY = "6308afb129ea00301bd7c79621d07591"
V1_DIGESTS = {
    "MD5": "730b0588690874dde18fa58cb1301787",
    "SHA1": "317da698220c6bb471fd4cbbaf089a2097b1b9c4",
    "SHA256": "a8fe45b38e390de016e6415f8cf18f9004568228d291aee639bdccc9114ac80a",
    "SM3": "64869b68206740accb0a51e7019339de04604ad502cdca015b0b50b6c2121008",
}
V2 = {
    "arg0": "value-of-arg0",
    "input2": "value-of-input2",
    "param1": "value-of-param1",
    "secretId": "a-secret-id-1",
    "x": "",  # null in the vendor's test: counts as empty
    "y": "",
}
V2_KEY = "a-secret-key-1"
V2_DIGESTS = {
    None: "24080052f8f2a630cfb17d4c5426784d",
    "md5": "f367a2956a80ae92eded1d8798357513",
    "sha1": "cb14b0d023925b91e90bb24acc93ce206ebd42ce",
    "sha256": "36a8270f76d769e120e6d178b6d0ded81093ca11cb930e4bdbf5559a34f4c222",
    "sm3": "b6aecc09523ec9eb2f8f2d9da2fb19f75234989bbdeb68cb7a84c6a3ab1dc2e3",
}
IDS = {"secretId": "a" * 32, "businessId": "b" * 32}
KEY = "c" * 32
V3 = {
    **IDS,
    "version": "v4",
    "timestamp": "1700000000000",
    "nonce": "12345678901",
    "url": "rtc://room.zego.im/room-42?identify_token=04AAA%2BBBB%3D",
    "dataId": "room-42:0007",
    "callback": '{"tenant":"t1","room":"room-42"}',
    "callbackUrl": "https://mod.example.org/yidun/push",
    "title": "测试房间",
}
V3_DIGESTS = {
    None: "80c2837e2f42e19e5d5e179a89d381b2",
    "SHA1": "dabd9741a022d35efb75785e3e0145ba920e28f3",
    "SHA256": "3eb704104b8c1d5be7c8982bce7f090ad4ea2544cb09abef35885a6b53b67708",
    "SM3": "91ffb7bf8a62dd90e741200151ca883a29303dd0303dcdbe54580fe1b70e18eb",
}
FEEDBACKS = '[{"taskId":"0123456789abcdef0123456789abcdef","status":100}]'
FEEDBACK = {**IDS, "version": "v1", "timestamp": "1700003600000", "nonce": "98765", "feedbacks": FEEDBACKS}
POLL = {
    **IDS,
    "version": "v4",
    "timestamp": "1700000030000",
    "nonce": "4242",
    "yidunRequestId": "8f14e45f-ceea-467f-a8f0-000000000001",
}
CALL = Call("liveaudio", "/v1/x", "v1", {"feedbacks": FEEDBACKS}, 1.0)


def with_method(fields: dict[str, str], method: str | None) -> dict[str, str]:
    return fields if method is None else {**fields, "signatureMethod": method}


@pytest.mark.parametrize(("method", "wanted"), V1_DIGESTS.items())
def test_v1_of_the_page(method: str, wanted: str) -> None:
    assert signature(V1, V1_KEY, method) == wanted


@pytest.mark.parametrize(("method", "wanted"), V2_DIGESTS.items())
def test_v2_of_the_vendors_own_tests(method: str | None, wanted: str) -> None:
    """A null and an empty value both add their name alone, and ``signatureMethod`` is signed as it is written."""
    assert signature(with_method(V2, method), V2_KEY, method or "MD5") == wanted
    assert signature({"y": "", "x": "", **with_method(V2, method)}, V2_KEY, method or "MD5") == wanted


@pytest.mark.parametrize(("method", "wanted"), V3_DIGESTS.items())
def test_v3_a_whole_submission(method: str | None, wanted: str) -> None:
    assert signature(with_method(V3, method), KEY, method or "MD5") == wanted


def test_the_vector_of_a_stop() -> None:
    assert signature(FEEDBACK, KEY) == "4a89161f09dff1afe1ea79dc3f1c3b0d"


def test_the_vector_of_a_poll() -> None:
    assert signature(POLL, KEY) == "3bf0b57e1b978dfe92dc42ead47f9569"


@given(fields=st.dictionaries(st.text(), st.text()), key=st.text(), method=st.sampled_from(sorted(METHODS)))
def test_any_form_is_signed_as_the_page_says(fields: dict[str, str], key: str, method: str) -> None:
    wanted = digest(fields, key, method.lower())
    assert signature(fields, key, method) == wanted
    assert signature({**fields, "signature": "of before"}, key, method.lower()) == wanted


def test_upper_case_names_come_first() -> None:
    assert signature({"b": "2", "B": "1"}, "k") == hashlib.md5(b"B1b2k").hexdigest()


# --- of a call


def sent(monkeypatch: pytest.MonkeyPatch, **account: Any) -> dict[str, str]:
    calls, wire = wired(monkeypatch, ok([]), account=ACCOUNT | account)
    calls.make(CALL)
    return wire.sent


def test_a_call_is_signed_over_all_that_it_sends(monkeypatch: Any) -> None:
    form = sent(monkeypatch)
    common = {"version": "v1", "timestamp": "1700000000000", "nonce": "1", "signatureMethod": "SHA256"}
    unsigned = {**IDS, **common, "feedbacks": FEEDBACKS}
    assert form == {**unsigned, "signature": digest(unsigned, KEY)}


@pytest.mark.parametrize("method", ["MD5", "sha1", "SHA256", "Sm3"])
def test_the_method_is_the_accounts(monkeypatch: Any, method: str) -> None:
    form = sent(monkeypatch, signature_method=method)
    assert form["signatureMethod"] == method.upper()
    assert form["signature"] == digest(form, KEY, method.lower())


def test_the_newest_key_signs(monkeypatch: Any) -> None:
    form = sent(monkeypatch, secret_key=["new", "old"], secret_id=["id-new", "id-old"])
    assert form["secretId"] == "id-new"
    assert form["signature"] == digest(form, "new")


@pytest.mark.parametrize(
    ("setting", "value", "wanted"),
    [
        ("signature_method", "SHA512", "secret yidun.signature_method"),
        ("signature_method", "", "secret yidun.signature_method"),
        ("secret_key", "", "secret yidun.secret_key"),
        ("secret_key", None, "secret yidun.secret_key"),
        ("secret_id", 7, "secret yidun.secret_id"),
        ("business_id", None, "secret yidun.business_id"),
        ("region", "mars", "secret yidun.region"),
    ],
)
def test_a_setting_that_is_wrong_is_named_and_nothing_is_sent(
    monkeypatch: Any, setting: str, value: Any, wanted: str
) -> None:
    calls, wire = wired(monkeypatch, ok([]), account=ACCOUNT | {setting: value})
    with pytest.raises(Misconfigured) as error:
        calls.make(CALL)
    assert error.value.setting == wanted
    assert wire.calls == []


def test_live_audio_needs_a_business_and_the_solution_sends_none(monkeypatch: Any) -> None:
    without = {name: value for name, value in ACCOUNT.items() if name != "business_id"}
    calls, wire = wired(monkeypatch, ok([]), account=without)
    with pytest.raises(Misconfigured, match=r"secret yidun\.business_id"):
        calls.make(CALL)
    calls.make(Call("livewall", "/v1/x", "v1", {}, 1.0))
    assert "businessId" not in wire.sent
    calls, wire = wired(monkeypatch, ok([]))
    calls.make(Call("livewall", "/v1/x", "v1", {}, 1.0))
    assert "businessId" not in wire.sent


def test_a_python_without_sm3_is_told_by_the_setting(monkeypatch: Any) -> None:
    def new(name: str, *_: Any, **__: Any) -> Any:
        raise ValueError(f"unsupported hash type {name}")

    calls, wire = wired(monkeypatch, ok([]), account=ACCOUNT | {"signature_method": "SM3"})
    monkeypatch.setattr(hashlib, "new", new)
    with pytest.raises(Misconfigured) as error:
        calls.make(CALL)
    assert error.value.setting == "secret yidun.signature_method"
    assert wire.calls == []


def test_no_error_of_an_account_tells_its_key() -> None:
    from earshot.secrets import Section

    section = Section("yidun", {"secret_key": "s3cret", "signature_method": "s3cret"})
    with pytest.raises(Misconfigured) as error:
        account.signed(section, {})
    assert "s3cret" not in str(error.value)
