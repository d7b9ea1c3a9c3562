"""A vendor and a platform that keep books of their own, and that need not be kind."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from earshot.domain.verdict import Finding, RiskLevel, TaskEnd, Verdict
from earshot.errors import EarshotError, Exhausted, GiveUp, OutcomeUnknown, RetryLater
from earshot.platforms.port import Minted, MintRequest
from earshot.vendors.port import Accepted, Ending, Submission

from tests.unit.support.fakes import Clock

SEGMENT_MS = 10_000
HOUR_MS = 3_600_000
REFUSALS: Mapping[str, EarshotError] = {
    "refused": RetryLater("refused"),
    "refused_for_good": GiveUp("refused_for_good"),
    "full": Exhausted("full"),
    "unreachable": OutcomeUnknown("timed_out"),
}
"""Answers to a submission of which nothing comes; ``unreachable``: the vendor never got it."""


@dataclass
class Recording:
    """One running task in the vendor's own books; ``is_mute``: it tells nothing; ``died``: it has
    ended by itself; ``late_ms``: so long after that it was last heard of; ``lies``: so many finishes more are
    acknowledged and not obeyed."""

    task_id: str
    ref: str
    room: str
    ear: str
    watch_id: str
    began: int
    stopped: int | None = None
    is_mute: bool = False
    died: bool = False
    late_ms: int = 0
    lies: int = 0

    @property
    def runs(self) -> bool:
        return self.stopped is None


@dataclass
class Recorders:
    """A vendor. ``knows``: duplicates by ``stream``, by ``key``, or by ``nothing``; ``talks``: it pushes something
    whether anybody speaks or not; ``forgets``: of a task that has ended it knows nothing; ``most`` tasks at a time.

    ``moods`` are what becomes of the next submissions, ``stops`` of the next finishes; ``meanwhile`` is called before
    a call is carried out, and before it is answered."""

    name: str
    clock: Clock
    knows: str = "nothing"
    talks: bool = True
    forgets: bool = False
    most: int | None = None
    lasts_s: int | None = None
    is_down: bool = False
    moods: list[str] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)
    books: dict[str, Recording] = field(default_factory=dict)
    tokens: Counter[str] = field(default_factory=Counter)
    asked: set[str] = field(default_factory=set)
    refused_for_good: int = 0
    meanwhile: Callable[[], None] = lambda: None
    on_stop: Callable[[Recording], None] = lambda _: None
    finish_batch: int = 1
    finish_every_ms: int = 0

    def running(self) -> list[Recording]:
        return [one for one in self.books.values() if one.runs]

    def submit(self, submission: Submission) -> Accepted:
        self.meanwhile()
        self.asked.add(submission.task_ref)
        if token := submission.secrets.get("identify_token"):
            self.tokens[token] += 1
        mood = "unreachable" if self.is_down else self.moods.pop(0) if self.moods else "accepted"
        self.refused_for_good += mood == "refused_for_good"
        if mood in REFUSALS:
            raise REFUSALS[mood]
        accepted = self._accepted(submission)
        self.meanwhile()
        if mood == "lost":
            raise OutcomeUnknown("timed_out")
        return accepted

    def _accepted(self, submission: Submission) -> Accepted:
        room = submission.watch.room.key
        known = next((one for one in self.running() if self._is_same(one, room, submission.ear)), None)
        if known is None and self.most is not None and len(self.running()) >= self.most:
            raise Exhausted("full")
        task_id = known.task_id if known else f"{self.name}-{len(self.books) + 1}"
        if known is None:
            self.books[task_id] = Recording(
                *(task_id, submission.task_ref, room, submission.ear, submission.watch.watch_id),
                began=self.clock(),
            )
        return Accepted(task_id, "sh", known is not None, self.lasts_s, 10 if self.talks else None)

    def _is_same(self, one: Recording, room: str, ear: str) -> bool:
        return one.room == room if self.knows == "stream" else one.ear == ear and self.knows == "key"

    def named(self, submission: Submission) -> tuple[str, str] | None:
        """It names its tasks itself."""
        del submission
        return None

    def endpoint(self, options: Mapping[str, Any]) -> str:
        del options
        return "sh"

    def finish(self, endings: Sequence[Ending]) -> list[EarshotError | None]:
        self.meanwhile()
        if self.is_down:
            raise RetryLater("unreachable")
        outcomes = [self._finish(ending) for ending in endings]
        self.meanwhile()
        return outcomes

    def _finish(self, ending: Ending) -> EarshotError | None:
        one, mood = self.books[ending.vendor_task_id], self.stops.pop(0) if self.stops else "obeyed"
        if mood == "refused":
            return RetryLater("not_now")
        if not one.runs and self.forgets and not ending.known_ended:
            return RetryLater("unknown_task")
        if one.runs and mood == "lied":
            self.on_stop(one)
            one.lies += 1
            return None
        if one.runs:
            self.on_stop(one)
            one.stopped = self.clock()
        return OutcomeUnknown("timed_out") if mood == "lost" else None


@dataclass
class Tokens:
    """A platform: every credential is another one; the next mints may fail. ``lasts_ms``: of a credential."""

    errors: list[EarshotError] = field(default_factory=list)
    lasts_ms: int = 24 * HOUR_MS
    minted: int = 0

    def mint(self, request: MintRequest) -> Minted:
        if self.errors:
            raise self.errors.pop(0)
        self.minted += 1
        return Minted({"identify_token": f"token-{self.minted}"}, request.now + self.lasts_ms)


def judged(one: Recording, at: int) -> bytes:
    """What a vendor pushes of a segment that has just ended."""
    return json.dumps({"task": one.task_id, "from": at - SEGMENT_MS, "to": at}).encode()


def ended(one: Recording, code: int = 3003) -> bytes:
    """That it has stopped."""
    seconds = ((one.stopped or one.began) - one.began) / 1000
    return json.dumps({"task": one.task_id, "code": code, "seconds": seconds}).encode()


class PushReader:
    """What the pushes say."""

    def read(self, body: bytes, options: Mapping[str, Any]) -> Sequence[Finding]:
        del options
        push = json.loads(body)
        if "code" in push:
            return (TaskEnd(push["task"], push["code"], push["seconds"]),)
        return (
            Verdict("segment", push["task"], RiskLevel.PASS, started_at=push["from"], ended_at=push["to"]),
        )
