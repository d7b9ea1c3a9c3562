"""What Shumei can save, in its own words, and what it counts then."""

from typing import Any

import pytest
from earshot.vendors import registry
from earshot.vendors.shumei.options import check

SUBSCRIBED: dict[str, Any] = {"agoraParam": {"subscribeMode": "UNTRUSTED", "untrustedUserIdList": ["7"]}}


def thrift(step: str, target: str = "room_mixed", **options: Any) -> dict[str, Any]:
    made = registry.thrift("shumei", check(target, options), step)
    assert check("room_mixed" if step == "mixed" else target, made) == made, "what is sent is still valid"
    return made


def test_only_hits_are_pushed() -> None:
    made = thrift("hits_only")
    assert (made["returnAllText"], made["returnFinishInfo"]) == (False, True)


@pytest.mark.parametrize(("before", "after"), [(None, 1), (1, 3), (3, 7), (17, 35), (18, 36), (36, 36)])
def test_half_as_many_segments_are_audited(before: int | None, after: int) -> None:
    made = thrift("longer_step", audioDetectStep=before)
    assert made["audioDetectStep"] == after


@pytest.mark.parametrize(("step", "share"), [(None, 1.0), (1, 0.5), (3, 0.25), (36, 1 / 37)])
def test_of_every_step_and_one_segments_one_is_counted(step: int | None, share: float) -> None:
    assert registry.audited_share("shumei", check("room_mixed", {"audioDetectStep": step})) == share


def test_a_mixed_room_has_no_choice_of_speakers() -> None:
    made = thrift("mixed", "room_split", **SUBSCRIBED)
    assert made["agoraParam"] == {
        **{"subscribeMode": None, "trustedUserIdList": None, "untrustedUserIdList": None},
        "channelProfile": 0,
    }


def test_what_does_not_concern_a_step_stays() -> None:
    options = check("room_split", SUBSCRIBED)
    assert registry.thrift("shumei", options, "stop") == options
    assert registry.thrift("shumei", options, "longer_step")["agoraParam"] == options["agoraParam"]
    assert registry.thrift("shumei", check("room_mixed", {}), "mixed") == check("room_mixed", {})
