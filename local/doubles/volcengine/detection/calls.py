"""``StartDetection``, ``StopDetection``, ``ListDetectionTask``: judged and done."""

from __future__ import annotations

from local.doubles.model import Json, Now, Request
from local.doubles.volcengine.detection.request import Target, Wish, Wrong, body_of, target_of, wish_of
from local.doubles.volcengine.detection.runner import Runner
from local.doubles.volcengine.detection.settings import DetectionSettings
from local.doubles.volcengine.detection.task import Task, media_of

OPERATIONS = {"StartDetection": "submit", "StopDetection": "finish", "ListDetectionTask": "query"}
VERSIONS = ("2023-11-01", "2020-12-01")
SUCCESS = "success"


class Calls:
    """``Result`` of the three actions; all raise Wrong."""

    def __init__(self, runner: Runner, settings: DetectionSettings) -> None:
        self._runner, self._settings = runner, settings

    def run(self, operation: str, request: Request, now: Now, forget: bool, warnings: list[str]) -> Json:
        """Do a call; ``forget`` answers as if it had been done."""
        match operation:
            case "submit":
                wish = wish_of(body_of(request), self._settings, warnings)
                return {"Message": self._start(wish, now, forget)}
            case "finish":
                return {"Message": self._stop(target_of(body_of(request)), now, forget)}
        known = self._known(target_of(dict(request.params())))
        return {"Message": SUCCESS, "EventData": [task.event() for task in known]}

    def app_of(self, request: Request) -> str:
        """The app that a call is about, before anything else is looked at."""
        return target_of(body_of(request) if request.body else dict(request.params())).app_id

    def _start(self, wish: Wish, now: Now, forget: bool) -> str:
        target, wanted = wish.target, media_of(wish.media)
        if target.user and any(task.media & wanted for task in self._of_room(target)):
            raise self._in_progress()
        fresh = wanted - {one for task in self._runner.running(target) for one in task.media}
        if not fresh:
            return self._settings.already_started_message
        if not forget:
            if not target.user:
                self._runner.take_over(target, fresh, now)
            self._runner.start(wish, fresh, now)
        return SUCCESS

    def _stop(self, target: Target, now: Now, forget: bool) -> str:
        """Without a user: everything in the room [I]."""
        known = self._known(target)
        found = [task for task in known if task.running]
        for task in found or known[-1:]:
            task.counts["finish_calls"] += 1
        if not found:
            self._nothing_to_stop(target)
        for task in found if not forget else ():
            self._runner.end(task, "finished", now.scaled)
        return SUCCESS

    def _nothing_to_stop(self, target: Target) -> None:
        if target.user and self._of_room(target):
            raise self._in_progress()
        if self._settings.stop_unknown == "refuse":
            raise Wrong("RoomId", "no audit runs there")

    def _known(self, target: Target) -> list[Task]:
        """Of the room, or of one user's own."""
        found = self._runner.of(target.app_id, target.room_id)
        return [task for task in found if target.user in ("", task.wish.target.user)]

    def _of_room(self, target: Target) -> list[Task]:
        return self._runner.running(Target(target.app_id, target.room_id, ""))

    def _in_progress(self) -> Wrong:
        return Wrong("UserId", "an audit of the room is in progress", self._settings.in_progress_code)
