"""The moderation plan: data, checked on read, with the plan and the field named."""

import json
from typing import Any

import pytest
from earshot.contract.plan import Plan, parse, resolve
from earshot.domain.lifecycle import RetryPolicy
from earshot.errors import BadInput, Misconfigured


def setting(text: str) -> str:
    with pytest.raises(Misconfigured) as refused:
        parse(text)
    return refused.value.setting


def one(**fields: Any) -> str:
    return json.dumps({"strict": fields})


@pytest.mark.parametrize("text", ["", "{}", " {} "])
def test_the_default_is_always_there(text: str) -> None:
    assert parse(text) == {"default": Plan()}


def test_the_default_is_what_the_contract_says() -> None:
    plan = resolve(parse("")["default"], "zego")
    options = plan["vendor_options"]
    assert (plan["vendor"], plan["target"], plan["keep"]) == ("shumei", "room_mixed", "all")
    assert (options["type"], options["channel"], options["returnAllText"], options["returnFinishInfo"]) == (
        "POLITY_EROTIC_DIRTY_ADVERT_MOAN",
        "VOICE_ROOM",
        True,
        True,
    )


def test_the_default_may_be_changed_and_others_added() -> None:
    plans = parse(json.dumps({"default": {"keep": "hits"}, "计划 2": {"target": "stream"}}))
    assert (plans["default"].keep, plans["计划 2"].target) == ("hits", "stream")


def test_a_plan_says_what_it_wants_and_defaults_say_the_rest() -> None:
    plans = parse(
        one(
            target="room_split",
            retry={"max_attempts": 3, "base_s": 0.5},
            vendors={"shumei": {"cluster": "gg", "lang": "ar"}},
            platforms={"zego": {"effective_time_s": 7_200}},
        )
    )
    plan = resolve(plans["strict"], "zego")
    assert (plan["vendor_options"]["cluster"], plan["vendor_options"]["channel"]) == ("gg", "VOICE_ROOM")
    assert plan["platform_options"] == {
        "effective_time_s": 7_200,
        "is_test": None,
        "renew_before_expiry": False,
    }
    assert RetryPolicy(**plan["retry"]) == RetryPolicy(max_attempts=3, base_s=0.5)


def test_what_a_watch_carries_survives_the_table() -> None:
    for plans in (parse(""), parse(json.dumps({"default": {"failover": ["yidun"]}}))):
        plan = resolve(plans["default"], "zego")
        assert json.loads(json.dumps(plan)) == plan


def test_by_default_one_vendor_listens_and_the_rest_is_said_for_it() -> None:
    plan = resolve(Plan(), "zego")
    assert (plan["order"], list(plan["vendors"])) == (["shumei"], ["shumei"])
    assert plan["vendors"]["shumei"] == plan["vendor_options"]
    assert (plan["silence_s"], plan["probe_s"], plan["return_s"], plan["priority"]) == (60, 3_600, 300, 5)
    assert (plan["when_unheard"], plan["unheard_s"]) == ("open", 60)


def test_every_vendor_of_the_order_has_its_own_options_completed() -> None:
    own = {"shumei": {"lang": "ar"}, "yidun": {"longRooms": "token_api"}}
    plan = resolve(parse(one(vendor="yidun", failover=["shumei"], vendors=own))["strict"], "zego")
    assert (plan["order"], plan["vendor"], plan["failover"]) == (["yidun", "shumei"], "yidun", ["shumei"])
    assert plan["vendors"]["yidun"] == plan["vendor_options"]
    assert plan["vendors"]["yidun"]["longRooms"] == "token_api"
    assert (plan["vendors"]["shumei"]["lang"], plan["vendors"]["shumei"]["channel"]) == ("ar", "VOICE_ROOM")


def test_a_vendor_that_is_not_in_the_order_is_checked_and_not_carried() -> None:
    plan = resolve(parse(one(vendors={"yidun": {"longRooms": "token_api"}}))["strict"], "zego")
    assert list(plan["vendors"]) == ["shumei"]


def test_by_default_nothing_is_capped_and_a_cap_has_the_usual_ladder() -> None:
    plan = resolve(Plan(), "zego")
    assert plan["caps"] == {"room_hours": None}
    assert plan["degrade"] == [
        {"at": 0.8, "do": "hits_only"},
        {"at": 0.9, "do": "longer_step"},
        {"at": 0.95, "do": "mixed"},
        {"at": 1.0, "do": "stop"},
    ]


def test_a_plan_may_cap_its_rooms_and_say_what_happens() -> None:
    steps = [{"at": 0.5, "do": "longer_step"}, {"at": 0.75, "do": "longer_step"}, {"at": 1, "do": "stop"}]
    plan = resolve(parse(one(caps={"room_hours": 2}, degrade=steps))["strict"], "zego")
    assert (plan["caps"], plan["degrade"]) == ({"room_hours": 2}, steps)
    assert resolve(parse(one(degrade=[]))["strict"], "zego")["degrade"] == []


@pytest.mark.parametrize("probe_s", [0, 300, 86_400])
def test_a_vendor_is_asked_rarely_or_never(probe_s: int) -> None:
    assert parse(one(probe_s=probe_s))["strict"].probe_s == probe_s


