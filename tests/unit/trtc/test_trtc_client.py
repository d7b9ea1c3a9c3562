"""What TRTC's client mints, for whom, and what it refuses."""

import re
from typing import Any

import pytest
from earshot.domain.room import Room
from earshot.errors import BadInput
from earshot.platforms import registry
from earshot.platforms.trtc.client import TrtcClient
from earshot.platforms.trtc.options import check
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.unit.support.makers import START, asked
from tests.unit.support.shumei_calls import keyring
from tests.unit.support.trtc_signatures import opens, permission, read

KEY = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"
CLIENT = TrtcClient(keyring({"trtc": {"1400000000": {"secret_key": [KEY, "old"]}}}))


def room(room_id: str = "room-demo-1", app_id: str = "1400000000") -> Room:
    return Room("trtc", app_id, room_id)


def test_a_user_sig_for_a_day_and_the_user_that_it_is_for() -> None:
    minted = CLIENT.mint(asked(room=room()))
    assert set(minted.secrets) == {"user_id", "user_sig", "room_id_kind"}
    assert opens(minted.secrets["user_sig"], KEY)
    seen = read(minted.secrets["user_sig"])
    assert (seen["TLS.identifier"], seen["TLS.sdkappid"]) == (minted.secrets["user_id"], 1400000000)
    assert (seen["TLS.time"], seen["TLS.expire"]) == (START // 1000, 86_400)
    assert minted.expires_at == START + 86_400_000


@given(st.integers(1, 10**6), st.integers(0, 3_000_000_000_000), st.integers(60, 180 * 86_400))
def test_every_try_of_a_watch_is_the_same_recorder(number: int, now: int, life_s: int) -> None:
    """A moderation vendor recognises the task that it already runs by the recorder's id."""
    minted = CLIENT.mint(asked({"user_sig_life_s": life_s}, now, room=room(), number=number))
    assert minted.secrets["user_id"] == CLIENT.mint(asked(room=room())).secrets["user_id"]
    assert minted.expires_at == (now // 1000 + life_s) * 1000


def test_the_longest_prefix_leaves_a_name_that_tencent_takes() -> None:
    minted = CLIENT.mint(asked({"recorder_user_prefix": "a" * 12}, room=room()))
    assert re.fullmatch("[A-Za-z0-9_-]{32}", minted.secrets["user_id"])


@pytest.mark.parametrize(
    ("room_id", "kind", "number", "text"),
    [
        ("8489", "auto", 8489, None),
        ("8489", "number", 8489, None),
        ("8489", "string", 0, "8489"),
        ("room-demo-1", "auto", 0, "room-demo-1"),
        ("4294967294", "auto", 4294967294, None),
        ("4294967295", "auto", 0, "4294967295"),
        ("0", "auto", 0, "0"),
        ("007", "auto", 0, "007"),
        ("1" * 200, "auto", 0, "1" * 200),
        ("٧", "auto", 0, "٧"),
        ("直播间", "auto", 0, "直播间"),
    ],
)
def test_a_private_map_key_knows_numbers_and_texts_apart(
    room_id: str, kind: str, number: int, text: str | None
) -> None:
    options = {"private_map_key": True, "room_id_kind": kind}
    minted = CLIENT.mint(asked(options, room=room(room_id)))
    seen = permission(minted.secrets["private_map_key"])
    assert opens(minted.secrets["private_map_key"], KEY)
    assert (seen["room"], seen["text"], seen["bits"]) == (number, text, 10)
    assert minted.secrets["room_id_kind"] == ("number" if text is None else "string")
    assert (seen["user"], seen["app"]) == (minted.secrets["user_id"], 1400000000)
    assert seen["ends_at"] * 1000 == minted.expires_at


@pytest.mark.parametrize("room_id", ["0", "4294967295", "room", "-1", "1.0"])
def test_a_plan_that_says_number_refuses_what_is_none(room_id: str) -> None:
    with pytest.raises(BadInput) as error:
        CLIENT.mint(asked({"room_id_kind": "number"}, room=room(room_id)))
    assert error.value.field == "room_id"


@pytest.mark.parametrize("app_id", ["app", "0", "01400000000", "4294967296", "-1", "１４"])
def test_an_app_id_that_tencent_cannot_have_is_bad_input(app_id: str) -> None:
    with pytest.raises(BadInput) as error:
        CLIENT.mint(asked(room=room(app_id=app_id)))
    assert error.value.field == "app_id"


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"user_sig_life_s": 59}, "user_sig_life_s"),
        ({"user_sig_life_s": 180 * 86_400 + 1}, "user_sig_life_s"),
        ({"private_map_key": "yes"}, "private_map_key"),
        ({"private_map_key_bits": 0}, "private_map_key_bits"),
        ({"private_map_key_bits": 8}, "private_map_key_bits"),
        ({"private_map_key_bits": 255}, "private_map_key_bits"),
        ({"private_map_key_bits": 10 + 4}, "private_map_key_bits"),
        ({"private_map_key_bits": 10 + 256}, "private_map_key_bits"),
        ({"private_map_key_bits": -1}, "private_map_key_bits"),
        ({"room_id_kind": "int"}, "room_id_kind"),
        ({"recorder_user_prefix": ""}, "recorder_user_prefix"),
        ({"recorder_user_prefix": "a" * 13}, "recorder_user_prefix"),
        ({"recorder_user_prefix": "a:b"}, "recorder_user_prefix"),
        ({"recorder_user_prefix": "ear\n"}, "recorder_user_prefix"),
    ],
)
def test_options_are_strict(options: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        check(options)
    assert error.value.errors()[0]["loc"] == (field,)


@pytest.mark.parametrize("bits", [2, 10, 42, 170])
def test_a_private_map_key_may_let_enter_and_receive(bits: int) -> None:
    assert check({"private_map_key_bits": bits})["private_map_key_bits"] == bits


def test_the_prefix_tells_recorders_from_people() -> None:
    options = check({"recorder_user_prefix": "ear-"})
    assert registry.is_recorder("trtc", options, "ear-abc")
    assert not registry.is_recorder("trtc", options, "earshot_abc")
