"""From a script to the slices that one task hears."""

from __future__ import annotations

from dataclasses import dataclass

from local.doubles.scenario import LEVELS, Line, Script
from local.doubles.slices.task import Task

MINUTE = 60.0


@dataclass(frozen=True)
class Slice:
    """What was heard between two seconds of a task, of one speaker (``user``) or of everybody (empty).

    ``before``: what was said in the minute before it, by whomever.
    """

    number: int
    starts: float
    ends: float
    lines: tuple[Line, ...] = ()
    user: str = ""
    before: str = ""

    @property
    def text(self) -> str:
        """What was said."""
        return "，".join(line.text for line in self.lines if line.text)

    @property
    def level(self) -> str:
        """The worst of its lines; silence is PASS."""
        return max((line.risk_level for line in self.lines), key=LEVELS.index, default="PASS")

    @property
    def hits(self) -> list[Line]:
        """The lines that are not PASS."""
        return [line for line in self.lines if line.risk_level != "PASS"]


def slices_of(task: Task, script: Script, number: int, origin: float, length: float) -> list[Slice]:
    """``origin``: the scaled second at which the script began. One slice at least: silence is one, too."""
    starts, ends = number * length, (number + 1) * length
    offset = task.started - origin
    said = [line for line in script.lines if line.heard_in(starts + offset, ends + offset)]
    users = list(dict.fromkeys(line.speaker for line in said)) if task.by_speaker else []
    task.words = [(at, text) for at, text in task.words if at >= starts - MINUTE]
    before = "，".join(text for _, text in task.words)
    task.words += [(starts, line.text) for line in said if line.text]
    if not users:
        return [Slice(number, starts, ends, tuple(said), "", before)]
    return [
        Slice(number, starts, ends, tuple(x for x in said if x.speaker == user), user, before)
        for user in users
    ]
