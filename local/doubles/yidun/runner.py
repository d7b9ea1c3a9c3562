"""Tasks from submission to end: entering, losing the room, stopping."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from local.doubles.agenda import Action, Agenda
from local.doubles.model import Now
from local.doubles.rooms.entrance import OK
from local.doubles.rooms.life import Gone
from local.doubles.scenario import Ends, Scenario
from local.doubles.yidun import items
from local.doubles.yidun.codes import BY_CUSTOMER, BY_YIDUN, NO_STREAM
from local.doubles.yidun.door import Clouds
from local.doubles.yidun.fetch import Fetcher, Grant
from local.doubles.yidun.gate import Owner
from local.doubles.yidun.post import Post
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.speech import Speech
from local.doubles.yidun.task import Sentence, Task

# A scripted end with one of these (Shumei's: no such stream, the token has ended) is a failure here [I].
FAILING_ENDS = (3003, 3005)


class Runner:
    """Makes accepted tasks live."""

    def __init__(
        self,
        agenda: Agenda,
        post: Post,
        door: Clouds,
        fetcher: Fetcher,
        settings: YidunSettings,
        played: Scenario,
    ) -> None:
        self._agenda, self._post, self._door = agenda, post, door
        self._fetcher, self._settings = fetcher, settings
        self.speech = Speech(agenda, settings, played, self.say, self._scripted)
        self.tasks: dict[str, Task] = {}
        self.running: dict[str, Task] = {}
        self._by_key: dict[Hashable, Task] = {}

    def start(self, task: Task, now: Now) -> None:
        """Take a task on; one that cannot get in ends shortly after."""
        self.tasks[task.id] = self.running[task.id] = task
        self._by_key[task.key] = task
        if not task.address.long:
            self._enter(task, now)
        elif self._settings.token_url:
            task.pull = "fetching"
            self._fetch(task, now)
        else:
            task.pull = "no_token_url"
            self._fail(task, now.scaled)

    def play(self, scenario: Scenario, now: Now) -> None:
        """Change what is said, also to those who listen already."""
        self.speech.play(scenario, [t for t in self.running.values() if t.entered is not None], now)

    def twin(self, key: Hashable) -> Task | None:
        """The running task with this duplicate key."""
        return self._by_key.get(key)

    def crowd(self, owner: Owner) -> int:
        """Running tasks of a product."""
        return sum(task.owner == owner for task in self.running.values())

    def of(self, owner: Owner, task_id: object) -> Task | None:
        """A task of this owner."""
        task = self.tasks.get(task_id) if isinstance(task_id, str) else None
        return task if task and task.owner == owner else None

    def say(self, task: Task, sentence: Sentence, due: float) -> None:
        """Deliver what a task heard."""
        found = items.of_sentence(task, sentence, self._settings)
        self._post.send(task, "segment", sentence.number, found, due)

    def stop(self, task: Task, now: Now) -> None:
        """The customer stops it."""
        self.end(task, "finished", BY_CUSTOMER, None, now.scaled, now)

    def end(self, task: Task, why: str, kind: int, failure: int | None, at: float, now: Now) -> None:
        """End a task; its end item comes later."""
        if not task.running:
            return
        task.ended, task.reason, task.finish_type, task.failure = at, why, kind, failure
        del self.running[task.id]
        if self._by_key.get(task.key) is task:
            del self._by_key[task.key]
        self._door.leave(task.id, now)
        due = at + self._settings.end_delay
        self._agenda.at(
            due,
            lambda then, _: self._post.send(task, "end", None, [items.of_end(task, self._settings)], then),
        )

    def _enter(self, task: Task, now: Now, grant: Grant | None = None) -> None:
        address = task.address
        if grant:
            address = replace(address, token=grant.token, uid=grant.uid)
        task.entries += 1
        task.pull = self._door.enter(address, task.id, now, self._put_out(task, task.entries))
        if task.pull != OK:
            self._fail(task, now.scaled)
            return
        task.lost = None
        if task.entered is None:
            task.entered = now.scaled
            self.speech.begin(task, now.scaled)
            self._watch(task, now.scaled)
            self._limit(task)

    def _fail(self, task: Task, at: float) -> None:
        """Never in: accepted, then failed [I]; a room that was lost is waited for as long as any."""
        if task.entered is None:
            due = at + self._settings.pull_failure_delay
            self._agenda.at(
                due, lambda then, now: self.end(task, "pull_failed", BY_YIDUN, NO_STREAM, then, now)
            )

    def _fetch(self, task: Task, now: Now) -> None:
        self._fetcher.ask(task, lambda grant, then: self._fetched(task, grant, then), now.scaled)

    def _fetched(self, task: Task, grant: Grant | None, now: Now) -> None:
        if not task.running:
            return
        if grant is not None:
            self._enter(task, now, grant)
        else:
            task.pull = "no_token"
            self._fail(task, now.scaled)

    def _put_out(self, task: Task, entry: int) -> Gone:
        """What a platform calls when it puts the recorder out."""

        def gone(reason: str, at: float) -> None:
            self._agenda.at(at, lambda then, now: self._gone(task, entry, reason, then, now))

        return gone

    def _gone(self, task: Task, entry: int, reason: str, at: float, now: Now) -> None:
        if not task.running or entry != task.entries:
            return
        task.lost = at
        due = at + self._settings.pull_timeout
        self._agenda.at(due, lambda then, later: self._lost(task, then, later))
        if reason == "expired" and task.address.long and self._settings.token_url:
            self._fetch(task, now)

    def _lost(self, task: Task, at: float, now: Now) -> None:
        if task.lost is not None and at >= task.lost + self._settings.pull_timeout:
            self.end(task, "gone", BY_YIDUN, None, at, now)

    def _limit(self, task: Task) -> None:
        """Rooms with a token in their address are short ones (page "接口调用概述")."""
        seconds = self._settings.short_room_limit.get(task.address.platform, 0)
        if seconds and task.address.token:
            due = task.started + seconds
            self._agenda.at(due, lambda at, now: self.end(task, "limit", BY_YIDUN, None, at, now))

    def _watch(self, task: Task, since: float) -> None:
        """Look whether anybody is there, as often as it takes to notice in time."""
        due = since + self._settings.pull_timeout
        self._agenda.at(due, self._look(task))

    def _look(self, task: Task) -> Action:
        def act(at: float, now: Now) -> None:
            if not task.running:
                return
            alone = self._door.alone_since(task.id) if self._settings.empty_room_ends else None
            if alone is None:
                self._watch(task, at)
                return
            spoke = max((task.started + one.ends for one in task.sentences), default=alone)
            quiet_since = max(alone, spoke)
            if at >= quiet_since + self._settings.pull_timeout:
                self.end(task, "empty", BY_YIDUN, None, at, now)
            else:
                self._watch(task, quiet_since)

        return act

    def _scripted(self, task: Task, ends: Ends, at: float, now: Now) -> None:
        failure = NO_STREAM if ends.error_code in FAILING_ENDS else None
        self.end(task, "scripted", BY_YIDUN, failure, at, now)
