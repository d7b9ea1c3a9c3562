"""The token "001": Volcengine publishes test inputs only (RTC_Token.zip of docs/6348/70121); V1 to V4 are what its
own Node code makes of them with nonce and clock pinned. Nothing is compressed, so tokens are compared as they are."""

import pytest
from earshot.platforms.volcengine.token import Listener
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.volcengine_tokens import opens, read

APP, KEY = "123456781234567812345678", "app key"
V1 = (
    "001123456781234567812345678KwBOYbwAAPFTZYBCVWUIAG5ldyByb29tCwBuZXcgdXNlciBpZAEABACAQlVlIADSKFLSAQeB4mQpGSF1AWy6wi6s"
    "1VoyfPF2hnGx2PZ9AA=="
)
V2 = (
    "001123456781234567812345678KwBOYbwAAPFTZYBCVWUIAG5ldyByb29tCwBuZXcgdXNlciBpZAEABAAAAAAAIAD1J+2iY1Fiqu9tyMrJI6KsZp9x"
    "/17j3cCzwiDNllihoA=="
)
V3 = (
    "001123456781234567812345678QwBOYbwAAPFTZYBCVWUIAG5ldyByb29tCwBuZXcgdXNlciBpZAUAAACAQlVlAQCAQlVlAgCAQlVlAwCAQlVlBACA"
    "QlVlIABFENVJbvM0D0VnE76u40gZLDnNf5PeR21UYUsy9Bs0TA=="
)
V4 = (
    "001123456781234567812345678JAABAAAAR/QQAAAAAAABACoLAG5ldyB1c2VyIGlkAQAEAAAAAAAgANb4UMYRGMiyna1OvJ0POu2ci4dQs7QumIFY"
    "ctIUSpqF"
)
LISTENER = Listener(APP, "new room", "new user id", 1700000000, 1700086400, 12345678)
LISTENERS = st.builds(
    Listener,
    app_id=st.text("0123456789abcdef", min_size=24, max_size=24),
    room_id=st.text(min_size=1, max_size=128),
    user_id=st.text(min_size=1, max_size=64),
    issued_at=st.integers(0, 2**32 - 1),
    expires_at=st.integers(1, 2**32 - 1),
    nonce=st.integers(1, 99_999_999),
)


def test_v1_is_byte_for_byte_volcengines() -> None:
    assert LISTENER.token(KEY) == V1
    assert LISTENER.message().hex() == (
        "4e61bc0000f153658042556508006e657720726f6f6d0b006e657720757365722069640100040080425565"
    )
    assert read(V1).signature.hex() == "d22852d2010781e26429192175016cbac22eacd55a327cf1768671b1d8f67d00"


@pytest.mark.parametrize("vector", [V1, V2, V3, V4])
def test_the_gate_of_these_tests_opens_to_volcengines(vector: str) -> None:
    assert opens(vector, KEY)
    assert not opens(vector, "app kez")


def test_the_gate_tells_what_we_never_grant() -> None:
    """V2 has no expiry of its privilege, V3 may publish, V4 is good for every room and for ever."""
    assert read(V2).privileges == {4: 0}
    assert read(V3).privileges == dict.fromkeys(range(5), 1700086400)
    assert (read(V4).room_id, read(V4).expires_at) == ("*", 0)


@given(LISTENERS, st.text(min_size=1, max_size=64))
def test_any_token_opens_with_its_key_and_lets_listen_only(listener: Listener, key: str) -> None:
    seen = read(listener.token(key))
    assert opens(listener.token(key), key)
    assert (seen.app_id, seen.room_id, seen.user_id) == (listener.app_id, listener.room_id, listener.user_id)
    assert (seen.nonce, seen.issued_at) == (listener.nonce, listener.issued_at)
    assert seen.expires_at == listener.expires_at
    assert seen.privileges == {4: listener.expires_at}
