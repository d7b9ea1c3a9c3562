"""What the doubles' journals and states say, as the books have it; of vendors by their readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from local.chaos.books import Json, Push, Refusal, Room, Submission, VendorTask, union
from local.chaos.reading import limits_of
from local.chaos.reading.parts import Entry, Reading, Result, View, is_whole

ENDS = {"end", "failure"}
ARRIVES_S = 1.5
"""Real seconds: an answer that was held no longer has found its caller waiting."""
Sign = tuple[float, bool]
"""When something of a task was taken, and whether it told of its end."""
Calls = Mapping[str, Sequence[Entry]]


@dataclass
class Double:
    """One double's books; an answer's ``hold`` is in seconds of the run, of which ``scale`` are a real one."""

    name: str
    state: Mapping[str, Json]
    journal: Sequence[Entry] = field(default_factory=list)
    scale: float = 1.0

    def calls(self, operation: str) -> Iterable[Entry]:
        """What it was asked."""
        return (e for e in self.journal if e["kind"] == "call" and e.get("operation") == operation)

    def pushes(self) -> Iterable[Entry]:
        """What was acknowledged."""
        return (e for e in self.journal if e["kind"] == "push" and e.get("status") == 200)


def rooms_of(double: Double) -> list[Room]:
    """A platform's rooms, by when people were in them."""
    spans: dict[str, list[tuple[float, float]]] = {}
    told: dict[str, list[float]] = {}
    for push in double.pushes():
        if push["push"] == "webhook":
            told.setdefault(str(push.get("room")).strip('"'), []).append(push["second"])
    for life in double.state["rooms"]:
        room = str(life["room_id"]).strip('"')
        for person in life["people"]:
            end = person["to"]["at"] if person["to"] else double.state["second"]
            spans.setdefault(room, []).append((person["from"]["at"], end))
    return [
        Room(double.name, room, tuple(union(known)), tuple(told.get(room, ())))
        for room, known in spans.items()
    ]


def tasks_of(double: Double, reading: Reading) -> list[VendorTask]:
    """A vendor's tasks."""
    made, signs = _Made.of(double, reading), _signs(double, reading)
    return [_task(view, reading, made, signs.get(view["id"], [])) for view in double.state["tasks"]]


@dataclass
class _Made:
    """Calls by the tasks that they name, in their order: answers that got through, finishes; and all submissions by
    their second."""

    answered: Calls
    finished: Calls
    opened: Mapping[float, Entry]

    @staticmethod
    def of(double: Double, reading: Reading) -> _Made:
        answered: dict[str, list[Entry]] = {}
        finished: dict[str, list[Entry]] = {}
        submitted = list(double.calls("submit"))
        for call in filter(is_whole, submitted):
            answered.setdefault(reading.answered(call), []).append(call)
        for call in filter(is_whole, double.calls("finish")):
            for key in reading.finished(call):
                finished.setdefault(key, []).append(call)
        return _Made(answered, finished, {call["second"]: call for call in submitted})


def _task(view: View, reading: Reading, made: _Made, signs: list[Sign]) -> VendorTask:
    key, started = reading.key(view), view["started"]
    answers = [call for call in made.answered.get(key, ()) if call["second"] >= started]
    finish = _first(made.finished.get(key, ()), started)
    finished = finish["second"] if finish else None
    until = view["ended"] if finished is None else finished
    before = sorted(at for at, _ in signs if until is not None and at <= until)
    return VendorTask(
        reading.vendor,
        reading.task_id(view),
        str(view["room"]),
        reading.watch_id(view, made.opened.get(started)),
        started,
        view["ended"],
        str(view["end_reason"]),
        view["token"] == "ok",
        view["billed_seconds"],
        answered=_left(answers[0]) if answers else None,
        finished=finished,
        end_told=min((at for at, is_end in signs if is_end), default=None),
        known_at=min((at for at, _ in signs), default=None),
        silent_s=0.0 if until is None else _longest_gap([started, *before, max(started, until)]),
        signs=tuple(sorted(at for at, _ in signs)),
        hears_from=view.get("hears_from", started),
        lost=reading.lost(view),
        tells_end=reading.tells_end,
        deaf_s=reading.deaf_s,
        answered_last=_left(answers[-1]) if answers else None,
    )


def _left(call: Entry) -> float:
    """When its answer did."""
    return float(call["second"] + call["answer"]["hold"])


def _first(calls: Sequence[Entry], since: float) -> Entry | None:
    """Several tasks may have had one name, one after the other."""
    return next((call for call in calls if call["second"] >= since), None)


def _longest_gap(moments: list[float]) -> float:
    return max(later - sooner for sooner, later in pairwise(moments))


def _signs(double: Double, reading: Reading) -> dict[str, list[Sign]]:
    """What was taken of each task."""
    found: dict[str, list[Sign]] = {}
    for push in double.pushes():
        if "task" in push:
            is_end = push.get("push") in ENDS or bool(push.get("kinds", {}).get("end"))
            found.setdefault(push["task"], []).append((push["second"], is_end))
    for second, result in _handed(double, reading):
        found.setdefault(result.task, []).append((second, False))
    return found


def _handed(double: Double, reading: Reading) -> list[tuple[float, Result]]:
    """What was handed out to us who asked, each for the first time that the answer arrived."""
    found: dict[tuple[str, str], tuple[float, Result]] = {}
    for call in filter(is_whole, double.calls("poll")):
        arrived = call["answer"]["hold"] <= ARRIVES_S * double.scale
        for result in reading.handed(call) if arrived else ():
            seen = (call["second"] + call["answer"]["hold"], result)
            found.setdefault((result.task, result.segment_id), seen)
    return list(found.values())


def submissions_of(double: Double, reading: Reading) -> list[Submission]:
    """Everything that came to a vendor's door, refused calls included."""
    calls = (call for call in double.calls("submit") if isinstance(call["body"], dict))
    return [_submission(reading, call) for call in calls]


def _submission(reading: Reading, call: Entry) -> Submission:
    ref, taken = reading.ref(call), call["verdict"].get("ok") is True
    watch_id = ref.rpartition("-")[0]
    return Submission(reading.vendor, call["second"], watch_id, ref, reading.credential(call), taken)


def pushes_of(double: Double, reading: Reading) -> list[Push]:
    """Results that were acknowledged: pushed, or handed out in an answer that arrived."""
    names = {view["id"]: reading.task_id(view) for view in double.state["tasks"]}
    pushed = [(push["second"], result) for push in double.pushes() for result in reading.pushed(push)]
    return [
        Push(reading.vendor, names.get(one.task, one.task), one.segment_id, second, one.is_hit)
        for second, one in [*pushed, *_handed(double, reading)]
    ]


def refusals_of(double: Double) -> list[Refusal]:
    """What was refused for want of patience, unless it was ordered to be."""
    known = limits_of(double.name)
    return [
        Refusal(double.name, str(call.get("operation")), call["verdict"]["code"], call["second"])
        for call in double.journal
        if call["kind"] == "call" and not call["fault"] and call["verdict"].get("code") in known
    ]
