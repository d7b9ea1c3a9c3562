"""Join tokens and API checksums against what Yunxin publishes (github.com/netease-im/G2-API-Examples,
server/token_server; N6: doc.yunxin.163.com/nertc/docs/TQ0MTI2ODQ). Nothing is compressed: compared as they are."""

import base64
import hashlib
import json

import pytest
from earshot.platforms.yunxin.signing import api_headers, join_token
from hypothesis import given
from hypothesis import strategies as st

APP, SECRET = "c37bf7a8758a4ed00000000000000000", "c00000000000"
N1 = (
    "eyJzaWduYXR1cmUiOiJlZjRmNGEwOGM1NmZiOWI5MDQ3OTE2YjZlYmZhZGY5NWFjZDc2OGViIiwiY3VyVGltZSI6MTY5Mzk2ODk3NTAwMCwidHRs"
    "IjoxODAwfQ=="
)
N2 = (
    "eyJzaWduYXR1cmUiOiJkMjZmYzFlZjk4ZWExNmM3YTkzOWFmMDZmOGE4MTk2MTJkY2QzZDU5IiwiY3VyVGltZSI6MTY5Mzk2ODk3NTAwMCwidHRs"
    "IjozNjAwfQ=="
)
N3 = (
    "eyJzaWduYXR1cmUiOiI2NjA4MTAwODBmMDc1YWM5ODgwZjI5ZTUzN2IxMzIxOTZkYzI5Nzg1IiwiY3VyVGltZSI6MTcwMDAwMDAwMDAwMCwidHRs"
    "Ijo4NjM5OX0="
)


@pytest.mark.parametrize(
    ("channel", "uid", "now", "ttl", "vector"),
    [
        ("room1", 10000, 1693968975000, 1800, N1),
        ("room1", 10000, 1693968975000, 3600, N2),
        ("room-demo-1", 900001, 1700000000000, 86399, N3),
    ],
    ids=["N1 published", "N2 published", "N3 a recorder"],
)
def test_a_join_token_is_byte_for_byte_yunxins(
    channel: str, uid: int, now: int, ttl: int, vector: str
) -> None:
    assert join_token(APP, SECRET, channel, uid, now, ttl) == vector


def test_the_checksum_of_n6() -> None:
    assert api_headers("a", SECRET, "1234567890", 1697168455) == {
        "AppKey": "a",
        "Nonce": "1234567890",
        "CurTime": "1697168455",
        "CheckSum": "192bdbdad337836e6213aec1d93186aae9771c39",
    }


@given(
    st.text(min_size=1, max_size=64),
    st.integers(1, 999_999_999_999),
    st.integers(0, 4_000_000_000_000),
    st.integers(1, 86_399),
    st.text(min_size=1, max_size=64),
)
def test_any_join_token_says_when_and_how_long_and_is_signed(
    channel: str, uid: int, now: int, ttl: int, secret: str
) -> None:
    seen = json.loads(base64.b64decode(join_token(APP, secret, channel, uid, now, ttl), validate=True))
    signed = "".join([APP, str(uid), str(now), str(ttl), channel, secret])
    assert seen == {"signature": hashlib.sha1(signed.encode()).hexdigest(), "curTime": now, "ttl": ttl}
