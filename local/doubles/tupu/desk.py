"""Admin routes of this double only."""

from __future__ import annotations

from local.doubles import admin, scenario
from local.doubles.model import Json, Now, Reply, Request
from local.doubles.tupu.runner import Runner
from local.doubles.tupu.task import Task


class Desk:
    """``scenario``, and ``tasks/{id}/end``, ``/lose``, ``/late``."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def answer(self, request: Request, now: Now) -> Reply | None:
        """``None`` for an unknown route."""
        match request.method, *request.path.removeprefix(admin.PREFIX).split("/"):
            case "POST", "scenario":
                self._runner.play(scenario.parse(admin.read_yaml(request)), now)
                return Reply.of({"ok": True, "scenario": self._runner.scenario.name})
            case "POST", "tasks", task_id, ("end" | "lose" | "late") as verb:
                task = self._runner.tasks.get(task_id)
                if task is None:
                    return Reply.of({"error": "no such task", "field": "id"}, 404)
                return Reply.of({"end": self._end, "lose": self._lose, "late": self._late}[verb](task, now))
        return None

    def _end(self, task: Task, now: Now) -> Json:
        """Tupu gives it up."""
        self._runner.end(task, "admin", now.scaled, now)
        return task.view(now.scaled)

    def _lose(self, task: Task, now: Now) -> Json:
        """The stream is no more."""
        self._runner.lose(task, "admin", now.scaled)
        return task.view(now.scaled)

    def _late(self, task: Task, now: Now) -> Json:
        """A slice that comes now, also after the end."""
        return {"ok": True, "number": self._runner.late(task, now).number}
