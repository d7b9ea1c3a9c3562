"""The signature V4. V1 is not published: it is what Volcengine's own Python SDK (github.com/volcengine/
volc-sdk-python, package ``volcengine`` 1.0.229) makes of these inputs with the clock pinned."""

import hashlib

import pytest
from earshot.signing import volcengine_v4 as v4

KEY = v4.AccessKey("AKLTEXAMPLE", "SKEXAMPLE")
NOW = 1_700_000_000_999
URL = "https://rtc.volcengineapi.com/?Action=BanRoomUser&Version=2023-11-01"
BODY = b'{"AppId":"123456781234567812345678","RoomId":"room1","UserId":"user1","ForbiddenInterval":0}'
V1_BODY = "847075eb8d4bc76b513aeaa6e6f694b22e759409e5af2a483134c7c3e3effc2d"
V1_CANONICAL = "703dfcd47e4febc7b3e0676802d9c0eece3597e6489fe04fce25d4eb4ea4b565"
V1_SIGNATURE = "62fc6dfac75f6fd5a0fa65bf334f796908d404c6c982be19d637ccec0cf7915f"


def test_v1_is_the_sdks() -> None:
    sent = v4.headers("POST", URL, BODY, KEY, NOW)
    authorization = sent.pop("Authorization")
    assert sent == {
        "Content-Type": "application/json",
        "Host": "rtc.volcengineapi.com",
        "X-Content-Sha256": V1_BODY,
        "X-Date": "20231114T221320Z",
    }
    assert hashlib.sha256(v4.canonical("POST", URL, sent).encode()).hexdigest() == V1_CANONICAL
    assert authorization == (
        "HMAC-SHA256 Credential=AKLTEXAMPLE/20231114/cn-north-1/rtc/request, "
        f"SignedHeaders=content-type;host;x-content-sha256;x-date, Signature={V1_SIGNATURE}"
    )


@pytest.mark.parametrize(
    ("url", "key", "now", "body"),
    [
        (URL + "&A=b", KEY, NOW, BODY),
        (URL.replace("/?", "/x?"), KEY, NOW, BODY),
        (URL, v4.AccessKey("AKLTEXAMPLE", "another"), NOW, BODY),
        (URL, KEY, NOW + 1, BODY),
        (URL, KEY, NOW, b""),
    ],
    ids=["query", "path", "key", "second", "body"],
)
def test_everything_is_signed(url: str, key: v4.AccessKey, now: int, body: bytes) -> None:
    assert V1_SIGNATURE not in v4.headers("POST", url, body, key, now)["Authorization"]


def test_the_region_is_the_hosts() -> None:
    url = "https://open-ap-singapore-1.volcengineapi.com/?Action=X"
    assert "/ap-singapore-1/rtc/request," in v4.headers("GET", url, b"", KEY, NOW)["Authorization"]


def test_a_query_is_sorted_and_escaped_as_it_is_signed() -> None:
    made = v4.query({"b": "连 /?%+&=", "a": "-_.~", "A": ""})
    assert made == "A=&a=-_.~&b=%E8%BF%9E%20%2F%3F%25%2B%26%3D"


def test_a_key_does_not_show_its_secret() -> None:
    assert "SKEXAMPLE" not in repr(KEY)
