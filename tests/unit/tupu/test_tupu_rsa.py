"""Tupu's signature: one encoding is right, and nothing else is."""

import base64
import hashlib
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from earshot.vendors.tupu.envelope import TUPU_KEY
from earshot.vendors.tupu.rsa import SHA256_PREFIX, PublicKey, is_signed, public_key
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tupu.tupu_wire import key, proof, public

MESSAGE = '{"code":0,"内容":"…"}'
SIZE = 128
DER = base64.b64decode(public())
KEY = public_key(DER)
GOOD = base64.b64decode(proof(MESSAGE))
DIGEST = hashlib.sha256(MESSAGE.encode()).digest()


def forged(block: bytes) -> bytes:
    """What the owner of the key would have to raise to get ``block``: only a test can."""
    private = key().private_numbers()
    made = pow(int.from_bytes(block, "big"), private.d, private.public_numbers.n)
    return made.to_bytes(SIZE, "big")


def accepts(signature: bytes, message: str = MESSAGE) -> bool:
    return is_signed(KEY, message.encode(), signature)


def test_tupus_own_key_is_the_published_one_and_has_1024_bits() -> None:
    der = base64.b64decode(TUPU_KEY, validate=True)
    digest = "a34a0d2cdcf3ab2b4d01b96afb8767a34d258827a2ee019db8f3df5bf120a049"
    assert hashlib.sha256(der).hexdigest() == digest
    found = public_key(der)
    assert (found.modulus.bit_length(), found.exponent) == (1_024, 65_537)
    assert found.modulus == load_der_public_key(der).public_numbers().n  # type: ignore[union-attr]


@pytest.mark.parametrize("bits", [1_024, 2_048, 2_056, 3_072])
def test_what_the_library_signs_is_genuine(bits: int) -> None:
    theirs = public_key(base64.b64decode(public("one", bits)))
    signature = base64.b64decode(proof(MESSAGE, "one", bits))
    assert is_signed(theirs, MESSAGE.encode(), signature)
    assert not is_signed(theirs, MESSAGE.encode() + b" ", signature)


def test_the_builder_of_forgeries_builds_the_right_one_too() -> None:
    tail = b"\0" + SHA256_PREFIX + DIGEST
    assert accepts(forged(b"\0\1" + b"\xff" * (SIZE - 2 - len(tail)) + tail))


FORGERIES: dict[str, Callable[[bytes], bytes]] = {
    "short padding, the rest behind the digest": lambda tail: b"\0\1" + b"\xff" * 8 + tail + bytes(66),
    "padding that is not all ones": lambda tail: b"\0\1" + b"\xff" * 73 + b"\xfe" + tail,
    "no padding at all": lambda tail: (b"\0\1" + tail).rjust(SIZE, b"\0"),
    "block type 2": lambda tail: b"\0\2" + b"\xff" * 74 + tail,
    "block type 0": lambda tail: b"\0\0" + b"\xff" * 74 + tail,
    "no NULL in the algorithm": lambda _: _padded(b"302f300b0609608648016503040201", b"0420"),
    "a length in the long form": lambda _: _padded(b"308131300d06096086480165030402010500", b"0420"),
    "the digest alone": lambda _: b"\0\1" + b"\xff" * (SIZE - 3 - 32) + b"\0" + DIGEST,
    "another message's digest": lambda tail: b"\0\1" + b"\xff" * 74 + tail[:-1] + b"?",
}


def _padded(head: bytes, octets: bytes) -> bytes:
    tail = b"\0" + bytes.fromhex((head + octets).decode()) + DIGEST
    return b"\0\1" + b"\xff" * (SIZE - 2 - len(tail)) + tail


@pytest.mark.parametrize("which", FORGERIES)
def test_encodings_that_a_lenient_reader_would_take(which: str) -> None:
    block = FORGERIES[which](b"\0" + SHA256_PREFIX + DIGEST)
    assert len(block) == SIZE
    assert not accepts(forged(block))


@pytest.mark.parametrize("algorithm", [SHA1(), SHA512()])
def test_another_hash(algorithm: SHA1 | SHA512) -> None:
    assert not accepts(key().sign(MESSAGE.encode(), PKCS1v15(), algorithm))


@pytest.mark.parametrize(
    "signature",
    [b"", b"\0", GOOD[1:], GOOD[:-1], b"\0" + GOOD, GOOD + b"\0", bytes(SIZE), b"\xff" * SIZE],
)
def test_a_signature_of_another_length_or_out_of_range(signature: bytes) -> None:
    assert not accepts(signature)


def test_the_same_number_modulo_the_key_is_another_signature() -> None:
    """With 1028 bits in 129 bytes there is room for it."""
    theirs = public_key(base64.b64decode(public("odd", 1_028)))
    value = int.from_bytes(base64.b64decode(proof(MESSAGE, "odd", 1_028)), "big")
    assert is_signed(theirs, MESSAGE.encode(), value.to_bytes(129, "big"))
    assert not is_signed(theirs, MESSAGE.encode(), (value + theirs.modulus).to_bytes(129, "big"))


