"""Limits from the settings: over the defaults, and a wrong one is named."""

import json
from typing import Any

import pytest
from earshot.errors import Misconfigured
from earshot.limits import DEFAULTS, Limits
from earshot.secrets import MAX_AGE_MS, Keyring, Secret

from tests.unit.support.fakes import Clock
from tests.unit.support.secretsmanager import FakeSecretsManager
from tests.unit.support.shumei_calls import keyring


def limits(**said: Any) -> Limits:
    return Limits(keyring({"limits": said}))


@pytest.mark.parametrize("settings", [{}, {"limits": {}}, {"limits": {"shumei": {}}, "zego": {}}])
def test_where_nothing_is_said_the_defaults_hold(settings: Any) -> None:
    found = Limits(keyring(settings))
    assert (found.mints_per_s("zego"), found.submits_per_s("shumei")) == (100, 50)
    assert (found.finishes_per_s("shumei"), found.submits_per_s("yidun")) == (20, 100)
    assert (found.streams("shumei"), found.finishes_per_s("yidun"), found.mints_per_s("agora")) == (None,) * 3


def test_what_is_said_stands_and_the_rest_is_as_before() -> None:
    found = limits(shumei={"submits_per_s": 7, "streams": 500}, yunxin={"mints_per_s": 3})
    assert (found.submits_per_s("shumei"), found.streams("shumei")) == (7, 500)
    assert (found.finishes_per_s("shumei"), found.mints_per_s("yunxin"), found.mints_per_s("zego")) == (
        20,
        3,
        100,
    )
    assert DEFAULTS["shumei"]["submits_per_s"] == 50


def test_what_others_read_of_the_same_object_is_none_of_our_business() -> None:
    beside = {"hours_per_day": 500, "price_per_hour": 0.9, "currency": "CNY", "streams": 4}
    assert limits(shumei=beside, apps={"1234567890": {"hours_per_day": 1}}).streams("shumei") == 4


def test_null_lifts_a_limit() -> None:
    assert limits(zego={"mints_per_s": None}).mints_per_s("zego") is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (5, "limits"),
        (None, "limits"),
        ({"zego": 100}, "limits.zego"),
        ({"zegoo": {"mints_per_s": 1}}, "limits.zegoo"),
        ({"zego": {"mint_per_s": 1}}, "limits.zego.mint_per_s"),
        ({"zego": {"submits_per_s": 1}}, "limits.zego.submits_per_s"),
        ({"shumei": {"mints_per_s": 1}}, "limits.shumei.mints_per_s"),
        ({"shumei": {"streams": 0}}, "limits.shumei.streams"),
        ({"shumei": {"streams": "500"}}, "limits.shumei.streams"),
        ({"shumei": {"streams": True}}, "limits.shumei.streams"),
        ({"yidun": {"submits_per_s": 1.5}}, "limits.yidun.submits_per_s"),
        ({"yidun": {"submits_per_s": 501}}, "limits.yidun.submits_per_s"),
        ({"yidun": {"submits_per_s": -1}}, "limits.yidun.submits_per_s"),
    ],
)
def test_a_wrong_limit_is_named_whoever_asks(said: Any, field: str) -> None:
    with pytest.raises(Misconfigured) as error:
        Limits(keyring({"limits": said})).mints_per_s("zego")
    assert error.value.setting == f"secret {field}"


def test_a_changed_limit_holds_within_five_minutes() -> None:
    clock = Clock(0)
    client: Any = FakeSecretsManager(AWSCURRENT=json.dumps({"limits": {"yidun": {"streams": 5}}}))
    found = Limits(Keyring(Secret(client, "id", clock)))
    assert found.streams("yidun") == 5
    client.stages["AWSCURRENT"] = json.dumps({})
    clock.now = MAX_AGE_MS
    assert found.streams("yidun") == 5
    clock.now += 1
    assert found.streams("yidun") is None


def test_large_numbers_of_streams_are_fine() -> None:
    assert limits(yidun={"streams": 100_000, "submits_per_s": 500}).streams("yidun") == 100_000
