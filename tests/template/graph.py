"""The state machine's definition as a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.template.bundle import machine

State = Mapping[str, Any]
TERMINAL = frozenset({"Succeed", "Fail"})


def states() -> dict[str, State]:
    """Every state by name."""
    found: dict[str, State] = machine()["States"]
    return found


def tasks() -> dict[str, State]:
    """The states that do something."""
    return {name: state for name, state in states().items() if state["Type"] == "Task"}


def successors(name: str) -> set[str]:
    """Where a state may lead: its next, its choices, its catchers."""
    state = states()[name]
    routes = [state, *state.get("Choices", []), *state.get("Catch", [])]
    found = {route["Next"] for route in routes if "Next" in route}
    return found | ({state["Default"]} if "Default" in state else set())


def reachable(start: str, *, avoiding: str | None = None) -> set[str]:
    """Every state that can follow ``start`` (itself included) without entering ``avoiding``."""
    found, left = set(), [start]
    while left:
        name = left.pop()
        if name not in found and name != avoiding:
            found.add(name)
            left.extend(successors(name))
    return found


def terminals() -> set[str]:
    """The states that end an execution."""
    return {name for name, state in states().items() if state["Type"] in TERMINAL or state.get("End")}


def texts(node: Any) -> Iterator[str]:
    """Every key and every text of a definition, comments apart."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key != "Comment":
                yield key
                yield from texts(value)
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)
    elif isinstance(node, str):
        yield node
