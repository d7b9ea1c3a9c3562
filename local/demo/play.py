"""Plays the demo on a running stack."""

import time
from collections.abc import Callable, Iterable

from rich.console import Console

from local.demo.check import problems
from local.demo.people import People
from local.demo.report import report
from local.demo.rooms import SETTINGS, STORIES, VENDORS, Story, scenario
from local.demo.story import Heard
from local.demo.view import View, view
from local.double_admin import DoubleAdmin
from local.listener import Listener
from local.stack import Stack
from local.webhooks import tell_doubles

OPEN_FOR = 140.0  # scaled seconds after the first verdict of each room
GRACE = 10  # real seconds: EmptyRoomGraceSeconds of the demo's stack, and the least that the template takes
PATIENCE = 25.0  # real seconds for a thing that must happen


def play(stack: Stack, console: Console) -> list[str]:
    """Open the rooms, listen, close them; what went wrong, in sentences."""
    vendors = {name: DoubleAdmin(stack.doubles[name]) for name in VENDORS}
    for vendor in vendors.values():
        vendor.post("scenario", scenario())
    for name, settings in SETTINGS.items():
        vendors[name].post("settings", settings)
    for story in STORIES:
        if story.fault:
            vendors[story.vendor].post("faults", story.fault)
    tell_doubles(stack.doubles, _addresses(stack))
    heard, listener, people = Heard(), Listener(stack), People(stack)
    for story in STORIES:
        console.print(f"  opening {story.room_id}: {story.title}", highlight=False)
        people.open(story)
    people.ask_vendors()
    with view(console, heard) as screen:

        def listen(enough: Callable[[], bool], seconds: float) -> None:
            _listen(listener, heard, screen, enough, seconds)

        listen(lambda: all(heard.verdicts(story.room_id) for story in STORIES if story.script), PATIENCE)
        listen(lambda: False, OPEN_FOR / stack.time_scale)
        listen(lambda: all(_has_happened(heard, story) for story in STORIES), PATIENCE)
        for story in STORIES:
            people.end(story)
        listen(lambda: _are_over(heard, (story for story in STORIES if story.ends != "leave")), PATIENCE)
        listen(lambda: False, GRACE)
        people.look_around()
        listen(lambda: _are_over(heard, STORIES), PATIENCE)
    report(console, heard)
    return problems(heard, DoubleAdmin(stack.doubles["zego"]), vendors)


def _addresses(stack: Stack) -> dict[str, dict[str, str]]:
    """Of room webhooks; a platform whose rooms are all heard under one plan names it."""
    plans = {
        platform: {s.plan for s in STORIES if s.platform == platform} for platform in stack.room_webhooks
    }
    return {
        platform: {app: f"{url}?plan={next(iter(plans[platform]))}" for app, url in urls.items()}
        for platform, urls in stack.room_webhooks.items()
        if len(plans[platform]) == 1
    }


def _has_happened(heard: Heard, story: Story) -> bool:
    """Whether its story has been told but for its end: a busy laptop takes its time."""
    rejected = [said for said in heard.verdicts(story.room_id) if said["risk_level"] == "REJECT"]
    told = story.told - {"ModerationEnded", "ModerationFailed"}
    return len(rejected) >= story.rejects and told <= set(heard.kinds(story.room_id))


def _are_over(heard: Heard, stories: Iterable[Story]) -> bool:
    return all(heard.ledger(story.room_id) for story in stories)


def _listen(
    listener: Listener, heard: Heard, screen: View, enough: Callable[[], bool], seconds: float
) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not enough():
        for event in listener.heard():
            if heard.take(event):
                screen.show(event)
        time.sleep(0.1)
