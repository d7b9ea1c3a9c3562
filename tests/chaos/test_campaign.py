"""What the campaign on a stack orders, without the stack: plans that are good, doubles that understand."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from earshot.contract import plan as plans
from earshot.vendors import registry

from local.chaos.campaign import PLAN
from local.chaos.reading import READINGS, readings
from local.chaos.script import OTHERS, SETTINGS, USUAL, VENDORS, Heard, write
from local.chaos.stage import is_over
from local.doubles import wiring
from local.doubles.accounts import Accounts
from local.doubles.model import Now, Request
from local.places import SAMPLE_SETTINGS

SEEDS = 60
KNOWN: dict[str, Any] = json.loads(SAMPLE_SETTINGS.read_text("utf-8"))
WRITTEN = plans.parse(json.dumps(yaml.safe_load(PLAN.read_text("utf-8"))))


@pytest.fixture(scope="module")
def worlds() -> dict[str, Any]:
    """The doubles of a stack, told what the campaign tells them."""
    made = wiring.assemble(Accounts.read(KNOWN), None, KNOWN)
    for name, settings in SETTINGS.items():
        made[name].settings.update(settings)
    return dict(made)


def test_every_plan_is_written() -> None:
    assert {heard.plan for heard in (USUAL, *OTHERS)} == set(WRITTEN)


@pytest.mark.parametrize("heard", [USUAL, *OTHERS], ids=lambda heard: heard.plan)
def test_a_plan_has_the_vendors_that_its_doubles_play(heard: Heard) -> None:
    plan = WRITTEN[heard.plan]
    by_double = {one.double: one.vendor for one in READINGS if one.vendor in VENDORS}
    assert [by_double[double] for double in heard.doubles] == plan.order
    assert set(plan.order) <= set(VENDORS)


@pytest.mark.parametrize("heard", [USUAL, *OTHERS], ids=lambda heard: heard.plan)
def test_a_plan_hears_the_rooms_that_are_given_it(heard: Heard) -> None:
    plan = WRITTEN[heard.plan]
    for platform in heard.platforms:
        assert registry.hears(plan.vendor, platform, plan.options(plan.vendor))
        assert plans.resolve(plan, platform)["vendor"] == plan.vendor


def test_the_books_of_all_vendors_can_be_told_apart() -> None:
    assert {one.vendor for one in readings(VENDORS)} == set(VENDORS)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_order_is_understood(seed: int, worlds: dict[str, Any]) -> None:
    script = write(seed, "t")
    assert script == write(seed, "t")
    for order in script.orders:
        worlds[order.double].faults.add(dict(order.order))
        worlds[order.double].faults.clear()


def test_seeds_have_rooms_of_every_plan_and_the_usual_ones_most() -> None:
    given = [life.heard.plan for seed in range(SEEDS) for life in write(seed, "t").lives]
    assert set(given) == set(WRITTEN)
    assert given.count(USUAL.plan) > len(given) / 2


def test_a_room_without_people_has_an_address() -> None:
    lives = [life for seed in range(SEEDS) for life in write(seed, "t").lives]
    assert all(("stream_url" in life.detail("now")) == (life.platform == "url") for life in lives)


@pytest.mark.parametrize("reading", READINGS, ids=lambda one: f"{one.vendor}-{one.double}")
@pytest.mark.parametrize("code", [None, 3001, 3005])
def test_an_end_is_understood(reading: Any, code: int | None, worlds: dict[str, Any]) -> None:
    """Of no task, so none is found; what is said of it is judged before."""
    verb, said = reading.ending(code)
    request = Request("POST", f"/_double/tasks/nobody/{verb}", body=json.dumps(said).encode())
    reply = worlds[reading.double].handle(request, Now(1_795_226_400.0, 0.0))
    assert (reply.status, json.loads(reply.body)["field"]) == (404, "id")


def test_a_task_is_over_when_it_has_told_all_that_its_vendor_tells() -> None:
    told = {"pushed": 3, "acknowledged": 2, "given_up": 1}
    none = {"pushed": 0, "acknowledged": 0, "given_up": 0}
    task = {"state": "ended", "segments": told, "end_notice": none}
    assert not is_over(task)
    assert is_over(task, tells_end=False)
    assert is_over({**task, "end_notice": {**none, "acknowledged": 1}})
    assert not is_over({**task, "state": "running"}, tells_end=False)
    assert not is_over({**task, "segments": {**told, "given_up": 0}}, tells_end=False)
