"""UserSig and PrivateMapKey: Tencent publishes inputs only (the example of github.com/tencentyun/
tls-sig-api-v2-python); T1 to T5 are what its own code makes of them with the clock at 1700000000."""

import base64

import pytest
from earshot.platforms.trtc.signature import Signer
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.trtc_signatures import opens, permission, read

APP, NOW_S, DAY_S = 1400000000, 1700000000, 86400
KEY = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"
BOT = Signer(APP, "moderation-bot-1", NOW_S, DAY_S)
T1 = (
    "eJyrVgrxCdYrSy1SslJQMtIzUNJRAItkpqTmlWSmZUIkKjIT87NK82CSxSnZiQUFmSlAKUMTAyiAyqVWFGQWpQJlLMxM4IIlmbkgIUNzNMXFmekg"
    "44P93EzccsOcA0qT8yOKnfwLksLcjNPcnNNMzb0Ccg1Sq6IMs1LDPH1ywpJtlWoBk68y0A__"
)
T1_NODE = (
    "eJyrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwhWZiflZpXlQqeKU7MSCgswUJStDEwMogMiUZOamKlkZmqOKplYUZBalKllZmJnAhIoz05Ws"
    "lIL93EzccsOcA0qT8yOKnfwLksLcjNPcnNNMzb0Ccg1Sq6IMs1LDPH1ywpJtlWoBGRkxcA__"
)
T2 = (
    "eJyrVgrxCdYrSy1SslJQMtIzUNJRAItkpqTmlWSmZUIkcvNTUosSSzLz83ST8kt0DWGqilOyEwsKMlOAagxNDKAAKpdaUZBZlAqUsTAzgQuWZOaC"
    "hAzN0RQXZ6aD7DGp9IzM8AtJDY4KNagsSip2Dsr2SEv1yE8q8U3xdQ0v9-ErLsuoSPI0MPK0VaoFAM02NrI_"
)
U32 = st.integers(0, 2**32 - 1)
SIGNERS = st.builds(
    Signer,
    sdk_app_id=st.integers(1, 2**32 - 1),
    user_id=st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_-", min_size=1, max_size=32),
    now_s=st.integers(0, 4_000_000_000),
    life_s=st.integers(60, 180 * DAY_S),
)
KEYS = st.text(min_size=1, max_size=64)


@pytest.mark.parametrize(
    ("user", "vector"),
    [("xiaojun", T1), ("xiaojun", T1_NODE), ("moderation-bot-1", T2)],
    ids=["T1", "Node", "T2"],
)
def test_a_user_sig_says_what_tencents_says(user: str, vector: str) -> None:
    assert read(Signer(APP, user, NOW_S, DAY_S).user_sig(KEY)) == read(vector)


def test_the_signatures_are_those_of_the_vectors() -> None:
    assert read(T1)["TLS.sig"] == "SNF4FmVCPucoXsBOpbVF3fFCf57JPm0ezZ1jeVILlVc="
    assert read(BOT.user_sig(KEY))["TLS.sig"] == "4yIYhNTeSZU0yrbsCRkHfeHobtMdMEWwLNsvhxbI02I="


@pytest.mark.parametrize(
    ("room", "bits", "buffer", "signature"),
    [
        (
            8489,
            42,
            "0000106d6f6465726174696f6e2d626f742d3153724e0000002129655542800000002a00000000",
            "YPLe8JjQoIUYElmKxsT6bFNE+9pGu4LXnySiPRg/Kv0=",
        ),
        (
            8489,
            10,
            "0000106d6f6465726174696f6e2d626f742d3153724e0000002129655542800000000a00000000",
            "9Y65cYoib7WoVzeq9lmfQWmhzj1k3paOeCkocJCAszw=",
        ),
        (
            "room-demo-1",
            42,
            "0100106d6f6465726174696f6e2d626f742d3153724e0000000000655542800000002a00000000000b726f6f6d2d64656d6f2d31",
            "8oDVE1redJCtqII3YirZPskAt37aJC0N9nWtgvlMYno=",
        ),
    ],
    ids=["T3", "T4", "T5"],
)
def test_a_private_map_key_is_byte_for_byte_tencents(
    room: int | str, bits: int, buffer: str, signature: str
) -> None:
    seen = read(BOT.private_map_key(KEY, room, bits))
    assert BOT.permission(room, bits).hex() == buffer
    assert base64.b64decode(seen["TLS.userbuf"]).hex() == buffer
    assert seen["TLS.sig"] == signature


@pytest.mark.parametrize("vector", [T1, T1_NODE, T2])
def test_the_gate_of_these_tests_opens_to_tencents(vector: str) -> None:
    assert opens(vector, KEY)
    assert not opens(vector, KEY.upper())


@given(SIGNERS, KEYS)
def test_any_user_sig_opens_with_its_key_and_is_of_tencents_letters(signer: Signer, key: str) -> None:
    sealed = signer.user_sig(key)
    assert opens(sealed, key)
    assert not set(sealed) & set("+/=")
    assert read(sealed) == {
        "TLS.ver": "2.0",
        "TLS.identifier": signer.user_id,
        "TLS.sdkappid": signer.sdk_app_id,
        "TLS.time": signer.now_s,
        "TLS.expire": signer.life_s,
        "TLS.sig": read(sealed)["TLS.sig"],
    }


@given(SIGNERS, KEYS, st.one_of(st.integers(1, 4_294_967_294), st.text(max_size=128)), st.integers(1, 255))
def test_any_private_map_key_is_for_its_room(signer: Signer, key: str, room: int | str, bits: int) -> None:
    sealed = signer.private_map_key(key, room, bits)
    assert opens(sealed, key)
    assert permission(sealed) == {
        "user": signer.user_id,
        "app": signer.sdk_app_id,
        "room": room if isinstance(room, int) else 0,
        "text": room if isinstance(room, str) else None,
        "ends_at": signer.now_s + signer.life_s,
        "bits": bits,
    }
