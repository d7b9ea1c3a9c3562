"""A callback's ``json`` taken apart: one element for each slice that a task told something of. Standard library only.

``{"<task id>": {"<array>": [slice, …]}, …}`` (speech stream, transcription page). How the array of the other tasks
is called could not be read, so any that holds slices will do; and so that none is lost, any task's.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from earshot.vendors.port import Unreadable
from earshot.vendors.tupu.fields import REQUEST_ID, SLICE_START

VIOLATIONS = "violations"
ARRAYS = frozenset({VIOLATIONS, "texts", "speechs"})
"""Arrays of the file interface and of the stream's transcription: they hold slices, however little is in them."""
Block = Mapping[str, Any]


@dataclass(frozen=True)
class Element:
    """One slice as one task (the vendor's id, or whatever stands in its place) has it in one of its arrays.

    ``head`` is what the task's object says besides its arrays, ``callback`` what the callback says besides tasks.
    """

    task: str
    array: str
    slice: Block
    head: Block
    callback: Block

    @property
    def vendor_task_id(self) -> str:
        """The slice's, or that of what it is in: file results have it at the top. Raises :class:`Unreadable`."""
        found = next(filter(None, (_id(block) for block in (self.slice, self.head, self.callback))), None)
        if found is None:
            raise Unreadable(f"{REQUEST_ID}: is missing or not text")
        return found

    def alone(self) -> bytes:
        """The callback with nothing else in it, for an item of its own."""
        return json.dumps({**self.callback, self.task: {**self.head, self.array: [self.slice]}}).encode()


def elements(callback: Block) -> list[Element]:
    """All of them, in the order of the callback; what is no object is not one."""
    found = {task: slices(said) for task, said in callback.items()}
    rest = {task: said for task, said in callback.items() if not found[task]}
    return [
        one for task, listed in found.items() if listed for one in _of(task, callback[task], listed, rest)
    ]


def _of(task: str, said: Block, listed: list[tuple[str, Block]], rest: Block) -> list[Element]:
    head = {name: value for name, value in said.items() if not isinstance(value, list)}
    return [Element(task, array, one, head, rest) for array, one in listed]


def failure(callback: Block) -> tuple[str, int]:
    """A callback without slices: the task that it names, and its failing ``code``. Raises :class:`Unreadable`."""
    task_id = _id(callback)
    try:
        code = int(word(callback.get("code")) or "0")
    except ValueError:
        code = 0
    if task_id is None or code == 0:
        raise Unreadable("body: holds no slice of any task")
    return task_id, code


def _id(block: Block) -> str | None:
    return word(block.get(REQUEST_ID))


def slices(said: Any) -> list[tuple[str, Block]]:
    """Every slice in a task's object, with the name of its array; none in what is another thing."""
    return list(_slices(said)) if isinstance(said, Mapping) else []


def _slices(said: Block) -> Iterator[tuple[str, Block]]:
    for array, listed in said.items():
        found = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
        if array in ARRAYS or any(REQUEST_ID in one or SLICE_START in one for one in found):
            yield from ((array, one) for one in found)


def parsed(body: bytes) -> Block:
    """A callback's JSON. Raises :class:`Unreadable`."""
    try:
        found = json.loads(body)
    except RecursionError:
        raise Unreadable("body: nested too deeply") from None
    except ValueError as error:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "its characters"
        raise Unreadable(f"body: is not JSON ({where})") from None
    if not isinstance(found, dict):
        raise Unreadable("body: is not a JSON object")
    return found


def word(value: Any) -> str | None:
    """Text, or a number as text, 1.0 as 1; None for nothing, blanks, and whatever is neither."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    plain = int(value) if isinstance(value, float) and value.is_integer() else value
    return (text(str(plain)) or "").strip() or None


def text(value: Any) -> str | None:
    """Text as it is; None for what is none, or holds half a character, which nobody could be told."""
    if not isinstance(value, str):
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return None
    return value
