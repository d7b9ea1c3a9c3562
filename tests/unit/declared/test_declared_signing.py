"""Recipes that sign, by the vectors that are published, or that somebody else's code computes."""

import base64
import hashlib
import hmac
from typing import Any

import pytest
from earshot.errors import BadInput, Misconfigured
from earshot.vendors.declared.client import DeclaredClient
from earshot.vendors.declared.transport import Wire

from tests.unit.declared.declared_parts import NOW, Accounts, Line, caller, client, submission

BODY_OF_THE_PAGE = (
    '{"account":"lb-10001","stream_key":"room-1001-1","source":{"kind":"url","url":"https://live.example.com/'
    'room-1001.flv"},"mode":"all","callback":"https://mod.example.com/lyrebird","note":"{\\"room\\":\\"直播间\\"}"}'
)


def sent(
    sign: list[dict[str, Any]], *changes: tuple[str, Any], secrets: dict[str, Any] | None = None
) -> Wire:
    line = Line({"code": 0, "task": "t"})
    made = caller(line, ("sign", sign), *changes, nonce=lambda: "0123456789abcdef")
    if secrets is not None:
        object.__setattr__(made, "keyring", Accounts(secrets))
    DeclaredClient(made).submit(submission())
    return line.sent[0]


def test_hmac_headers_give_the_vector_of_the_lyrebirds_page() -> None:
    sign = {
        "recipe": "hmac_headers",
        "algorithm": "sha256",
        "key": {"$secret": "key"},
        "separator": "\n",
        "parts": [{"$secret": "id"}, {"$": "now_s"}, {"$": "nonce"}, {"$": "request.body"}],
        "headers": {"X-Signature": {"$": "signature"}},
    }
    secrets = {"key": "lyrebird-sample-api-key", "id": "lb-10001"}
    wire = sent([sign], ("submit.json", None), ("submit.text", BODY_OF_THE_PAGE), secrets=secrets)
    assert wire.body is not None
    assert len(wire.body) == 213
    assert wire.headers["X-Signature"] == "b842b029c59dc13d9fe3f5304e4b942c1717cc896295b5f7b4c9bc2010ef2069"


def test_a_qiniu_mac_is_that_of_the_official_sdk() -> None:
    sign = {"recipe": "qiniu_mac", "access_key": {"$secret": "id"}, "secret_key": {"$secret": "key"}}
    secrets = {"id": "AKTESTEXAMPLE0001", "key": "secret-test-example"}
    changes = (
        ("origins", {"main": "https://yitu-audio.qiniuapi.com"}),
        ("submit.path", ["v1", "antispam", "streamscan"]),
        ("submit.json", {"audioId": "room-1"}),
    )
    wire = sent([sign], *changes, secrets=secrets)
    assert wire.body == b'{"audioId":"room-1"}'
    assert wire.headers["Authorization"] == "Qiniu AKTESTEXAMPLE0001:8B_WIO2aXHnear5-VkB7E4farAk="


def test_a_v4_signature_is_that_of_the_official_sdk() -> None:
    """Vector A1: a JSON body with JSON in a text."""
    sign = {
        "recipe": "volc_v4",
        "service": "BusinessSecurity",
        "region": "cn-north-1",
        "key_id": {"$secret": "id"},
        "key": {"$secret": "key"},
    }
    inner = {"operate_time": 1_767_323_045, "account_id": "u1", "data_id": "room-1-audio", "biztype": "live"}
    line = Line({"code": 0, "task": "t"})
    made = caller(
        line,
        ("origins", {"main": "https://riskcontrol.volcengineapi.com"}),
        ("sign", [sign]),
        ("submit.path", None),
        ("submit.query", {"Version": "2022-04-25", "Action": "AsyncLiveAudioRisk"}),
        (
            "submit.json",
            {
                "AppId": 12345,
                "Service": "audio_live_risk",
                "Parameters": {"$json": {**inner, "url": "rtmp://example.invalid/app/s"}},
            },
        ),
    )
    secrets = {"id": "AKTESTEXAMPLE0001", "key": "c2VjcmV0LXRlc3QtZXhhbXBsZQ=="}
    object.__setattr__(made, "keyring", Accounts(secrets))
    object.__setattr__(made, "now", lambda: 1_767_323_045_000)
    DeclaredClient(made).submit(submission())
    wire = line.sent[0]
    assert wire.target == "/?Action=AsyncLiveAudioRisk&Version=2022-04-25"
    body = wire.body or b""
    assert (
        hashlib.sha256(body).hexdigest() == "518254c4abf1c3f5e3047b9b5d70c6745fe6dc92c92376bd7245ad43c5377db0"
    )
    signature = wire.headers["Authorization"].rpartition("Signature=")[2]
    assert signature == "47e5b3720e9b346fb5a4a0aafaa28db2c3432ff9cbb5dba1a3be5d9896353ddf"