def test_a_mistake_in_the_failover_says_which_vendors_there_are() -> None:
    with pytest.raises(Misconfigured, match=r"failover\[0\]: unknown vendor; known: shumei, yidun"):
        parse(one(failover=["nobody"]))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "plan"),
        ("[]", "plan"),
        ("null", "plan"),
        ('"x"', "plan"),
        ('{"strict": null}', "plan strict"),
        ('{"strict": []}', "plan strict"),
        (one(targets="room_mixed"), "plan strict.targets"),
        (one(target="rooms"), "plan strict.target"),
        (one(keep="some"), "plan strict.keep"),
        (one(settle_s=-1), "plan strict.settle_s"),
        (one(settle_s=601), "plan strict.settle_s"),
        (one(settle_s="5"), "plan strict.settle_s"),
        (one(failover=["nobody"]), "plan strict.failover[0]"),
        (one(failover=["yidun", "nobody"]), "plan strict.failover[1]"),
        (one(failover=["yidun", "yidun"]), "plan strict.failover[1]"),
        (one(failover=["shumei"]), "plan strict.failover[0]"),
        (one(vendor="yidun", failover=["shumei", "yidun"]), "plan strict.failover[1]"),
        (one(failover="yidun"), "plan strict.failover"),
        (one(failover=[1]), "plan strict.failover.0"),
        (
            one(failover=["yidun"], vendors={"yidun": {"product": "radio"}}),
            "plan strict.vendors.yidun.product",
        ),
        (one(silence_s=29), "plan strict.silence_s"),
        (one(silence_s=3_601), "plan strict.silence_s"),
        (one(silence_s=60.5), "plan strict.silence_s"),
        (one(probe_s=-1), "plan strict.probe_s"),
        (one(probe_s=1), "plan strict.probe_s"),
        (one(probe_s=299), "plan strict.probe_s"),
        (one(probe_s=86_401), "plan strict.probe_s"),
        (one(return_s=59), "plan strict.return_s"),
        (one(return_s=86_401), "plan strict.return_s"),
        (one(priority=-1), "plan strict.priority"),
        (one(priority=10), "plan strict.priority"),
        (one(when_unheard="shut"), "plan strict.when_unheard"),
        (one(unheard_s=9), "plan strict.unheard_s"),
        (one(unheard_s=3_601), "plan strict.unheard_s"),
        (one(caps={"room_hours": 0}), "plan strict.caps.room_hours"),
        (one(caps={"room_hours": 10_001}), "plan strict.caps.room_hours"),
        (one(caps={"room_hours": "5"}), "plan strict.caps.room_hours"),
        (one(caps={"day_hours": 5}), "plan strict.caps.day_hours"),
        (one(caps=5), "plan strict.caps"),
        (one(degrade=[{"at": 0, "do": "mixed"}]), "plan strict.degrade.0.at"),
        (one(degrade=[{"at": 1.01, "do": "mixed"}]), "plan strict.degrade.0.at"),
        (one(degrade=[{"at": 0.5, "do": "whisper"}]), "plan strict.degrade.0.do"),
        (one(degrade=[{"at": 0.5}]), "plan strict.degrade.0.do"),
        (one(degrade=[{"at": 0.5, "do": "mixed"}, {"at": 0.5, "do": "stop"}]), "plan strict.degrade"),
        (one(degrade=[{"at": 0.6, "do": "mixed"}, {"at": 0.5, "do": "stop"}]), "plan strict.degrade"),
        (one(degrade=[{"at": 0.5, "do": "stop"}, {"at": 0.6, "do": "mixed"}]), "plan strict.degrade"),
        (one(look_s=59), "plan strict.look_s"),
        (one(look_s=86_401), "plan strict.look_s"),
        (one(retry={"max_attempts": -1}), "plan strict.retry.max_attempts"),
        (one(retry={"max_attempts": 1.5}), "plan strict.retry.max_attempts"),
        (one(retry={"base_s": "2"}), "plan strict.retry.base_s"),
        (one(retry={"cap_s": 3_601}), "plan strict.retry.cap_s"),
        (one(retry={"healthy": 1}), "plan strict.retry.healthy"),
        (one(vendor="nobody"), "plan strict.vendor"),
        (one(vendors={"nobody": {}}), "plan strict.vendors.nobody.vendor"),
        (one(vendors={"shumei": {"lang": "xx"}}), "plan strict.vendors.shumei.lang"),
        (
            one(vendors={"shumei": {"zegoParam": {"testEnv": 1}}}),
            "plan strict.vendors.shumei.zegoParam.testEnv",
        ),
        (one(vendors={"shumei": {"type": None}}), "plan strict.vendors.shumei"),
        (one(vendors={"shumei": []}), "plan strict.vendors.shumei"),
        (one(platforms={"nowhere": {}}), "plan strict.platforms.nowhere.platform"),
        (one(platforms={"zego": {"effective_time_s": 0}}), "plan strict.platforms.zego.effective_time_s"),
        (one(platforms={"url": {"anything": 1}}), "plan strict.platforms.url.anything"),
    ],
)
def test_each_mistake_names_the_plan_and_the_field(text: str, named: str) -> None:
    assert setting(text) == named


def test_one_bad_plan_among_good_ones_is_found() -> None:
    assert setting(json.dumps({"default": {}, "a": {}, "b": {"keep": 1}})) == "plan b.keep"


def test_a_platform_that_nobody_knows_is_the_events_fault() -> None:
    with pytest.raises(BadInput) as refused:
        resolve(Plan(), "nowhere")
    assert refused.value.field == "platform"


def test_a_vendor_that_cannot_hear_the_platform_is_passed_over() -> None:
    """Yidun's robots do not enter TRTC rooms."""
    plans = parse(one(vendor="yidun", failover=["shumei"]))
    assert resolve(plans["strict"], "trtc")["order"] == ["shumei"]
    assert resolve(plans["strict"], "trtc")["vendor"] == "shumei"
    assert resolve(plans["strict"], "zego")["order"] == ["yidun", "shumei"]


def test_where_nobody_hears_the_platform_the_refusal_says_why() -> None:
    assert resolve(parse(one(vendor="yidun"))["strict"], "trtc")["order"] == ["yidun"]
