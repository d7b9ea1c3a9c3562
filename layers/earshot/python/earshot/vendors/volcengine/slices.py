"""``Data`` of content security taken apart: one result a slice of sound or frame, in the vendor's own shape with that
one alone. Standard library only: the webhook imports it.

A slice is known by ``SliceId``, and by ``UserId`` beside it, for whether a count is the room's or the speaker's own
is not documented; with another ``Decision`` it is judged again.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from earshot.vendors.port import Unreadable

Data = Mapping[str, Any]
KEPT = ("DataId", "PassThrough")
MAX_PART = 48
PASSED = "PASS"
STREAM = "stream"


@dataclass(frozen=True)
class Part:
    """What one result is about: ``kind`` audio, image, or the stream as a whole."""

    kind: str
    fields: Data


def parts(data: Data) -> list[Part]:
    """Every slice and frame in it, as far as they are objects; none where there are none."""
    found = [Part("audio", one) for one in _objects(data.get("Details"))]
    for name, inner, kind in (("AudioResults", "Details", "audio"), ("VideoResults", "Frames", "image")):
        group = data.get(name)
        found += [
            Part(kind, one) for one in _objects(group.get(inner) if isinstance(group, Mapping) else None)
        ]
    return found


def apart(data: Data) -> Iterator[Data]:
    """Each for itself; the whole, where there is none."""
    found = parts(data)
    if not found:
        yield data
    head = {name: data[name] for name in KEPT if name in data}
    for part in found:
        inside = {"Details": [part.fields]} if part.kind == "audio" else {"Frames": [part.fields]}
        is_video = isinstance(data.get("VideoResults"), Mapping) or isinstance(
            data.get("AudioResults"), Mapping
        )
        group = "AudioResults" if part.kind == "audio" else "VideoResults"
        yield head | ({group: inside} if is_video else inside)


def only(data: Data) -> Part:
    """What a result is about that has been taken apart. Raises :class:`Unreadable` for one that has not."""
    found = parts(data)
    if len(found) > 1:
        raise Unreadable("Details: holds several slices")
    return found[0] if found else Part(STREAM, data)


def says_something(data: Data) -> bool:
    """Whether it is worth a result: a stream without slices that is to pass says nothing yet."""
    part = only(data)
    return part.kind != STREAM or decision(part.fields) not in {None, PASSED}


def encoded(data: Data) -> bytes:
    """Compact JSON in UTF-8; with escapes if it holds half a character, which UTF-8 has not."""
    try:
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(data, separators=(",", ":")).encode()


def named(data: Data) -> tuple[str, str, bool]:
    """The name of a result, what the names of all about the same slice begin with, and whether it is a hit."""
    if text(data.get("DataId")) is None:
        raise Unreadable("DataId: is missing or no text")
    part = only(data)
    judged = decision(part.fields)
    if judged is None:
        raise Unreadable("Decision: is missing or no text")
    family = f"{part.kind}#{_which(part)}#"
    return f"{family}{short(judged)}", family, judged != PASSED


def decision(fields: Data) -> str | None:
    """Without blanks around it."""
    found = fields.get("Decision")
    return found.strip() or None if isinstance(found, str) else None


def text(value: Any) -> str | None:
    """An id, also one that came as a number; None for what is neither."""
    if isinstance(value, str):
        return value or None
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**20
    return str(value) if is_number else None


def short(value: str | None) -> str:
    """A part of a name; of a value that is long or holds what names are put together with, the digest."""
    said = value or ""
    is_plain = said.isascii() and said.isprintable() and not any(mark in said for mark in "#~ ")
    return said if is_plain and len(said) <= MAX_PART else f"~{_digest(said)}"


def _which(part: Part) -> str:
    if part.kind == STREAM:
        return ""
    who = short(text(part.fields.get("UserId")))
    name = text(part.fields.get("SliceId"))
    if name is not None:
        return f"{who}#{short(name)}"
    times = [part.fields.get(field) for field in ("StartTimeStamp", "StartTime", "EndTime", "Offset")]
    return f"{who}#-{_digest([repr(time)[:MAX_PART] for time in times])}"


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]


def _objects(value: Any) -> list[Data]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
