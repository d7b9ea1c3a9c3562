"""What Volcengine's client mints, for whom, and what it refuses."""

from typing import Any

import pytest
from earshot.domain.room import Room
from earshot.errors import BadInput
from earshot.platforms import registry
from earshot.platforms.volcengine.client import MAX_NONCE, VolcengineClient, connect
from earshot.platforms.volcengine.options import check
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.unit.support.makers import START, asked
from tests.unit.support.shumei_calls import keyring
from tests.unit.support.volcengine_tokens import opens, read

APP, KEY = "123456781234567812345678", "app key"
KEYRING = keyring({"volcengine": {APP: {"app_key": [KEY, "old"]}}})
CLIENT = VolcengineClient(KEYRING, lambda: 7)
ROOM = Room("volcengine", APP, "room-demo-1")


def test_a_token_for_a_day_and_the_user_that_it_is_for() -> None:
    minted = CLIENT.mint(asked(room=ROOM))
    assert set(minted.secrets) == {"token", "user_id"}
    assert opens(minted.secrets["token"], KEY)
    seen = read(minted.secrets["token"])
    assert (seen.app_id, seen.room_id, seen.user_id) == (APP, "room-demo-1", minted.secrets["user_id"])
    assert (seen.nonce, seen.issued_at) == (7, START // 1000)
    assert seen.privileges == {4: seen.expires_at}
    assert minted.expires_at == seen.expires_at * 1000 == START + 86_400_000


@given(st.integers(1, 10**6), st.integers(60, 30 * 86_400), st.integers(0, 4_000_000_000_000))
def test_life_and_clock_are_arguments_and_a_token_always_ends(number: int, life_s: int, now: int) -> None:
    minted = CLIENT.mint(asked({"token_life_s": life_s}, now, room=ROOM, number=number))
    seen = read(minted.secrets["token"])
    assert (seen.issued_at, seen.expires_at) == (now // 1000, now // 1000 + life_s)
    assert minted.expires_at == seen.expires_at * 1000
    assert minted.secrets["user_id"].endswith(f"_{number}")


def test_the_next_try_is_another_recorder() -> None:
    users = [CLIENT.mint(asked(room=ROOM, number=n)).secrets["user_id"] for n in (1, 2, 3, 2)]
    assert len(set(users)) == 3
    assert users[3] == users[1]
    assert not any(":" in user for user in users)


@pytest.mark.parametrize(
    ("app_id", "room_id", "field"),
    [(APP[:-1], "r", "app_id"), (APP + "9", "r", "app_id"), ("é" * 24, "r", "app_id"), (APP, "*", "room_id")],
)
def test_a_room_that_volcengine_cannot_have_is_bad_input(app_id: str, room_id: str, field: str) -> None:
    with pytest.raises(BadInput) as error:
        CLIENT.mint(asked(room=Room("volcengine", app_id, room_id)))
    assert error.value.field == field


def test_nonces_are_random_and_in_the_vendors_range() -> None:
    made = connect(lambda _: "", KEYRING)
    nonces = {read(made.mint(asked(room=ROOM)).secrets["token"]).nonce for _ in range(50)}
    assert len(nonces) > 40
    assert all(1 <= nonce <= MAX_NONCE for nonce in nonces)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"token_life_s": 0}, "token_life_s"),
        ({"token_life_s": 30 * 86_400 + 1}, "token_life_s"),
        ({"token_life_s": "86400"}, "token_life_s"),
        ({"recorder_user_prefix": "a:b"}, "recorder_user_prefix"),
        ({"expire_at": 0}, "expire_at"),
    ],
)
def test_options_are_strict(options: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        check(options)
    assert error.value.errors()[0]["loc"] == (field,)


def test_the_prefix_tells_recorders_from_people() -> None:
    options = check({"recorder_user_prefix": "ear-"})
    assert registry.is_recorder("volcengine", options, "ear-abc_1")
    assert not registry.is_recorder("volcengine", options, "earshot_abc_1")