def test_a_static_key_goes_where_it_belongs() -> None:
    places = [
        {"recipe": "field", "in": "body", "name": "accessKey", "value": {"$secret": "key"}},
        {"recipe": "field", "in": "query", "name": "id", "value": {"$secret": "id"}},
        {"recipe": "field", "in": "header", "name": "X-Key", "value": {"$secret": "key"}},
    ]
    wire = sent(places, ("submit.json", {"accessKey": "", "n": 1}))
    assert wire.body == b'{"accessKey":"s3cret-key","n":1}'
    assert wire.target == "/start?id=s3cret-id"
    assert wire.headers["X-Key"] == "s3cret-key"


def test_basic_and_bearer() -> None:
    basic = {"recipe": "basic", "user": {"$secret": "id"}, "password": {"$secret": "key"}}
    assert (
        sent([basic]).headers["Authorization"]
        == "Basic " + base64.b64encode(b"s3cret-id:s3cret-key").decode()
    )
    bearer = {"recipe": "bearer", "token": {"$secret": "key"}}
    assert sent([bearer]).headers["Authorization"] == "Bearer s3cret-key"


def test_a_digest_of_parts() -> None:
    """As ZEGO's server API has it: md5 of AppId, nonce, secret and time."""
    sign = {
        "recipe": "digest_parts",
        "algorithm": "md5",
        "in": "query",
        "name": "Signature",
        "parts": ["1234567890", {"$": "nonce"}, {"$secret": "key"}, {"$": "now_s"}],
    }
    text = f"1234567890{'0123456789abcdef'}s3cret-key{NOW // 1000}"
    assert sent([sign]).target == f"/start?Signature={hashlib.md5(text.encode()).hexdigest()}"


def test_a_digest_over_sorted_parameters() -> None:
    """Yidun's: names and values in the order of the names, then the secret."""
    sign = {
        "recipe": "sorted_params_digest",
        "algorithm": "md5",
        "name": "signature",
        "key": {"$secret": "key"},
    }
    form = {"version": "v4", "dataId": "a b", "timestamp": 1}
    wire = sent([sign], ("submit.json", None), ("submit.form", form))
    expected = hashlib.md5(b"dataIda btimestamp1versionv4s3cret-key").hexdigest()
    assert wire.body == f"version=v4&dataId=a%20b&timestamp=1&signature={expected}".encode()
    assert wire.headers["Content-Type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
@pytest.mark.parametrize("encoding", ["hex", "HEX", "base64", "base64url"])
def test_every_algorithm_in_every_encoding(algorithm: str, encoding: str) -> None:
    sign = {
        "recipe": "hmac_headers",
        "algorithm": algorithm,
        "encoding": encoding,
        "key": {"$secret": "key"},
        "parts": [{"$": "request.method"}, {"$": "request.target"}, {"$": "request.host"}],
        "headers": {"X-Signature": {"$": "join('', ['v1=', signature])"}},
    }
    raw = hmac.digest(b"s3cret-key", b"POST/startapi.wren.example", algorithm)
    made = {
        "hex": raw.hex(),
        "HEX": raw.hex().upper(),
        "base64": base64.b64encode(raw).decode(),
        "base64url": base64.urlsafe_b64encode(raw).decode(),
    }
    assert sent([sign]).headers["X-Signature"] == f"v1={made[encoding]}"


def test_what_is_signed_is_what_is_sent() -> None:
    sign = {
        "recipe": "hmac_headers",
        "algorithm": "sha256",
        "key": {"$secret": "key"},
        "parts": [{"$": "request.body"}],
        "headers": {"X-Signature": {"$": "signature"}},
    }
    late = {"recipe": "field", "in": "body", "name": "added", "value": {"$secret": "id"}}
    wire = sent([sign, late])  # whatever adds to the body comes first
    assert b"s3cret-id" in (wire.body or b"")
    assert wire.headers["X-Signature"] == hmac.digest(b"s3cret-key", wire.body or b"", "sha256").hex()


def test_a_part_that_is_missing_signs_nothing() -> None:
    sign = {
        "recipe": "hmac_headers",
        "algorithm": "sha256",
        "key": {"$secret": "key"},
        "parts": [{"$": "room.account_id"}],
        "headers": {"X-Signature": {"$": "signature"}},
    }
    line = Line({"code": 0, "task": "t"})
    with pytest.raises(BadInput) as raised:
        client(line, ("submit.sign", [sign])).submit(submission(account_id=None))
    assert raised.value.field == "submit.sign[0].parts[0]"
    assert not line.sent


def test_the_newest_secret_signs_and_a_missing_one_is_named() -> None:
    sign = {"recipe": "bearer", "token": {"$secret": "old"}}
    assert sent([sign]).headers["Authorization"] == "Bearer new-one"
    with pytest.raises(Misconfigured) as raised:
        sent([sign], secrets={})
    assert raised.value.setting == "secret wren.old"


def test_no_secret_is_in_what_a_request_shows_of_itself() -> None:
    sign = {"recipe": "field", "in": "body", "name": "accessKey", "value": {"$secret": "key"}}
    wire = sent([sign, {"recipe": "bearer", "token": {"$secret": "id"}}])
    assert "s3cret" not in repr(wire)
