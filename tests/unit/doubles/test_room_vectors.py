"""The sheets' own vectors: what they sign, the doubles sign; what they mint, the doubles read."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from local.doubles.agora import events as agora
from local.doubles.agora import tokens as agora_tokens
from local.doubles.model import Request
from local.doubles.trtc import events as trtc
from local.doubles.trtc import tokens as trtc_tokens
from local.doubles.volcengine import events as volcengine
from local.doubles.volcengine import tokens as volcengine_tokens
from local.doubles.volcengine import v4
from local.doubles.yunxin.tokens import join_signature, read_join, sha1
from local.doubles.zego import events as zego
from tests.unit.doubles.clouds import (
    AGORA_A5,
    TRTC_T1,
    TRTC_T1_NODE,
    TRTC_T2,
    VOLC_V1,
    VOLC_V3,
    VOLC_V4,
    YUNXIN_APP,
    YUNXIN_N3,
)

CERTIFICATE = "5CFd2fd1755d40ecb72977518be15d3b"
A1 = (
    "007eJxTYBBbsMMnKq7p9Hf/HcIX5kce9b518kCiQgSr5Zrp4X1Tu6UUGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQw"
    "MTAwMoAwBIL4CgzmKeZGxmamqUmWFsYmFqbGluapxqnGaZYpJmYGSSkpiVwMRhYWRsYmhkbmxgDCaiTj"
)
A3 = (
    "007eJxSYBBbsMMnKq7p9Hf/HcIX5kce9b518kCiQgSr5Zrp4X1Tu6UUGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQw"
    "MTAwMoAwBIL4CgzmKeZGxmamqUmWFsYmFqbGluapxqnGaZYpJmYGSSkpiVwMRhYWRsYmhkbmxoAAAAD//8JqJOM="
)
A4 = (
    "007eJxTYHh8IPKzTvBdf9ce8bk7G61vs06oca1e815/ot4+x7rfjDIKDJbmBs6OxqYpqWYGySYmZiamSUmJqRaJRoamBmaGScbG7l8EGCKY"
    "GBgYGRgYWIEkCxCD+ExgkhlMsoBJBQbzFHMjYzPT1CRLC2MTC1NjS/NU41TjNMsUEzODpJSURC4GIwsLI2MTQyNzYyagORCTkEVZ4KKsWOXZ"
    "gWIQm1HF//8HAL01L5I="
)
T1_BODY = base64.b64decode(
    "ewoJIkV2ZW50R3JvdXBJZCI6CTIsCgkiRXZlbnRUeXBlIjoJMjA0LAoJIkNhbGxiYWNrVHMiOgkxNjY0MjA5NzQ4MTg4LAoJIkV2ZW50SW5m"
    "byI6CXsKCQkiUm9vbUlkIjoJODQ4OSwKCQkiRXZlbnRUcyI6CTE2NjQyMDk3NDgsCgkJIkV2ZW50TXNUcyI6CTE2NjQyMDk3NDgxODAsCgkJ"
    "IlVzZXJJZCI6CSJ1c2VyXzg1MDM0NjE0IiwKCQkiUmVhc29uIjoJMAoJfQp9"
).decode()


@pytest.mark.parametrize(
    ("secret", "stamp", "nonce", "signature"),
    [
        ("secret", "1470820198", "123412", "5bd59fd62953a8059fb7eaba95720f66d19e4517"),
        ("secret-ABC", "1700000000", "n1", "b991c343cf13ddcdf30419f71531eb1b522607c0"),
        ("secret-ABC", "1700000000", "350176", "d0046db31a4f8edad59c421573725aa50fd48971"),
    ],
)
def test_zego_callback_signatures(secret: str, stamp: str, nonce: str, signature: str) -> None:
    assert zego.signature(secret, stamp, nonce) == signature


@pytest.mark.parametrize(
    ("body", "one", "two"),
    [
        (
            '{"eventMs":1560408533119,"eventType":10,"noticeId":"4eb720f0-8da7-11e9-a43e-53f411c2761f",'
            '"notifyMs":1560408533119,"payload":{"a":"1","b":2},"productId":1}',
            "033c62f40f687675f17f0f41f91a40c71c0f134c",
            "6d3320c60b11101395b7fc8f9068748808a0aa1bfa064438e39d1bc2c7d74d99",
        ),
        (
            '{"noticeId":"2000001428:4330:107","productId":1,"eventType":101,"notifyMs":1611566412672,'
            '"payload":{"channelName":"test_webhook","ts":1560399999}}',
            "b8bfc4d9faae687f1ad207240057116ad382b82b",
            "239b7b685a9c67abc6b48ef9f63e9de73b689213cfc6aef238f75889f18e37ad",
        ),
        (
            '{"noticeId":"2000001428:4330:108","productId":1,"eventType":102,"notifyMs":1611566412999,'
            '"payload":{"channelName":"test_webhook","ts":1560399999,"lastUid":12121212}}',
            "1bd37e105d587fff19fc35886cfe973e18669580",
            "86d41a121fabd1a2d4a92e8af5c68b86381e011df08b2f276e7dbd7656dd1ebc",
        ),
    ],
    ids=["A1", "A2", "A3"],
)
def test_agora_signatures(body: str, one: str, two: str) -> None:
    assert agora.signatures(body, "secret") == {"Agora-Signature": one, "Agora-Signature-V2": two}


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        (T1_BODY, "kkoFeO3Oh2ZHnjtg8tEAQhtXK16/KI05W3BQff8IvGA="),
        (
            '{"EventGroupId":1,"EventType":101,"CallbackTs":1687770730166,"EventInfo":{"RoomId":12345,'
            '"EventTs":1687770730,"EventMsTs":1687770730160,"UserId":"test"}}',
            "GFQC/FilNGZcZsBNq2uloiZ7zOsAH3hCyVC2c6kZ2CE=",
        ),
        (
            '{"EventGroupId":1,"EventType":102,"CallbackTs":1687771618531,"EventInfo":{"RoomId":"12345",'
            '"EventTs":1687771618,"EventMsTs":1687771618457}}',
            "iszmcOuHRftpwjYquPnV03zqnDPssl9CwTpwMlqTTZA=",
        ),
    ],
    ids=["T1", "T2", "T3"],
)
def test_trtc_signatures(body: str, sign: str) -> None:
    assert trtc.sign(body, "123654") == sign


def test_trtc_tabs_are_the_published_sample_byte_for_byte() -> None:
    assert hashlib.sha256(T1_BODY.encode()).hexdigest().startswith("4c4c52193bebe962")
    assert trtc.written(json.loads(T1_BODY), "tabs") == T1_BODY


@pytest.mark.parametrize(
    ("kind", "data", "when", "event_id", "nonce", "signature"),
    [
        (
            "RoomCreate",
            '{"RoomId":"room1","Timestamp":1679383924691}',
            "2023-03-21T15:32:04+08:00",
            "123456",
            "aaBc",
            "1c7200723842eff514b65fc3f065597432bbb4249e10d33db79b3853d05f3691",
        ),
        (
            "RoomDestroy",
            '{"RoomId":"room1","Timestamp":1679383940000}',
            "2023-03-21T15:32:20+08:00",
            "123458",
            "aaBe",
            "6c2caf686dc7d457d4f21c95a1ce4090c4121254760ed9eda7e79e1e0cb65c61",
        ),
        (
            "UserLeaveRoom",
            '{"RoomId":"room1","UserId":"u1","DeviceType":"web","Reason":"userLeave","Timestamp":1679383930000}',
            "2023-03-21T15:32:10+08:00",
            "123457",
            "aaBd",
            "6baf0a03c894a7778d591e2b91c7412a31517513bc744f16036a06c6ff18c8ef",
        ),
    ],
    ids=["V1", "V2", "V3"],
)
def test_volcengine_signatures(
    kind: str, data: str, when: str, event_id: str, nonce: str, signature: str
) -> None:
    body = {"EventType": kind, "EventData": data, "EventTime": when, "EventId": event_id}
    body |= {"AppId": "appId", "Version": "2020-12-01", "Nonce": nonce}
    assert volcengine.signature(body, "1234") == signature


@pytest.mark.parametrize(
    ("md5", "stamp", "checksum"),
    [
        ("df22980e26db30c6d0078e501acec2c0", "1606974852500", "2f777e5fc27c31ef9889420714db86ca87862be4"),
        ("f2a08649d1c9582a76b8deade411f316", "1606974952500", "a9eebdede7f603e9ae200d2f09ec9fe0d2926c99"),
        ("99914b932bd37a50b983c5e7c90ae93b", "1606974852500", "650bba8c9545d442fe556632e3863124fc585167"),
    ],
    ids=["N1", "N2", "N3"],
)
def test_yunxin_webhook_checksums(md5: str, stamp: str, checksum: str) -> None:
    assert sha1("c00000000000", md5, stamp) == checksum


def test_yunxin_call_checksum_n6() -> None:
    assert sha1("c00000000000", "1234567890", "1697168455") == "192bdbdad337836e6213aec1d93186aae9771c39"


@pytest.mark.parametrize(
    ("text", "uid", "channel"),
    [
        (A1, "2882341273", "7d72365eb983485397e3e3f9d460bdda"),
        (A3, "2882341273", "7d72365eb983485397e3e3f9d460bdda"),
        (AGORA_A5, "900001", "room-demo-1"),
    ],
    ids=["A1", "A3", "A5"],
)
def test_agora_tokens(text: str, uid: str, channel: str) -> None:
    token = agora_tokens.read(text)
    assert token.rtc is not None
    assert (token.rtc.uid, token.rtc.channel, list(token.rtc.privileges)) == (uid, channel, [1])
    assert agora_tokens.signed_by(token, ("other", CERTIFICATE))
    assert not agora_tokens.signed_by(token, (CERTIFICATE.lower(),))


def test_agora_token_with_other_services_a4() -> None:
    token = agora_tokens.read(A4)
    assert token.rtc is not None
    assert token.rtc.privileges == dict.fromkeys((1, 2, 3, 4), 600)
    assert token.others == [2, 4, 5, 7]
    assert agora_tokens.signed_by(token, (CERTIFICATE,))


@pytest.mark.parametrize(
    ("text", "user"),
    [(TRTC_T1, "xiaojun"), (TRTC_T1_NODE, "xiaojun"), (TRTC_T2, "moderation-bot-1")],
    ids=["T1", "T1-node", "T2"],
)
def test_trtc_user_sigs(text: str, user: str) -> None:
    sig = trtc_tokens.read(text)
    assert (sig.user, sig.app_id, sig.issued, sig.expire) == (user, 1400000000, 1700000000, 86400)
    key = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"
    assert trtc_tokens.signed_by(sig, (key,))
    assert not trtc_tokens.signed_by(sig, (key.upper(),))


def test_trtc_private_map_key_t3() -> None:
    sig = trtc_tokens.UserSig(
        "moderation-bot-1",
        1400000000,
        1700000000,
        86400,
        "",
        "AAAQbW9kZXJhdGlvbi1ib3QtMVNyTgAAACEpZVVCgAAAACoAAAAA",
    )
    key = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"
    assert trtc_tokens.signature(sig, key) == "YPLe8JjQoIUYElmKxsT6bFNE+9pGu4LXnySiPRg/Kv0="


@pytest.mark.parametrize(
    ("text", "room", "rights"),
    [
        (VOLC_V1, "new room", {4: 1700086400}),
        (VOLC_V3, "new room", dict.fromkeys(range(5), 1700086400)),
        (VOLC_V4, "*", {4: 0}),
    ],
    ids=["V1", "V3", "V4"],
)
def test_volcengine_tokens(text: str, room: str, rights: dict[int, int]) -> None:
    token = volcengine_tokens.read(text)
    assert (token.app_id, token.user, token.room) == ("123456781234567812345678", "new user id", room)
    assert token.privileges == rights
    assert volcengine_tokens.signed_by(token, ("app key",))
    assert not volcengine_tokens.signed_by(token, ("app  key",))


def test_volcengine_call_signature_v1() -> None:
    body = b'{"AppId":"123456781234567812345678","RoomId":"room1","UserId":"user1","ForbiddenInterval":0}'
    digest = hashlib.sha256(body).hexdigest()
    headers = {"Content-Type": "application/json", "Host": "rtc.volcengineapi.com"}
    headers |= {"X-Content-Sha256": digest, "X-Date": "20231114T221320Z"}
    query = (("Version", "2023-11-01"), ("Action", "BanRoomUser"))
    request = Request("POST", "/", query, headers, body)
    signed = "content-type;host;x-content-sha256;x-date"
    assert (
        hashlib.sha256(v4.canonical(request, signed).encode()).hexdigest()
        == "703dfcd47e4febc7b3e0676802d9c0eece3597e6489fe04fce25d4eb4ea4b565"
    )
    made = v4.signature(request, signed, "SKEXAMPLE", ("20231114", "cn-north-1", "rtc"))
    assert made == "62fc6dfac75f6fd5a0fa65bf334f796908d404c6c982be19d637ccec0cf7915f"


@pytest.mark.parametrize(
    ("uid", "made", "ttl", "channel", "signature"),
    [
        ("10000", 1693968975000, 1800, "room1", "ef4f4a08c56fb9b9047916b6ebfadf95acd768eb"),
        ("10000", 1693968975000, 3600, "room1", "d26fc1ef98ea16c7a939af06f8a819612dcd3d59"),
        ("900001", 1700000000000, 86399, "room-demo-1", "660810080f075ac9880f29e537b132196dc29785"),
    ],
    ids=["N1", "N2", "N3"],
)
def test_yunxin_join_tokens(uid: str, made: int, ttl: int, channel: str, signature: str) -> None:
    assert join_signature(YUNXIN_APP, uid, made, ttl, channel, "c00000000000") == signature


def test_yunxin_join_token_n3_read_back() -> None:
    join = read_join(YUNXIN_N3)
    assert (join.signature, join.made, join.ttl) == (
        "660810080f075ac9880f29e537b132196dc29785",
        1700000000000,
        86399,
    )
