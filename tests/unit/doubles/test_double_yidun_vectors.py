"""Every published vector, by its name."""

from __future__ import annotations

import pytest

from local.doubles.model import Json
from local.doubles.yidun.seal import Sealer
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.signing import NoMethod, signature
from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_yidun_caller import BUSINESS_ID, KEY, POLL, SECRET_ID, STOP, SUBMIT, Yidun

V1 = {"foo": "1", "bar": "2", "foo_bar": "3", "baz": "4"}
V1_KEY = "6308afb129ea00301bd7c79621d07591"
V2 = {
    "arg0": "value-of-arg0",
    "input2": "value-of-input2",
    "param1": "value-of-param1",
    "secretId": "a-secret-id-1",
    "x": "",
    "y": "",
}
IDS = {"secretId": SECRET_ID, "businessId": BUSINESS_ID}
V3 = IDS | {
    "version": "v4",
    "timestamp": "1700000000000",
    "nonce": "12345678901",
    "url": "rtc://room.zego.im/room-42?identify_token=04AAA%2BBBB%3D",
    "dataId": "room-42:0007",
    "callback": '{"tenant":"t1","room":"room-42"}',
    "callbackUrl": "https://mod.example.org/yidun/push",
    "title": "测试房间",
}
TASK = "0123456789abcdef0123456789abcdef"
FEEDBACK = IDS | {
    "version": "v1",
    "timestamp": "1700003600000",
    "nonce": "98765",
    "feedbacks": f'[{{"taskId":"{TASK}","status":100}}]',
}
POLLED = IDS | {
    "version": "v4",
    "timestamp": "1700000030000",
    "nonce": "4242",
    "yidunRequestId": "8f14e45f-ceea-467f-a8f0-000000000001",
}
PUSH_DATA = (
    '{"antispam":{"taskId":"0123456789abcdef0123456789abcdef","dataId":"room-42:0007",'
    r'"callback":"{\"room\":\"room-42\"}","censorSource":2,"status":2,"evidences":{"suggestion":2,'
    '"startTime":120000,"endTime":130000,"content":"示例","speakerId":"u_1001","segmentId":"seg-0012",'
    '"labels":[{"label":600,"level":2,"rate":0.97,"subLabels":[{"subLabel":"600018","rate":0.97,'
    '"details":{"keywords":[{"word":"示例"}]}}]}]}}}'
)
PUSH = IDS | {"callbackData": PUSH_DATA}


@pytest.mark.parametrize(
    ("method", "digest"),
    [
        ("MD5", "730b0588690874dde18fa58cb1301787"),
        ("SHA1", "317da698220c6bb471fd4cbbaf089a2097b1b9c4"),
        ("SHA256", "a8fe45b38e390de016e6415f8cf18f9004568228d291aee639bdccc9114ac80a"),
        ("SM3", "64869b68206740accb0a51e7019339de04604ad502cdca015b0b50b6c2121008"),
    ],
)
def test_v1(method: str, digest: str) -> None:
    assert signature(V1, V1_KEY, method) == digest


@pytest.mark.parametrize(
    ("method", "digest"),
    [
        ("", "24080052f8f2a630cfb17d4c5426784d"),
        ("md5", "f367a2956a80ae92eded1d8798357513"),
        ("sha1", "cb14b0d023925b91e90bb24acc93ce206ebd42ce"),
        ("sha256", "36a8270f76d769e120e6d178b6d0ded81093ca11cb930e4bdbf5559a34f4c222"),
        ("sm3", "b6aecc09523ec9eb2f8f2d9da2fb19f75234989bbdeb68cb7a84c6a3ab1dc2e3"),
    ],
)
def test_v2(method: str, digest: str) -> None:
    fields = V2 | ({"signatureMethod": method} if method else {})
    assert signature(fields, "a-secret-key-1", method) == digest


V3_DIGESTS = [
    ("", "80c2837e2f42e19e5d5e179a89d381b2"),
    ("SHA1", "dabd9741a022d35efb75785e3e0145ba920e28f3"),
    ("SHA256", "3eb704104b8c1d5be7c8982bce7f090ad4ea2544cb09abef35885a6b53b67708"),
    ("SM3", "91ffb7bf8a62dd90e741200151ca883a29303dd0303dcdbe54580fe1b70e18eb"),
]


@pytest.mark.parametrize(("method", "digest"), V3_DIGESTS)
def test_v3_is_accepted_as_it_is(time: Time, method: str, digest: str) -> None:
    yidun = Yidun(time)
    form = V3 | ({"signatureMethod": method} if method else {}) | {"signature": digest}
    assert '"code": 200' in yidun.send(SUBMIT, form).body
    assert yidun.state()["tasks"][0]["data_id"] == "room-42:0007"


@pytest.mark.parametrize(
    ("path", "form", "digest"),
    [
        (STOP, FEEDBACK, "4a89161f09dff1afe1ea79dc3f1c3b0d"),
        (POLL, POLLED, "3bf0b57e1b978dfe92dc42ead47f9569"),
    ],
)
def test_feedback_and_poll_vectors(time: Time, path: str, form: Json, digest: str) -> None:
    time.wall = int(form["timestamp"]) / 1000
    assert '"code": 200' in Yidun(time).send(path, form | {"signature": digest}).body


@pytest.mark.parametrize(
    ("method", "digest"),
    [
        ("", "cda8c9b7636efff4c392f1f4075c175b"),
        ("SHA256", "80f59bff66c63e714a8b800df076a1b0ccc3c170e059159f16f7db954cbe6389"),
    ],
)
def test_push_vector(method: str, digest: str) -> None:
    from local.doubles.accounts import DEFAULT, Accounts
    from local.doubles.yidun.gate import Owner

    sealer = Sealer(Accounts.read(DEFAULT), YidunSettings(signature_method=method))
    owner = Owner(SECRET_ID, "liveaudio")
    assert f"signature={digest}" in sealer.seal(dict(PUSH), owner)
    assert sealer.ids(owner) == IDS


def test_sm3_of_abc() -> None:
    digest = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert signature({}, "abc", "SM3") == digest


def test_a_method_that_cannot_be_computed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hashlib.algorithms_available", {"md5"})
    with pytest.raises(NoMethod, match="OpenSSL has no sm3"):
        signature({}, KEY, "SM3")
