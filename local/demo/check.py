"""Whether it all went as it should: judged from the doubles' books, not from our own word alone."""

from collections.abc import Mapping
from typing import Any

from local.demo.rooms import STORIES
from local.demo.story import Heard
from local.double_admin import DoubleAdmin

ZEGO_ROOMS = {story.room_id for story in STORIES if story.platform == "zego"}


def problems(heard: Heard, zego: DoubleAdmin, vendors: Mapping[str, DoubleAdmin]) -> list[str]:
    """What is wrong, in sentences; empty if nothing is."""
    tasks = {name: vendor.get("state")["tasks"] for name, vendor in vendors.items()}
    found = [problem for name, mine in tasks.items() for problem in _unfinished(name, mine)]
    opened = [task for mine in tasks.values() for task in mine]
    return [*_untold(heard), *found, *_tokens(zego.get("state")["tokens"], opened)]


def _untold(heard: Heard) -> list[str]:
    found = []
    for story in STORIES:
        missing = story.told - set(heard.kinds(story.room_id))
        found += [f"{story.room_id}: {kind} was never told" for kind in sorted(missing)]
        rejects = [verdict for verdict in heard.verdicts(story.room_id) if verdict["risk_level"] == "REJECT"]
        if len(rejects) != story.rejects:
            found.append(f"{story.room_id}: {len(rejects)} segments rejected, {story.rejects} were to be")
        ledger = heard.ledger(story.room_id)
        if ledger and (ledger["unfinished"] or (story.script and ledger["calls"]["finish"] == 0)):
            found.append(f"{story.room_id}: its ledger has an unfinished task")
    return found


def _unfinished(vendor: str, tasks: list[dict[str, Any]]) -> list[str]:
    found = [f"task {t['id']} still listens to {t['room']}" for t in tasks if t["state"] == "running"]
    found += [f"task {t['id']} of {t['room']} was never finished" for t in tasks if not t["finish_calls"]]
    rooms = {story.room_id for story in STORIES if story.vendor == vendor}
    return found + [
        f"{room}: {vendor} has no task of it" for room in sorted(rooms - {t["room"] for t in tasks})
    ]


def _tokens(tokens: list[dict[str, Any]], tasks: list[dict[str, Any]]) -> list[str]:
    found = [
        f"task {t['id']} of {t['room']} came with a token that was {t['token']}"
        for t in tasks
        if t["token"] != "ok"
    ]
    spent = sum(token["state"] == "used" for token in tokens)
    opened = sum(task["room"] in ZEGO_ROOMS for task in tasks)
    if spent < opened:
        found.append(f"{opened} tasks were opened with {spent} IdentifyTokens")
    return found
