"""JSONPath as far as the machine uses it: plain names, of the state's input or of the context object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PATH = re.compile(r"\$\$?(\.[A-Za-z_][A-Za-z0-9_]*)*")
Json = Any


class Unplayed(BaseException):
    """The machine, or a function, does something that this simulation does not know: it ends, lest it diverge."""


class NoSuchPath(Exception):
    """The data has nothing there: AWS ends the execution with States.Runtime, and nothing catches that."""


def look(path: str, data: Json, context: Mapping[str, Json] | None = None) -> Json:
    """What is there."""
    known(path)
    node: Json = context if path.startswith("$$") else data
    for name in path.split(".")[1:]:
        if not isinstance(node, Mapping) or name not in node:
            raise NoSuchPath(path)
        node = node[name]
    return node


def is_there(path: str, data: Json) -> bool:
    """Whether there is anything, be it null."""
    try:
        look(path, data)
    except NoSuchPath:
        return False
    return True


def known(path: str) -> str:
    """The path, or Unplayed: intrinsic functions, indexes and filters are not played."""
    if not PATH.fullmatch(path):
        raise Unplayed(f"path {path!r}")
    return path


def fill(template: Json, data: Json, context: Mapping[str, Json]) -> Json:
    """``Parameters``: values of names that end in ``.$`` are paths."""
    if isinstance(template, Mapping):
        made = {}
        for name, value in template.items():
            if name.endswith(".$"):
                made[name[:-2]] = look(value, data, context)
            else:
                made[name] = fill(value, data, context)
        return made
    if isinstance(template, list):
        return [fill(value, data, context) for value in template]
    return template


def place(result: Json, data: Json, path: str | None) -> Json:
    """The state's output: its input with the result at ``ResultPath`` (None: the result is thrown away)."""
    if path is None:
        return data
    known(path)
    names = path.split(".")[1:]
    if not names:
        return result
    made = dict(data)
    node = made
    for name in names[:-1]:
        below = node.get(name)
        node[name] = dict(below) if isinstance(below, Mapping) else {}
        node = node[name]
    node[names[-1]] = result
    return made
