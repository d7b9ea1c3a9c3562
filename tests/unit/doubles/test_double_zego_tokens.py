"""IdentifyTokens of the ZEGO double."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.doubles.conftest import Time, Zego


def redeem(zego: Zego, token: str, by: str = "shumei") -> str:
    status, answer = zego.admin("POST", "redeem", {"token": token, "by": by})
    assert status == 200
    result: str = answer["result"]
    return result


def test_token_is_good_once(zego: Zego) -> None:
    token = zego.token()
    assert [redeem(zego, token), redeem(zego, token), redeem(zego, "another")] == ["ok", "used", "unknown"]


def test_token_expires_on_the_scaled_clock(zego: Zego, time: Time) -> None:
    early, late = zego.token(EffectiveTime="60"), zego.token(EffectiveTime="60")
    time.scaled += 59.9
    assert redeem(zego, early) == "ok"
    time.scaled += 0.1
    assert redeem(zego, late) == "expired"


def test_token_clock_is_a_setting(zego: Zego, time: Time) -> None:
    zego.world.settings.update({"token_clock": "real"})
    token = zego.token(EffectiveTime="60")
    time.scaled += 600
    time.wall += 59
    assert redeem(zego, token) == "ok"


def test_tokens_differ(zego: Zego) -> None:
    assert len({zego.token() for _ in range(50)}) == 50


def test_state_names_tokens_by_hash_only(zego: Zego, time: Time) -> None:
    fresh, used, expired = zego.token(), zego.token(), zego.token(EffectiveTime="1")
    redeem(zego, used, by="task-1")
    time.go(2)
    state = zego.state()
    assert [token["state"] for token in state["tokens"]] == ["fresh", "used", "expired"]
    assert state["tokens"][1]["used_by"] == "task-1"
    assert state["tokens"][0]["sha256"] == hashlib.sha256(fresh.encode()).hexdigest()[:12]
    assert not any(value in str(state) for value in (fresh, used, expired))


@pytest.mark.parametrize(
    ("body", "field"), [({}, "token"), ({"token": "x"}, "by"), ([], "body"), (b"{", "body")]
)
def test_wrong_redeem_names_the_field(zego: Zego, body: object, field: str) -> None:
    status, answer = zego.admin("POST", "redeem", body)
    assert (status, answer["field"]) == (400, field)


def test_forgotten_token_is_unknown(zego: Zego) -> None:
    zego.faults({"on": "mint", "fault": "forget"})
    assert redeem(zego, zego.token()) == "unknown"
    assert redeem(zego, zego.token()) == "ok"
