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
    assert plan["platform_options"] == {"effective_time_s": 7_200, "is_test": None}
    assert RetryPolicy(**plan["retry"]) == RetryPolicy(max_attempts=3, base_s=0.5)


def test_what_a_watch_carries_survives_the_table() -> None:
    plan = resolve(parse("")["default"], "zego")
    assert json.loads(json.dumps(plan)) == plan


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
