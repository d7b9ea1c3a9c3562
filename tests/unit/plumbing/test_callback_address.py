"""A callback address names its task and proves that we made it."""

import re

import pytest
from earshot.callback_url import MAC_LENGTH, build, is_genuine, mac
from hypothesis import example, given
from hypothesis import strategies as st

REF = "gfrnfwzkc4rsgwghg6ymoy3s7y-primary-1a"
PROOF = mac("key", "shumei", REF)


def test_the_address() -> None:
    assert build("https://api.example.com", "key", "shumei", REF) == (
        f"https://api.example.com/callbacks/shumei/{REF}/{PROOF}"
    )


def test_the_mac_does_not_change_between_releases() -> None:
    """Running tasks carry it."""
    assert mac("key", "shumei", "ref") == "6weiy6ht6fduyulqgtvbhgubsoagm6k4"


def test_a_mac_fits_a_path_segment() -> None:
    assert re.fullmatch(f"[a-z2-7]{{{MAC_LENGTH}}}", PROOF)


@pytest.mark.parametrize(
    ("keys", "genuine"),
    [
        (("key",), True),
        (("new", "key"), True),
        (("key", "old"), True),
        (("", "key"), True),
        (("new",), False),
        ((), False),
        (("",), False),
    ],
)
def test_any_key_in_use_will_do(keys: tuple[str, ...], genuine: bool) -> None:
    assert is_genuine(keys, "shumei", REF, PROOF) is genuine


def test_an_empty_key_proves_nothing_even_with_its_own_mac() -> None:
    assert not is_genuine(("",), "shumei", REF, mac("", "shumei", REF))


@pytest.mark.parametrize(
    "claimed",
    [
        "",
        PROOF[:-1],
        PROOF[1:],
        PROOF + "a",
        PROOF.upper(),
        f" {PROOF}",
        "a" * 32,
        "é" * 16,
        "ｐ" * 32,
        "\ud800",
    ],
)
def test_what_is_not_the_mac_is_not_genuine(claimed: str) -> None:
    assert not is_genuine(("key",), "shumei", REF, claimed)


def test_a_mac_is_good_for_one_task_and_one_vendor() -> None:
    assert not is_genuine(("key",), "shumei", REF + "a", PROOF)
    assert not is_genuine(("key",), "yidun", REF, PROOF)


@given(st.text(st.characters()), st.text(st.characters()))
@example(PROOF, "\ud800")
def test_nothing_that_anybody_may_put_into_an_address_crashes_the_check(claimed: str, ref: str) -> None:
    assert not is_genuine(("key",), "shumei", ref, claimed)
