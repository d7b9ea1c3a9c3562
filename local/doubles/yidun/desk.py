"""Admin routes of this double only."""

from __future__ import annotations

from local.doubles import admin, scenario
from local.doubles.model import Json, Now, Reply, Request
from local.doubles.scenario import Line
from local.doubles.settings import BadField
from local.doubles.yidun import items
from local.doubles.yidun.backlog import Backlog
from local.doubles.yidun.codes import BY_YIDUN, FAILURES
from local.doubles.yidun.post import Post
from local.doubles.yidun.review import review
from local.doubles.yidun.runner import Runner
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.speech import sentence_of
from local.doubles.yidun.task import Task

FILLER = Line(at=0, text="填充")


class Desk:
    """``scenario``, ``tasks/{id}/end``, ``/review``, ``/late`` and ``backlog``."""

    def __init__(self, runner: Runner, post: Post, backlog: Backlog, settings: YidunSettings) -> None:
        self._runner, self._post, self._backlog, self._settings = runner, post, backlog, settings

    def answer(self, request: Request, now: Now) -> Reply | None:
        """``None`` for an unknown route."""
        match request.method, *request.path.removeprefix(admin.PREFIX).split("/"):
            case "POST", "scenario":
                self._runner.play(scenario.parse(admin.read_yaml(request)), now)
                return Reply.of({"ok": True, "scenario": self._runner.speech.scenario.name})
            case "POST", "backlog":
                return self._fill(admin.read_object(request), now)
            case "POST", "tasks", task_id, ("end" | "review" | "late") as verb:
                task = self._runner.tasks.get(task_id)
                if task is None:
                    return Reply.of({"error": "no such task", "field": "id"}, 404)
                body = admin.read_object(request) if request.body else {}
                act = {"end": self._end, "review": self._review, "late": self._late}[verb]
                return Reply.of(act(task, body, now))
        return None

    def _end(self, task: Task, body: Json, now: Now) -> Json:
        """Without a reason: the stream could not be pulled any more."""
        failure = body.get("failureReason")
        if failure is not None and failure not in FAILURES:
            raise BadField("failureReason", f"must be null or one of {list(FAILURES)}")
        self._runner.end(task, "admin", BY_YIDUN, failure, now.scaled, now)
        return task.view(now.scaled)

    def _review(self, task: Task, body: Json, now: Now) -> Json:
        segment_id, found = review(task, body, now, self._settings)
        task.reviews.append((segment_id, found))
        item = items.of_review(task, found, self._settings)
        self._post.send(task, "review", None, [item], now.scaled)
        return {"ok": True, "reviewEvidences": found}

    def _late(self, task: Task, body: Json, now: Now) -> Json:
        """A line as in scenarios; it was said at ``at``, or just before the end, and its result comes now."""
        at = now.scaled if task.ended is None else task.ended
        starts = max(0.0, at - task.started - self._settings.sentence_seconds)
        script = {"rooms": {"*": {"lines": [{"at": starts, "text": "迟到"} | body]}}}
        line = scenario.parse(script).rooms["*"].lines[0]
        begun = task.started + line.at
        sentence = sentence_of(task, line, begun, begun + self._settings.sentence_seconds)
        self._runner.say(task, sentence, now.scaled)
        return {"ok": True, "segmentId": sentence.segment_id}

    def _fill(self, body: Json, now: Now) -> Reply:
        """Results to poll, quickly; they are in no query."""
        task, count = self._runner.tasks.get(str(body.get("task"))), body.get("count")
        if task is None or task.callback_url:
            raise BadField("task", "must be a task whose results are polled")
        if type(count) is not int or count < 0:
            raise BadField("count", "must be a number, not negative")
        kept = len(task.sentences)
        for _ in range(count):
            del task.sentences[kept:]
            sentence = sentence_of(task, FILLER, now.scaled, now.scaled)
            self._backlog.add(task, items.of_sentence(task, sentence, self._settings)[:1], now.scaled)
        del task.sentences[kept:]
        return Reply.of({"ok": True, "backlog": task.backlog})
