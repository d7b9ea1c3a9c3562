"""Submit: several streams in one call, and a task for each."""

from __future__ import annotations

from collections.abc import Callable

from local.doubles.model import Json, Now
from local.doubles.rooms.entrance import OK as ENTERED
from local.doubles.tupu.codes import BAD, FULL, MESSAGES, NO_SUCH_TASK, NO_TASK, Refusal, Route
from local.doubles.tupu.door import Clouds
from local.doubles.tupu.runner import Runner
from local.doubles.tupu.settings import TupuSettings
from local.doubles.tupu.stream import Stream, read
from local.doubles.tupu.task import Task

KNOWN = ("speechStream", "tasks", "timestamp", "nonce", "signature", "uid")
ID_BYTES = 12


class Submissions:
    """Judges and starts tasks."""

    def __init__(
        self, runner: Runner, door: Clouds, settings: TupuSettings, entropy: Callable[[int], str]
    ) -> None:
        self._runner, self._door = runner, door
        self._settings, self._entropy = settings, entropy

    def submit(
        self, route: Route, body: Json, elements: list[object], now: Now, forget: bool, warnings: list[str]
    ) -> Json:
        """``result``: one element per stream, in their order; raises Refusal with nothing started."""
        warnings += [f"{name} is not a documented field" for name in body if name not in KNOWN]
        if not isinstance(body.get("uid", ""), str):
            raise Refusal(BAD, "uid", "must be a string")
        tasks = self._tasks(body)
        judged: list[Stream | Refusal] = []
        for element in elements:
            judged.append(self._judged(route, element, judged, warnings))
        bad = [one for one in judged if isinstance(one, Refusal)]
        if bad and (self._settings.batch_errors == "whole" or len(judged) == 1):
            raise bad[0]
        made = [self._made(route, one, tasks, now, forget) for one in judged]
        if len(made) == 1 and isinstance(made[0], Refusal):
            raise made[0]
        return {"result": [_told(one) for one in made]}

    def _tasks(self, body: Json) -> tuple[str, ...]:
        tasks = body.get("tasks", self._settings.configured_tasks)
        if not isinstance(tasks, list) or not all(isinstance(one, str) for one in tasks):
            raise Refusal(BAD, "tasks", "must be an array of strings")
        if not tasks:
            raise Refusal(NO_TASK, "tasks")
        for one in tasks:
            if one not in self._settings.allowed_tasks:
                raise Refusal(NO_SUCH_TASK, "tasks", one)
        return tuple(dict.fromkeys(tasks))

    def _judged(
        self, route: Route, element: object, before: list[Stream | Refusal], warnings: list[str]
    ) -> Stream | Refusal:
        """A stream that may be started, or why not."""
        try:
            stream = read(element, self._settings, route.zego, warnings)
            ahead = self._new(route, before)
            if self._twin(route, stream) or any(stream.source == source for source in ahead if source):
                if self._settings.duplicates == "refused":
                    raise Refusal(BAD, "url", "is listened to already")
            elif self._runner.crowd(route.secret_id) + len(ahead) >= self._settings.max_streams:
                raise Refusal(FULL, None, f"more than {self._settings.max_streams} streams")
        except Refusal as no:
            return no
        return stream

    def _twin(self, route: Route, stream: Stream) -> Task | None:
        if self._settings.duplicates == "accepted":
            return None
        return self._runner.twin(route.secret_id, stream.source)

    def _new(self, route: Route, before: list[Stream | Refusal]) -> list[str]:
        """Sources of the tasks that those before it will make; empty ones where duplicates do not matter."""
        streams = [one for one in before if isinstance(one, Stream) and not self._twin(route, one)]
        if self._settings.duplicates == "accepted":
            return [""] * len(streams)
        return list({one.source for one in streams})

    def _made(
        self, route: Route, stream: Stream | Refusal, tasks: tuple[str, ...], now: Now, forget: bool
    ) -> Task | Refusal:
        if isinstance(stream, Refusal):
            return stream
        task = Task(self._entropy(ID_BYTES), route.secret_id, stream, tasks, now.scaled, now.wall)
        twin = self._twin(route, stream)
        if twin or forget:
            self._door.spend(stream, task.id, now)
            return twin or task
        task.pull = self._door.enter(stream, task.id, now, self._runner.put_out(task))
        if task.pull != ENTERED and self._settings.bad_token_code:
            name = self._settings.zego_fields["token"]
            return Refusal(self._settings.bad_token_code, name, task.pull)
        self._runner.start(task)
        return task


def _told(one: Task | Refusal) -> Json:
    """What the answer says of one stream; that it may have a code of its own is a guess."""
    if isinstance(one, Refusal):
        return {"code": one.code, "message": MESSAGES.get(one.code, "refused")}
    return {"requestId": one.id}
