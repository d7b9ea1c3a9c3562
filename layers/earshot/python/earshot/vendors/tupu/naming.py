"""The name of a result within our task: ``<task of the vendor>#<slice>#<user, if any>#<what judged it>``.

Several of Tupu's tasks judge the same slice, each in its own result: what stands before the last ``#`` is the same
for all of them, what stands after it says which one it is. Links and texts are no part of a name. Standard library
only.
"""

import hashlib
import json
import re
from typing import Any

from earshot.vendors.tupu.elements import Block, Element, word
from earshot.vendors.tupu.fields import SLICE_END, SLICE_START
from earshot.vendors.tupu.tasks import NAMES

WALL_CLOCK = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
MAX_PART = 48
"""So long may a part of a name be; what is longer, or holds what names are put together with, by its digest."""
LINKS = frozenset({"speechUrl", "preSpeech"})


def name(element: Element) -> str:
    """Raises Unreadable if the slice does not say whose it is."""
    block = element.slice
    user = word(block.get("userId"))
    parts = [short(element.vendor_task_id), _stretch(block), *([short(user)] if user else [])]
    return "#".join([*parts, short(NAMES.get(element.task, element.task))])


def short(value: str) -> str:
    """A part of a name."""
    is_plain = value.isascii() and value.isprintable() and not any(mark in value for mark in "#~ ")
    return value if is_plain and 0 < len(value) <= MAX_PART else f"~{_digest(value)}"


def _stretch(block: Block) -> str:
    """When it was: by the wall clock, by seconds of the stream where the slice says those (too), by all that is told
    of it where it says neither."""
    by_clock = [word(block.get(field)) for field in (SLICE_START, SLICE_END)]
    by_stream = [word(block.get(field)) for field in ("startTime", "endTime")]
    told = ["-".join(_stamp(end or "") for end in ends) for ends in (by_clock, by_stream) if any(ends)]
    rest = {field: said for field, said in block.items() if field not in LINKS}
    return "+".join(told) or f"~{_digest(rest)}"


def _stamp(text: str) -> str:
    return "".join(filter(str.isdigit, text)) if WALL_CLOCK.fullmatch(text) else short(text) if text else ""


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
