"""AccessToken2 "007" against what Agora publishes (github.com/AgoraIO/Tools, DynamicKey/AgoraDynamicKey).

A1 and A2 are of python3/test/AccessToken2Test.py, A3 of go/src/accesstoken2/accesstoken_test.go, A4 of the tests of
several services. A5 is what Agora's own code makes of a recorder, with its time and salt pinned.
"""

from dataclasses import replace

import pytest
from earshot.platforms.agora.token import Listener
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.agora_tokens import inflated, opens, read

APP = "970CA35de60c44645bbae8a215061b33"
CERTIFICATE = "5CFd2fd1755d40ecb72977518be15d3b"
CHANNEL = "7d72365eb983485397e3e3f9d460bdda"
A1 = (
    "007eJxTYBBbsMMnKq7p9Hf/HcIX5kce9b518kCiQgSr5Zrp4X1Tu6UUGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQwMTAw"
    "MoAwBIL4CgzmKeZGxmamqUmWFsYmFqbGluapxqnGaZYpJmYGSSkpiVwMRhYWRsYmhkbmxgDCaiTj"
)
A2 = (
    "007eJxTYLhzZP08Lxa1Pg57+TcXb/3cZ3wi4V6kbpbOog0G2dOYk20UGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQwMTAw"
    "MoAwBIL4CgzmKeZGxmamqUmWFsYmFqbGluapxqnGaZYpJmYGSSkpiQwMADacImo="
)
A3_1 = (
    "007eJxSYBBbsMMnKq7p9Hf/HcIX5kce9b518kCiQgSr5Zrp4X1Tu6UUGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQwMTAw"
    "MoAwBIL4CgzmKeZGxmamqUmWFsYmFqbGluapxqnGaZYpJmYGSSkpiVwMRhYWRsYmhkbmxoAAAAD//8JqJOM="
)
A3_2 = (
    "007eJxSYLhzZP08Lxa1Pg57+TcXb/3cZ3wi4V6kbpbOog0G2dOYk20UGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQwMTAw"
    "MoAwBIL4CgzmKeZGxmamqUmWFsYmFqbGluapxqnGaZYpJmYGSSkpiQwMgAAAAP//Npwiag=="
)
A4 = (
    "007eJxTYHh8IPKzTvBdf9ce8bk7G61vs06oca1e815/ot4+x7rfjDIKDJbmBs6OxqYpqWYGySYmZiamSUmJqRaJRoamBmaGScbG7l8EGCKYGBgY"
    "GRgYWIEkCxCD+ExgkhlMsoBJBQbzFHMjYzPT1CRLC2MTC1NjS/NU41TjNMsUEzODpJSURC4GIwsLI2MTQyNzYyagORCTkEVZ4KKsWOXZgWIQm1HF"
    "//8HAL01L5I="
)
A5 = (
    "007eJxTYLgvE7yWNTZ86XTmiJ97uVJnnspVLLGf6f/72FK3uStvrXNVYLA0N3B2NDZNSTUzSDYxMTMxTUpKTLVINDI0NTAzTDI2ZvgYnNoQyMjg"
    "l7iHgREKQXxuhqL8/FzdlNTcfF1DNgZLAyAwBADPBCIf"
)
PUBLISHED = Listener(APP, CHANNEL, 2882341273, 1111111, 600, 1)
RECORDER = Listener(APP, "room-demo-1", 900001, 1700000000, 86400, 12345678)

U32 = st.integers(0, 2**32 - 1)
HEX_32 = st.text("0123456789abcdefABCDEF", min_size=32, max_size=32)
LISTENERS = st.builds(
    Listener,
    app_id=HEX_32,
    channel=st.text(max_size=63),
    uid=st.integers(1, 2**32 - 1),
    issued_at=U32,
    life_s=st.integers(1, 86_400),
    salt=st.integers(1, 99_999_999),
)


@pytest.mark.parametrize(
    ("listener", "vector"),
    [(PUBLISHED, A1), (PUBLISHED, A3_1), (RECORDER, A5)],
    ids=["A1 published", "A3 published, deflated by Go", "A5 a recorder"],
)
def test_our_token_holds_what_the_vendors_holds(listener: Listener, vector: str) -> None:
    assert inflated(listener.token(CERTIFICATE)) == inflated(vector)


def test_the_signing_info_and_signature_are_byte_for_byte_those_of_the_vectors() -> None:
    assert PUBLISHED.signature(CERTIFICATE).hex() == (
        "16a0b84c5a5e82cbf74fb813d09f59c54bdac9c06120580539ac97578e958b1a"
    )
    assert PUBLISHED.signing_info().hex() == (
        "2000393730434133356465363063343436343562626165386132313530363162333347f4100058020000010000000100010001000100"
        "58020000200037643732333635656239383334383533393765336533663964343630626464610a0032383832333431323733"
    )
    assert RECORDER.signature(CERTIFICATE).hex() == (
        "df1c53ad055d57a5970358f9bd0a6599ca6d21743f994ffbc6a5469da9daae45"
    )
    assert RECORDER.signing_info().hex() == (
        "2000393730434133356465363063343436343562626165386132313530363162333300f15365805101004e61bc00010001000100010080"
        "5101000b00726f6f6d2d64656d6f2d310600393030303031"
    )


@pytest.mark.parametrize("vector", [A1, A2, A3_1, A3_2, A4, A5])
def test_the_gate_of_these_tests_opens_to_every_published_token(vector: str) -> None:
    """Else it would prove nothing of ours."""
    assert opens(vector, CERTIFICATE)
    assert not opens(vector, CERTIFICATE.upper())


def test_the_gate_reads_what_is_published() -> None:
    assert read(A2).rtc == ({1: 600}, CHANNEL, "")
    assert (read(A4).services, len(inflated(A4))) == (5, 236)
    assert read(A4).rtc == ({1: 600, 2: 600, 3: 600, 4: 600}, CHANNEL, "2882341273")


@given(LISTENERS, HEX_32)
def test_any_token_opens_with_its_certificate_and_lets_listen_only(
    listener: Listener, certificate: str
) -> None:
    token = listener.token(certificate)
    seen = read(token)
    assert opens(token, certificate)
    assert (seen.app_id, seen.issued_at, seen.salt) == (listener.app_id, listener.issued_at, listener.salt)
    assert (seen.life_s, seen.services, seen.rest) == (listener.life_s, 1, b"")
    assert seen.rtc == ({1: listener.life_s}, listener.channel, str(listener.uid))


@given(LISTENERS, HEX_32, st.integers(1, 2**32 - 1))
def test_a_token_is_for_its_room_and_recorder_alone(listener: Listener, certificate: str, other: int) -> None:
    if other == listener.uid:
        return
    for changed in (replace(listener, uid=other), replace(listener, channel=listener.channel + "x")):
        assert changed.signature(certificate) != listener.signature(certificate)
    assert not opens(listener.token(certificate), "0" * 31 + "z")
