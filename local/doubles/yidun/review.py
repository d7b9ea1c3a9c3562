"""Human actions (``reviewEvidences``) to order."""

from __future__ import annotations

from local.doubles.model import Json, Now
from local.doubles.settings import BadField
from local.doubles.yidun.evidence import clip, speech_times
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.task import Sentence, Task

IGNORE, WARN, CUT, HINT, MACHINE_OVER = 1, 2, 3, 4, 10
ACTIONS = (IGNORE, WARN, CUT, HINT, MACHINE_OVER)
SHARED = {"actionTime": int, "warnCount": int, "speakerId": str, "censorAccount": str, "censorLabels": list}
AUDIO_ONLY = {"spamType": int, "spamDetail": str, "promptCount": int}
WALL_ONLY = {"label": int, "detail": str, "evidence": list, "pictures": list}
SEGMENT = "segmentId"


def review(task: Task, body: Json, now: Now, settings: YidunSettings) -> tuple[str, Json]:
    """The named sentence and the action, as ordered; what is not said has a likely value."""
    kinds = SHARED | (WALL_ONLY if task.wall_product else AUDIO_ONLY)
    _check(body, kinds)
    action = body["action"]
    counts = {"warnCount": _count(task, WARN, action)}
    if not task.wall_product:
        counts["promptCount"] = _count(task, HINT, action)
    found: Json = {"action": action, "actionTime": round(now.wall * 1000), "speakerId": "", **counts}
    found |= {"censorAccount": "rv-9"} | {name: body[name] for name in kinds if name in body}
    segment_id = body.get(SEGMENT, "")
    if segment_id:
        found["segments"] = [_segment(task, _named(task, segment_id), settings)]
    return segment_id, found


def _check(body: Json, kinds: dict[str, type]) -> None:
    if body.get("action") not in ACTIONS:
        raise BadField("action", f"must be one of {list(ACTIONS)}")
    for name, value in body.items():
        if name != "action" and type(value) is not kinds.get(name, str if name == SEGMENT else None):
            raise BadField(name, f"unknown or of the wrong type; known are {sorted([*kinds, SEGMENT])}")


def _count(task: Task, action: int, this: int) -> int:
    """How often there was such an action in the room, this one included."""
    return [one["action"] for _, one in task.reviews].count(action) + (this == action)


def _named(task: Task, segment_id: str) -> Sentence:
    for sentence in task.sentences:
        if sentence.segment_id == segment_id:
            return sentence
    raise BadField(SEGMENT, "the task has no such sentence")


def _segment(task: Task, sentence: Sentence, settings: YidunSettings) -> Json:
    """Only bounds for live audio; the solution says more."""
    times = speech_times(task, sentence, settings)
    if not task.wall_product:
        return times
    more = {"content": sentence.line.text, SEGMENT: sentence.segment_id}
    return times | more | clip(task, sentence.segment_id, settings)
