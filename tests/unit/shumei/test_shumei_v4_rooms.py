"""A room that is heard and seen: what both media tell of one task."""

import json

import pytest
from earshot.contract.plan import Plan
from earshot.domain.ledger import settle
from earshot.domain.watch import SignalName, Watch
from earshot.vendors.shumei.door import identify

from tests.unit.shumei.shumei_v4 import V4_VIDEO, push
from tests.unit.support.world import World


@pytest.fixture
def world() -> World:
    return World(plans={"default": Plan(vendors={"shumei": V4_VIDEO})})


def ends(world: World, watch: Watch) -> list[bytes]:
    """Of the pictures, and ten seconds more of them, and of the sound."""
    task = world.store.task(str(watch.current_task))
    assert task is not None
    told = {"requestId": task.vendor_task_id}
    return [
        push("v4-video.end-of-pictures", **told, auxInfo__streamTime=80),
        push("v4-video.end-of-sound", **told),
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_ends_are_one_end_and_counted_once(world: World, order: tuple[int, int]) -> None:
    watch = world.listening()
    ref = str(watch.current_task)
    bodies = ends(world, watch)
    counted = []
    for which in order:
        assert world.receive(ref, bodies[which]) == "stored", "neither passes for the other"
        assert world.read(ref, bodies[which], identify(bodies[which]).key) == []
        world.clock.forward(1)
        tasks = world.store.tasks(watch.watch_id)
        counted.append(settle(watch, tasks, world.clock())["vendor_s"])
    first = (80.0, 70.0)[order[0]]
    assert counted == [first, first], "as the first tells it, and not their sum"
    pending = world.fresh(watch).signal
    assert pending
    assert pending.name is SignalName.TASK_ENDED


def test_a_picture_is_told_as_one(world: World) -> None:
    watch = world.listening()
    ((kind, detail),) = world.read(str(watch.current_task), push("v4-video.picture-reject"))
    told = json.loads(detail)
    assert (kind, told["media"]) == ("SegmentJudged", "image")
    assert told["image_url"] == "https://media.example.com/frame/7.jpg"
