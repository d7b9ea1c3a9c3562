"""A submission: what is sent, how it is signed, and what each answer comes to."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from earshot.errors import (
    Misconfigured,
)
from earshot.vendors.port import Accepted
from earshot.vendors.tupu.calls import Calls, calls
from earshot.vendors.tupu.client import TupuClient, connect

from tests.contract.samples_tupu import MODERATION, REQUEST_ID, TRANSCRIPTION, VULGAR
from tests.unit.support.shumei_calls import keyring
from tests.unit.tupu.tupu_wire import (
    BASE,
    CALLBACK_URL,
    NONCE,
    PLAIN,
    SECRET_ID,
    ZEGO,
    Case,
    account,
    done,
    key,
    private,
    public,
    refused,
    wired,
)

STREAM = "/v3/recognition/speech/stream"


def sent(monkeypatch: pytest.MonkeyPatch, case: Case) -> dict[str, Any]:
    client, wire = wired(monkeypatch, done())
    client.submit(case.submission())
    (body,) = wire.sent
    assert isinstance(body, dict)
    return body


# --- the call


def test_a_stream_goes_to_the_address_that_ends_with_the_secret_id(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch, done())
    assert client.submit(PLAIN.submission()) == Accepted(REQUEST_ID, STREAM, signs_every_s=10)
    ((method, url, request),) = wire.calls
    assert (method, url) == ("POST", f"{BASE}{STREAM}/{SECRET_ID}")
    assert request["headers"] == {"Content-Type": "application/json"}
    assert request["timeout_s"] == 3.0


def test_the_body_of_a_plain_stream(monkeypatch: Any) -> None:
    ref = PLAIN.submission().task_ref
    body = sent(monkeypatch, PLAIN)
    assert body.pop("signature")
    assert body == {
        "speechStream": [
            {
                "url": "rtmp://live.example.net/app/room-42",
                "callback": CALLBACK_URL,
                "roomId": "room-42",
                "forumId": ref,
                "callbackRules": 1,
                "returnPreSpeech": False,
            }
        ],
        "timestamp": "1700000000",
        "nonce": "3735928559",
    }


def test_the_signature_is_of_the_id_the_time_and_the_nonce(monkeypatch: Any) -> None:
    body = sent(monkeypatch, PLAIN)
    text = b"5f0a0a0a0a0a0a0a0a0a0a0a,1700000000,3735928559"
    proof = base64.b64decode(body["signature"], validate=True)
    key("account").public_key().verify(proof, text, PKCS1v15(), SHA256())


def test_time_and_nonce_are_texts_and_not_numbers(monkeypatch: Any) -> None:
    body = sent(monkeypatch, PLAIN)
    assert all(isinstance(body[name], str) for name in ("timestamp", "nonce", "signature"))


@pytest.mark.parametrize("bits", [1_024, 2_048, 4_096])
def test_account_keys_of_any_usual_size(monkeypatch: Any, bits: int) -> None:
    client, wire = wired(monkeypatch, done(), settings=account(private_key=private("own", bits)))
    client.submit(PLAIN.submission())
    proof = base64.b64decode(wire.sent[0]["signature"])
    text = f"{SECRET_ID},1700000000,{NONCE}".encode()
    key("own", bits).public_key().verify(proof, text, PKCS1v15(), SHA256())


def test_of_keys_that_rotate_the_newest_signs(monkeypatch: Any) -> None:
    settings = account(private_key=[private("new"), private()], secret_id=["new id", "old"])
    client, wire = wired(monkeypatch, done(), settings=settings)
    client.submit(PLAIN.submission())
    proof = base64.b64decode(wire.sent[0]["signature"])
    key("new").public_key().verify(proof, f"new id,1700000000,{NONCE}".encode(), PKCS1v15(), SHA256())
    assert wire.calls[0][1].endswith("/new%20id")


NOT_KEYS = ["x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", public()]


@pytest.mark.parametrize("wrong", [*NOT_KEYS, "", 7, []])
def test_a_private_key_that_is_none_is_named_and_not_told(monkeypatch: Any, wrong: Any) -> None:
    error = refused(monkeypatch, done(), settings=account(private_key=wrong))
    assert isinstance(error, Misconfigured)
    assert error.setting == "secret tupu.private_key"
    assert "AAAA" not in str(error)


def test_a_key_of_another_kind_is_named(monkeypatch: Any) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    held = Ed25519PrivateKey.generate()
    pem = held.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    error = refused(monkeypatch, done(), settings=account(private_key=pem))
    assert isinstance(error, Misconfigured)
    assert error.setting == "secret tupu.private_key"


@pytest.mark.parametrize("name", ["secret_id", "private_key"])
def test_a_missing_part_of_the_secret_is_named(monkeypatch: Any, name: str) -> None:
    error = refused(monkeypatch, done(), settings=account(**{name: ...}))
    assert isinstance(error, Misconfigured)
    assert error.setting == f"secret tupu.{name}"


def test_an_address_may_end_with_a_slash(monkeypatch: Any) -> None:
    _, wire = wired(monkeypatch, done())
    held = keyring({"tupu": account()})
    TupuClient(Calls(BASE + "/", held, lambda: 0, lambda: 0)).submit(PLAIN.submission())
    assert wire.calls[0][1] == f"{BASE}{STREAM}/{SECRET_ID}"


def test_nonces_are_of_32_bits_and_never_the_same(monkeypatch: Any) -> None:
    made = calls(BASE, keyring({"tupu": account()}))
    nonces = {made._nonce() for _ in range(50)}
    assert len(nonces) == 50
    assert all(0 <= nonce < 2**32 for nonce in nonces)


def test_the_registrys_way_in_asks_for_its_own_address() -> None:
    asked: list[str] = []

    def base_url(name: str) -> str:
        asked.append(name)
        return BASE

    connect(base_url, keyring({}))
    assert asked == ["TUPU_BASE_URL"]


# --- what the plan adds


def test_tasks_go_by_their_ids_each_once(monkeypatch: Any) -> None:
    chosen = {"tasks": ["vulgar", "moderation", VULGAR, "5caee6b2a76925c55a09ffff"]}
    body = sent(monkeypatch, PLAIN.but(options=chosen))
    assert body["tasks"] == [VULGAR, MODERATION, "5caee6b2a76925c55a09ffff"]


def test_other_options(monkeypatch: Any) -> None:
    body = sent(monkeypatch, PLAIN.but(options={"uid": "team-7", "returnPreSpeech": True}))
    assert body["uid"] == "team-7"
    assert body["speechStream"][0]["returnPreSpeech"] is True


@pytest.mark.parametrize(("keep", "rules"), [("all", 1), ("hits", 0)])
def test_what_the_plan_keeps_is_what_is_called_back(monkeypatch: Any, keep: str, rules: int) -> None:
    assert sent(monkeypatch, PLAIN.but(keep=keep))["speechStream"][0]["callbackRules"] == rules


@pytest.mark.parametrize(
    ("keep", "options", "signs"),
    [
        ("all", {}, 10),
        ("all", {"tasks": ["moderation"]}, 10),
        ("all", {"tasks": ["vulgar", TRANSCRIPTION]}, 10),
        ("all", {"tasks": ["vulgar"]}, None),
        ("all", {"regularSigns": False}, None),
        ("hits", {"tasks": ["moderation"]}, None),
    ],
)
def test_silence_means_something_where_every_slice_is_told(
    monkeypatch: Any, keep: str, options: dict[str, Any], signs: int | None
) -> None:
    client, _ = wired(monkeypatch, done())
    assert client.submit(PLAIN.but(keep=keep, options=options).submission()).signs_every_s == signs


def test_a_zego_plan_may_have_a_path_of_its_own(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch, done())
    elsewhere = ZEGO.but(options=ZEGO.options | {"zegoPath": "/v3/recognition/speech/zego"})
    assert client.submit(elsewhere.submission()).endpoint == "/v3/recognition/speech/zego"
    assert wire.calls[0][1] == f"{BASE}/v3/recognition/speech/zego/{SECRET_ID}"
