"""Descriptions as people write them: no bombs, no surprises."""

import contextlib
from pathlib import Path

import pytest
from earshot.vendors.declared.places import BadDescription
from hypothesis import given
from hypothesis import strategies as st

from operations.description_yaml import MAX_BYTES, parsed, read


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x",
        "a: &x 1",
        "a: !!python/object/apply:os.system ['true']",
        "a: !!binary aGk=",
        "a: !custom 1",
        "a: 1\na: 2",
        "{a: 1, 'a': 2}",
        "? [1, 2]\n: 3",
        "a: [",
        "a: 1\n---\nb: 2",
        "[" * 5_000,
        "\t: x",
        "%YAML 9.9\n---\na: 1",
    ],
)
def test_it_is_refused(text: str) -> None:
    with pytest.raises(BadDescription):
        parsed(text.encode())


def test_a_billion_laughs_are_none() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 30)]
    with pytest.raises(BadDescription):
        parsed("\n".join(lines).encode())


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "wren.yaml"
    path.write_bytes(b"a" * (MAX_BYTES + 1))
    with pytest.raises(BadDescription):
        read(path)


def test_what_is_no_utf8_is_no_description() -> None:
    with pytest.raises(BadDescription):
        parsed(b"\xff\xfe")


def test_words_are_words() -> None:
    text = "{a: yes, b: on, c: 012, d: 1:30, e: 2026-01-02, f: 1e3, g: 0x1f, h: '1', i: <<, j: .inf}"
    assert parsed(text.encode()) == {
        **{"a": "yes", "b": "on", "c": "012", "d": "1:30", "e": "2026-01-02"},
        **{"f": "1e3", "g": "0x1f", "h": "1", "i": "<<", "j": ".inf"},
    }


def test_numbers_truth_and_nothing_are_what_they_are() -> None:
    assert parsed(b"{a: 1, b: -2.5, c: true, d: null, e: ~, f: }") == {
        **{"a": 1, "b": -2.5, "c": True},
        **dict.fromkeys("def"),
    }


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_refused(raw: bytes) -> None:
    with contextlib.suppress(BadDescription):
        parsed(raw)
