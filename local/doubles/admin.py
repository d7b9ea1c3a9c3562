"""The part of ``/_double/`` that both doubles share."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import yaml  # type: ignore[import-untyped, unused-ignore]

from local.doubles.model import Json, Now, Reply, Request
from local.doubles.settings import BadField
from local.doubles.world import World

PREFIX = "/_double/"


def handle(world: World, request: Request, now: Now) -> Reply:
    """Answer an admin request; a wrong one gets 400 with the name of the field."""
    try:
        reply = _shared(world, request, now)
        if reply is None:
            reply = world.admin(request, now)
    except BadField as bad:
        return Reply.of({"error": bad.reason, "field": bad.field}, 400)
    if reply is None:
        return Reply.of({"error": f"no such route: {request.method} {request.path}"}, 404)
    return reply


def _shared(world: World, request: Request, now: Now) -> Reply | None:
    routes: dict[tuple[str, str], Callable[[], object]] = {
        ("GET", "health"): lambda: {"ok": True, "double": world.name, "second": round(now.scaled, 3)},
        ("GET", "journal"): lambda: _journal(world, request),
        ("DELETE", "journal"): world.journal.clear,
        ("GET", "state"): lambda: world.state(now),
        ("GET", "faults"): lambda: {"orders": world.faults.view()},
        ("POST", "faults"): lambda: {"orders": world.faults.add(read(request))},
        ("DELETE", "faults"): world.faults.clear,
        ("GET", "settings"): world.settings.view,
        ("POST", "settings"): lambda: world.settings.update(read_object(request)).view(),
    }
    route = routes.get((request.method, request.path.removeprefix(PREFIX)))
    return None if route is None else Reply.of(route() or {"ok": True})


def _journal(world: World, request: Request) -> Json:
    text = request.params().get("since", "0")
    if not text.isdigit():
        raise BadField("since", "must be a sequence number")
    return {"entries": world.journal.since(int(text)), "last_seq": world.journal.last}


def read(request: Request) -> Any:
    """The JSON body of an admin request."""
    try:
        return json.loads(request.body or b"null")
    except ValueError as error:
        raise BadField("body", f"is not JSON: {error}") from error


def read_object(request: Request) -> Json:
    """The JSON object in the body of an admin request."""
    found = read(request)
    if not isinstance(found, dict):
        raise BadField("body", "must be a JSON object")
    return found


def read_yaml(request: Request) -> Any:
    """A YAML or JSON body (the first contains the second)."""
    try:
        return yaml.safe_load(request.body)
    except yaml.YAMLError as error:
        raise BadField("body", f"is neither YAML nor JSON: {error}") from error


def books(now: Now, scenario: str, tasks: list[Json]) -> Json:
    """What ``GET state`` says of a vendor's tasks."""
    return {
        "second": round(now.scaled, 3),
        "scenario": scenario,
        "running": sum(task["state"] == "running" for task in tasks),
        "billed_seconds": round(sum(task["billed_seconds"] for task in tasks), 3),
        "tasks": tasks,
    }
