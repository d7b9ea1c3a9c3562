"""Callbacks as they came, byte for byte, each once."""

from __future__ import annotations

import random

import pytest

from tests.contract.samples import ODD_IDS, Kept, segment, task

NOISE = random.Random(7)
BODIES = {
    "json": '{"code":1100,"text":"直播🎧"}'.encode(),
    "not utf-8": bytes(range(256)),
    "nul": b"\x00",
    "nothing": b"",
    "line ends": b"a\r\nb\nc\r",
    "looks compressed": b"x\x9c\x03\x00\x00\x00\x00\x01",
    "1 MB of one letter": b"a" * 1_048_576,
    "1 MB of noise": NOISE.randbytes(1_048_576),
    "all that the door takes": NOISE.randbytes(4_000_000),
    "just one item": NOISE.randbytes(349_000),
    "just two": NOISE.randbytes(351_000),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_body_comes_back_byte_for_byte(store: Kept, body: bytes) -> None:
    assert store.put_segment(segment(body=body)) is True
    assert store.segment(task().task_ref, "vendor-1_1") == segment(body=body)


@pytest.mark.parametrize("body", [BODIES["json"], BODIES["1 MB of noise"]], ids=["small", "large"])
@pytest.mark.parametrize("again", [b"{}", BODIES["1 MB of noise"][::-1]], ids=["small", "large"])
def test_the_same_segment_is_kept_once_however_often_it_comes(store: Kept, body: bytes, again: bytes) -> None:
    assert store.put_segment(segment(body=body)) is True
    for _ in range(3):
        assert store.put_segment(segment(body=again, received_at=1)) is False
    assert store.segment(task().task_ref, "vendor-1_1") == segment(body=body)


def test_a_key_is_of_its_task(store: Kept) -> None:
    assert store.put_segment(segment()) is True
    other = segment(task_ref=task(2).task_ref, body=b"other")
    assert store.put_segment(other) is True
    assert store.segment(task(2).task_ref, "vendor-1_1") == other
    assert store.segment(task().task_ref, "vendor-1_1") == segment()


def test_what_never_came_is_none(store: Kept) -> None:
    assert store.segment(task().task_ref, "vendor-1_1") is None


def test_a_problem_is_kept_beside_the_body(store: Kept) -> None:
    odd = segment(key="quarantine-1", body=b"\xffnot json", problem="body: is not JSON (UTF-8)")
    assert store.put_segment(odd) is True
    assert store.segment(task().task_ref, "quarantine-1") == odd


LONG_KEYS = ("k" * 256, "k" * 257, "k" * 5_000, "直" * 256, "🎧" * 256, "🎧" * 300)


@pytest.mark.parametrize("key", [*ODD_IDS, *LONG_KEYS], ids=lambda key: f"{key[:6]}*{len(key)}")
def test_any_key_is_a_key(store: Kept, key: str) -> None:
    """A sort key ends at 1,024 bytes; ids come from the vendor."""
    assert store.put_segment(segment(key=key)) is True
    assert store.put_segment(segment(key=key)) is False
    assert store.segment(task().task_ref, key) == segment(key=key)


def test_long_keys_that_begin_alike_are_two(store: Kept) -> None:
    assert store.put_segment(segment(key="k" * 300 + "1")) is True
    assert store.put_segment(segment(key="k" * 300 + "2")) is True


def test_parts_of_one_body_are_not_another_segment(store: Kept) -> None:
    """Names that could be taken for a part of a large body's item."""
    large = segment(key="a", body=BODIES["1 MB of noise"])
    assert store.put_segment(large) is True
    for key in ("a#001", "a#002", "#001"):
        assert store.put_segment(segment(key=key, body=BODIES["1 MB of noise"][::-1])) is True
    assert store.segment(task().task_ref, "a") == large
