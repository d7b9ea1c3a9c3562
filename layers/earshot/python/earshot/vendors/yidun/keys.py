"""The name of a result within its task: the same whenever it comes, another when the vendor thinks better of it.

Links and texts are no part of a name: a link may be signed afresh each time. Standard library only.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from earshot.vendors.port import Unreadable
from earshot.vendors.yidun.apart import apart
from earshot.vendors.yidun.naming import Block, digest, loose, number, short, word

DESCRIPTIONS = ("asr", "language", "voice", "quality", "llmCheckInfo", "ocr", "discern", "logo", "face")
"""Blocks beside the verdict; the last four are the live audio-video solution's."""
FAILED = "3"
PASSED = "0"
MAX_NAME = 200
Part = tuple[str, bool]
"""The name of one block, and whether it is a hit."""


def named(item: Block) -> Part:
    """The name of a result, every block of it named. Raises :class:`Unreadable` if it holds nothing that we know."""
    antispam = block(item, "antispam")
    parts = _judged(antispam) if antispam else []
    described = [partial(_description, name, item[name]) for name in DESCRIPTIONS if item.get(name)]
    try:
        parts += apart(described)
    except Unreadable:
        if not parts:
            raise
    if not parts:
        raise Unreadable(f"antispam, {', '.join(DESCRIPTIONS)}: every one of them is missing")
    names = [name for name, _ in parts]
    whole = "&".join(names)
    name = whole if len(whole) <= MAX_NAME else f"{names[0]}&{digest(names[1:])}"
    return name, any(is_hit for _, is_hit in parts)


def family(key: str) -> str:
    """What the names of all results about the same thing begin with: a sentence, a picture, a person's action."""
    first, *rest = key.split("#")
    if first == "end":
        return "end#"
    if "-" in {first, *rest[:1]}:
        return key  # without a time, everything would be the same thing
    parts = 2 if first == "review" else 1 if first == "image" or first in DESCRIPTIONS else 0
    return "#".join([first, *rest[:parts]]) + "#"


def block(item: Block, name: str) -> Block | None:
    """A block that says something. Raises :class:`Unreadable` for one of another shape: a verdict may be in it."""
    found = item.get(name)
    if found is not None and not isinstance(found, Mapping):
        raise Unreadable(f"{name}: is not an object")
    return found or None


def span(start: int | float | None, end: int | float | None) -> str:
    """What the name of a machine's verdict on a stretch of audio begins with."""
    return f"{short(start)}-{short(end)}#"


def picture(begin: int | float | None) -> str:
    """What the name of a machine's verdict on a picture begins with."""
    return f"image#{short(begin)}-"


def _judged(antispam: Block) -> list[Part]:
    """The verdicts, the human review and the end in a block. Raises :class:`Unreadable` if there is none of them."""
    parts = apart([partial(make, antispam) for make in (_machine, _review, _end)])
    if not parts:
        raise Unreadable("antispam: holds none of evidences, reviewEvidences, finishType, failureReason")
    return parts


def _machine(antispam: Block) -> list[Part]:
    evidences = block(antispam, "evidences") or {}
    source = antispam.get("censorSource")
    video = block(evidences, "video")
    audio = block(evidences, "audio") or (evidences if video is None else None)
    makers = [partial(_sentence, audio, source)] if audio else []
    return apart([*makers, partial(_picture, video, source)] if video else makers)


def _sentence(evidence: Block, source: Any) -> list[Part]:
    stretch = span(number(evidence, "startTime"), number(evidence, "endTime"))
    who = f"{short(word(evidence, 'speakerId'))}#{short(word(evidence, 'segmentId'))}"
    said = _said(evidence, evidence.get("labels"), source)
    return [(f"{stretch}{who}#{said}", loose(evidence.get("suggestion")) != PASSED)]


def _picture(video: Block, source: Any) -> list[Part]:
    seen = block(video, "evidence") or {}
    stretch = f"{picture(number(seen, 'beginTime'))}{short(number(seen, 'endTime'))}"
    which = f"{short(number(seen, 'type'))}#{short(word(seen, 'pictureId'))}#{short(word(seen, 'speakerId'))}"
    said = _said(seen, video.get("labels"), source)
    return [(f"{stretch}#{which}#{said}", loose(seen.get("suggestion")) != PASSED)]


def _said(evidence: Block, labels: Any, source: Any) -> str:
    """A segment may be judged anew (off-line analysis): another judgement is another result."""
    hits = [
        (
            loose(label.get("label")),
            loose(label.get("level")),
            sorted(loose(sub.get("subLabel")) for sub in _objects(label.get("subLabels"))),
        )
        for label in _objects(labels)
    ]
    return digest(
        loose(evidence.get("suggestion")), loose(evidence.get("label")), sorted(hits), loose(source)
    )


def _review(antispam: Block) -> list[Part]:
    review = block(antispam, "reviewEvidences")
    if review is None:
        return []
    about = [
        (loose(one.get("startTime")), loose(one.get("endTime"))) for one in _objects(review.get("segments"))
    ]
    seen = [
        (loose(one.get("beginTime")), loose(one.get("pictureId"))) for one in _objects(review.get("pictures"))
    ]
    what = digest(about, seen, loose(review.get("spamType")), loose(review.get("label")))
    done = f"{short(number(review, 'actionTime'))}#{short(number(review, 'action'))}"
    return [(f"review#{done}#{short(word(review, 'speakerId'))}#{what}", True)]


def _end(antispam: Block) -> list[Part]:
    finish = number(antispam, "finishType")
    if finish is None and not _is_failure(antispam):
        return []
    return [(f"end#{short(finish)}#{short(number(antispam, 'failureReason'))}", True)]


def _is_failure(antispam: Block) -> bool:
    """``status`` 3, or a reason without any status: how the two come together is not documented (inferred)."""
    status = loose(antispam.get("status"))
    return status == FAILED or (not status and loose(antispam.get("failureReason")) not in {"", "0"})


def _description(name: str, said: Any) -> list[Part]:
    if not isinstance(said, Mapping):
        raise Unreadable(f"{name}: is not an object")
    start, end = number(said, "startTime"), number(said, "endTime")
    segment = short(word(said, "segmentId"))
    key = f"{name}#{span(start, end)}{short(word(said, 'speakerId'))}#{segment}"
    is_told_apart = segment or start is not None or end is not None
    return [(key if is_told_apart else f"{key}#{digest(said)}", False)]


def _objects(value: Any) -> list[Block]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