@given(st.integers(0, SIZE - 1), st.integers(1, 255))
def test_no_bit_of_it_can_be_changed(at: int, change: int) -> None:
    wrong = bytearray(GOOD)
    wrong[at] ^= change
    assert not accepts(bytes(wrong))


@given(st.binary(max_size=SIZE + 2))
def test_any_bytes(signature: bytes) -> None:
    assert not accepts(signature)


# --- the key


@pytest.mark.parametrize("bits", [1_024, 2_048, 4_096])
def test_keys_as_the_library_writes_them(bits: int) -> None:
    numbers = key("other", bits).public_key().public_numbers()
    assert public_key(base64.b64decode(public("other", bits))) == PublicKey(numbers.n, numbers.e)


def test_pkcs1_is_another_form() -> None:
    with pytest.raises(ValueError, match="RSA"):
        public_key(key().public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1))


def _part(tag: int, content: bytes, spare: int = 0) -> bytes:
    """``spare``: so many bytes more than DER allows for its length."""
    size, count = len(content), 0 if len(content) < 128 else 1 if len(content) < 256 else 2
    length = size.to_bytes(count + spare, "big") if count + spare else b""
    head = bytes([0x80 + len(length)]) + length if length else bytes([size])
    return bytes([tag]) + head + content


def _number(value: int, zeros: bytes = b"") -> bytes:
    return _part(2, zeros + value.to_bytes(value.bit_length() // 8 + 1, "big"))


HEAD = bytes.fromhex("300d06092a864886f70d0101010500")


def _der(modulus: int, exponent: int) -> bytes:
    numbers = _part(0x30, _number(modulus) + _number(exponent))
    return _part(0x30, HEAD + _part(3, b"\0" + numbers))


def _wrapped(numbers: bytes, unused: bytes = b"\0", after: bytes = b"") -> bytes:
    return _part(0x30, HEAD + _part(3, unused + numbers) + after)


BOTH = _number(KEY.modulus) + _number(KEY.exponent)
NOT_DER = {
    "a bit string with unused bits": _wrapped(_part(0x30, BOTH), b"\1"),
    "something after the numbers": _wrapped(_part(0x30, BOTH + b"\5\0")),
    "something after their sequence": _wrapped(_part(0x30, BOTH) + b"\5\0"),
    "something after the bit string": _wrapped(_part(0x30, BOTH), after=b"\5\0"),
    "a padded modulus": _wrapped(_part(0x30, _number(KEY.modulus, b"\0") + _number(KEY.exponent))),
    "a padded exponent": _wrapped(_part(0x30, _number(KEY.modulus) + _number(KEY.exponent, b"\0"))),
    "a negative exponent": _wrapped(_part(0x30, _number(KEY.modulus) + b"\2\1\x83")),
    "an empty number": _wrapped(_part(0x30, _number(KEY.modulus) + b"\2\0")),
    "a length in a byte too many": _wrapped(_part(0x30, BOTH, spare=1)),
    "a short length in the long form": _wrapped(
        _part(0x30, _number(KEY.modulus) + _part(2, b"\1\0\1", spare=1))
    ),
    "a length of no bytes": b"\x30\x80" + DER[3:],
    "another algorithm": DER.replace(bytes.fromhex("0101010500"), bytes.fromhex("01010a0500")),
}


def test_the_wrapper_of_bad_keys_wraps_good_ones_too() -> None:
    assert _wrapped(_part(0x30, BOTH)) == DER


@pytest.mark.parametrize("which", NOT_DER)
def test_forms_that_a_lenient_reader_would_take(which: str) -> None:
    assert NOT_DER[which] != DER
    with pytest.raises(ValueError, match=r"."):
        public_key(NOT_DER[which])


def test_the_writer_of_bad_keys_writes_good_ones_too() -> None:
    assert _der(KEY.modulus, KEY.exponent) == DER


@pytest.mark.parametrize(
    ("modulus", "exponent"),
    [
        (KEY.modulus >> 1 | 1, 65_537),
        (KEY.modulus - 1, 65_537),
        (1 << 8_192 | 1, 65_537),
        (KEY.modulus, 1),
        (KEY.modulus, 65_536),
        (KEY.modulus, (1 << 32) + 1),
        (KEY.modulus, 0),
    ],
    ids=["short", "even", "long", "one", "even exponent", "large exponent", "no exponent"],
)
def test_keys_that_are_none(modulus: int, exponent: int) -> None:
    with pytest.raises(ValueError, match=r"bits|exponent|padded"):
        public_key(_der(modulus, exponent))


def test_a_key_that_is_cut_or_goes_on() -> None:
    for end in range(len(DER)):
        with pytest.raises(ValueError, match=r"."):
            public_key(DER[:end])
    with pytest.raises(ValueError, match=r"."):
        public_key(DER + b"\0")


@given(st.integers(0, len(DER) - 1), st.integers(1, 255))
def test_a_changed_key_is_another_key_or_none(at: int, change: int) -> None:
    wrong = bytearray(DER)
    wrong[at] ^= change
    try:
        found = public_key(bytes(wrong))
    except ValueError:
        return
    assert found != KEY
    assert not is_signed(found, MESSAGE.encode(), GOOD)


@given(st.binary(max_size=200))
def test_any_bytes_are_no_key(der: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        public_key(der)
