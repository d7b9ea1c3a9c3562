"""What Agora's client mints, for whom, and what it refuses."""

from typing import Any

import pytest
from earshot.domain.room import Room
from earshot.errors import BadInput, Misconfigured
from earshot.platforms import registry
from earshot.platforms.agora.client import MAX_SALT, AgoraClient, connect
from earshot.platforms.agora.options import check
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.unit.support.agora_tokens import opens, read
from tests.unit.support.makers import START, asked
from tests.unit.support.shumei_calls import keyring

APP, CERTIFICATE = "970CA35de60c44645bbae8a215061b33", "5CFd2fd1755d40ecb72977518be15d3b"
ROOM = Room("agora", APP, "room-demo-1")


def client(certificate: Any = CERTIFICATE, salt: int = 7) -> AgoraClient:
    return AgoraClient(keyring({"agora": {APP: {"app_certificate": certificate}}}), lambda: salt)


def test_a_token_for_a_day_and_the_uid_that_it_is_for() -> None:
    minted = client().mint(asked(room=ROOM))
    assert set(minted.secrets) == {"token", "uid"}
    assert opens(minted.secrets["token"], CERTIFICATE)
    seen = read(minted.secrets["token"])
    assert (seen.app_id, seen.issued_at, seen.life_s, seen.salt) == (APP, START // 1000, 86_400, 7)
    assert seen.rtc == ({1: 86_400}, "room-demo-1", minted.secrets["uid"])
    assert 4_200_000_000 <= int(minted.secrets["uid"]) < 4_201_000_000
    assert minted.expires_at == START + 86_400_000


@given(st.integers(1, 10**6), st.integers(60, 86_400), st.integers(0, 4_000_000_000_000))
def test_life_range_and_clock_are_arguments(number: int, life_s: int, now: int) -> None:
    options = {"token_life_s": life_s, "recorder_uid_base": 1, "recorder_uid_count": 1_000}
    minted = client().mint(asked(options, now, room=ROOM, number=number))
    seen = read(minted.secrets["token"])
    assert (seen.issued_at, seen.life_s) == (now // 1000, life_s)
    assert minted.expires_at == (now // 1000 + life_s) * 1000
    assert 1 <= int(minted.secrets["uid"]) <= 1_000


def test_the_next_try_is_another_recorder() -> None:
    """Agora throws out the earlier of two with one uid, and a lost answer may have opened a task."""
    uids = [client().mint(asked(room=ROOM, number=n)).secrets["uid"] for n in (1, 2, 3, 2)]
    assert len(set(uids)) == 3
    assert uids[3] == uids[1]


def test_a_public_channel_needs_neither_token_nor_certificate() -> None:
    minted = AgoraClient(keyring({}), lambda: 1).mint(asked({"public_channels": True}, room=ROOM))
    assert set(minted.secrets) == {"uid"}
    assert minted.secrets["uid"] == client().mint(asked(room=ROOM)).secrets["uid"]
    assert minted.expires_at is None


@pytest.mark.parametrize("certificate", ["short", CERTIFICATE + "0", "g" * 32, f"{CERTIFICATE}\n"])
def test_a_certificate_of_another_shape_is_named_and_not_shown(certificate: str) -> None:
    with pytest.raises(Misconfigured) as error:
        client(certificate).mint(asked(room=ROOM))
    assert error.value.setting == f"secret agora.{APP}.app_certificate"
    assert certificate not in str(error.value)


@pytest.mark.parametrize(
    ("app_id", "room_id", "field"),
    [
        (APP[:-1], "r", "app_id"),
        ("x" * 32, "r", "app_id"),
        (APP, "r" * 64, "room_id"),
        (APP, "é" * 32, "room_id"),
        (APP, "*", "room_id"),
        (APP, "1*a*2", "room_id"),
    ],
)
@pytest.mark.parametrize("public", [True, False])
def test_a_room_that_agora_cannot_have_is_bad_input(
    app_id: str, room_id: str, field: str, public: bool
) -> None:
    with pytest.raises(BadInput) as error:
        client().mint(asked({"public_channels": public}, room=Room("agora", app_id, room_id)))
    assert error.value.field == field


def test_63_bytes_are_a_channel() -> None:
    assert client().mint(asked(room=Room("agora", APP, "é" * 31 + "x"))).secrets["token"]


def test_salts_are_random_and_in_the_vendors_range() -> None:
    made = connect(lambda _: "", keyring({"agora": {APP: {"app_certificate": CERTIFICATE}}}))
    salts = {read(made.mint(asked(room=ROOM)).secrets["token"]).salt for _ in range(50)}
    assert len(salts) > 40
    assert all(1 <= salt <= MAX_SALT for salt in salts)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"token_life_s": 86_401}, "token_life_s"),
        ({"token_life_s": 3600.0}, "token_life_s"),
        ({"recorder_uid_base": 0}, "recorder_uid_base"),
        ({"recorder_uid_base": 2**32}, "recorder_uid_base"),
        ({"recorder_uid_count": 999}, "recorder_uid_count"),
        ({"recorder_uid_base": 2**32 - 1_000_000 + 1}, "recorder_uid_count"),
        ({"public_channels": 1}, "public_channels"),
        ({"role": "publisher"}, "role"),
    ],
)
def test_options_are_strict(options: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        check(options)
    assert error.value.errors()[0]["loc"] == (field,)


def test_the_last_uid_may_be_the_last_of_the_range() -> None:
    checked = check({"recorder_uid_base": 2**32 - 1_000_000})
    assert registry.is_recorder("agora", checked, 2**32 - 1)
    assert not registry.is_recorder("agora", checked, 2**32 - 1_000_001)
