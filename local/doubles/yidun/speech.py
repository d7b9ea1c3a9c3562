"""From scripts to the sentences that tasks hear: one per line that is said (断句)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import takewhile

from local.doubles.agenda import Action, Agenda
from local.doubles.model import Now
from local.doubles.scenario import Ends, Line, Scenario, Script
from local.doubles.yidun.evidence import makes_sentence
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.task import Sentence, Task

FRONT_SECONDS = 20.0
Say = Callable[[Task, Sentence, float], None]
End = Callable[[Task, Ends, float, Now], None]


class Speech:
    """Plays a scenario to running tasks."""

    def __init__(
        self, agenda: Agenda, settings: YidunSettings, scenario: Scenario, say: Say, end: End
    ) -> None:
        self._agenda, self._settings, self._say, self._end = agenda, settings, say, end
        self.scenario = scenario
        self._first: dict[str, Task] = {}
        self._edition = 0

    def play(self, scenario: Scenario, tasks: Iterable[Task], now: Now) -> None:
        """Change what is said, at once, also to running tasks; a room's "first task" is counted afresh."""
        self.scenario = scenario
        self._edition += 1
        self._first = {}
        for task in tasks:
            self.begin(task, now.scaled)

    def begin(self, task: Task, since: float) -> None:
        """Plan all that a task hears from a scaled second on."""
        script = self.script(task)
        first = self._opener(task) is task
        # What is said in this very second is heard.
        self._next(task, math.nextafter(since - self._origin(task, script), -math.inf))
        for ends in script.ends:
            due = task.started + ends.at
            if due >= since and (first or not ends.once):
                self._agenda.at(due, self._scripted(task, ends))

    def script(self, task: Task) -> Script:
        """What goes on in a task's room."""
        return self.scenario.find((task.room, task.address.room))

    def _opener(self, task: Task) -> Task:
        """The first task that got into this one's room (itself, if nobody else was)."""
        return self._first.setdefault(f"{task.address.platform}/{task.address.room}", task)

    def _origin(self, task: Task, script: Script) -> float:
        return self._opener(task).started if script.clock == "room" else task.started

    def _scripted(self, task: Task, ends: Ends) -> Action:
        edition = self._edition

        def act(at: float, now: Now) -> None:
            if edition == self._edition:  # else another scenario has been posted since
                self._end(task, ends, at, now)

        return act

    def _next(self, task: Task, after: float) -> None:
        script, edition = self.script(task), self._edition
        starts = _next_start(script, after)
        if starts is None:
            return
        following = _next_start(script, starts)
        ends = min(starts + self._settings.sentence_seconds, math.inf if following is None else following)
        origin = self._origin(task, script)
        said = [line for line in script.lines if _after(line, math.nextafter(starts, -math.inf)) == starts]

        def act(_: float, __: Now) -> None:
            if edition == self._edition and self._heard(task, said, origin + starts, origin + ends):
                self._next(task, starts)

        self._agenda.at(origin + ends, act)

    def _heard(self, task: Task, said: list[Line], starts: float, ends: float) -> bool:
        """Make sentences of what was said; whether the task goes on."""
        due = ends + self._settings.sentence_latency
        whole = task.ended is None or ends <= task.ended
        if task.ended is not None and not whole:
            if not self._settings.late_after or starts >= task.ended:
                return False
            ends, due = task.ended, max(due, task.ended + self._settings.late_after)
        if _present(task, starts):
            for line in said:
                if makes_sentence(task, line):
                    self._say(task, sentence_of(task, line, starts, ends), due)
        return whole


def sentence_of(task: Task, line: Line, starts: float, ends: float) -> Sentence:
    """The next sentence of a task; ``starts`` and ``ends`` are scaled seconds."""
    begun = starts - task.started
    recent = takewhile(lambda one: one.ends > begun - FRONT_SECONDS, reversed(task.sentences))
    before = [one.line.text for one in recent if one.line.text][::-1]
    number = task.counts["made"]
    task.counts["made"] += 1
    sentence = Sentence(number, line, begun, ends - task.started, "，".join(before))
    task.sentences.append(sentence)
    return sentence


def _present(task: Task, at: float) -> bool:
    """Whether the recorder was in when something was said."""
    return task.entered is not None and at >= task.entered and (task.lost is None or at < task.lost)


def _after(line: Line, after: float) -> float | None:
    """When a line is said next, after a second of the script."""
    if line.at > after:
        return line.at
    if line.every is None:
        return None
    rounds = max(1, math.floor((after - line.at) / line.every))
    while line.at + rounds * line.every <= after:
        rounds += 1
    return line.at + rounds * line.every


def _next_start(script: Script, after: float) -> float | None:
    found = [second for line in script.lines if (second := _after(line, after)) is not None]
    return min(found, default=None)
