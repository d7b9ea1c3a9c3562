"""Fakes of what lies beyond the use cases: they remember what they were asked and answer as told."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from earshot.errors import EarshotError, OutcomeUnknown
from earshot.platforms.port import Minted, MintRequest
from earshot.secrets import Section
from earshot.usecases.bus import Event
from earshot.vendors.port import Accepted, Delivery, Ending, Submission, Unreadable

Outcome = Accepted | BaseException | Callable[[Submission], Accepted]


@dataclass
class Clock:
    """Time is what a test says."""

    now: int

    def __call__(self) -> int:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += round(seconds * 1000)


@dataclass
class Vendor:
    """``outcomes`` of submissions in order, then acceptance; ``finishes`` by vendor task id in order, then 1100."""

    outcomes: list[Outcome] = field(default_factory=list)
    finishes: dict[str, list[BaseException | None]] = field(default_factory=dict)
    submitted: list[Submission] = field(default_factory=list)
    name_of: Callable[[Submission], tuple[str, str] | None] = lambda _: None
    finished: list[tuple[str, str | None, bool]] = field(default_factory=list)
    calls: list[list[str]] = field(default_factory=list)
    finish_batch: int = 1
    finish_every_ms: int = 0
    outage: BaseException | None = None
    """Raised by every finish while it is there."""

    def submit(self, submission: Submission) -> Accepted:
        self.submitted.append(submission)
        outcome = self.outcomes.pop(0) if self.outcomes else Accepted(f"task-{len(self.submitted)}", "sh")
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome if isinstance(outcome, Accepted) else outcome(submission)

    def named(self, submission: Submission) -> tuple[str, str] | None:
        return self.name_of(submission)

    def endpoint(self, options: Mapping[str, Any]) -> str:
        del options
        return "sh"

    def finish(self, endings: Sequence[Ending]) -> list[EarshotError | None]:
        """Each outcome by itself; an exception that is none of ours is raised."""
        self.calls.append([ending.vendor_task_id for ending in endings])
        if self.outage is not None:
            raise self.outage
        return [self._finish(ending) for ending in endings]

    def _finish(self, ending: Ending) -> EarshotError | None:
        self.finished.append((ending.vendor_task_id, ending.endpoint, ending.known_ended))
        answers = self.finishes.get(ending.vendor_task_id)
        error = answers.pop(0) if answers else None
        if error is None or isinstance(error, EarshotError):
            return error
        raise error


@dataclass
class Platform:
    """Mints ``token-1``, ``token-2``, … or raises what it was told to."""

    errors: list[BaseException] = field(default_factory=list)
    minted: list[MintRequest] = field(default_factory=list)

    def mint(self, request: MintRequest) -> Minted:
        self.minted.append(request)
        if self.errors:
            raise self.errors.pop(0)
        return Minted({"identify_token": f"token-{len(self.minted)}"}, request.now + 86_400_000)


@dataclass
class Starter:
    """Starts each name once, like Step Functions; the first ``failures`` calls crash."""

    failures: int = 0
    calls: list[tuple[str, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def __call__(
        self, watch_id: str, *, look_s: int, begin: str = "mint", suffix: str = "", generation: int = 0
    ) -> bool:
        del look_s, generation
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the function died here")
        name = f"{watch_id}{suffix}"
        self.calls.append((name, begin))
        if name in self.names:
            return False
        self.names.append(name)
        return True


@dataclass
class Bus:
    """Publishes; the details in ``refuse`` (by position over all calls) are refused once."""

    refuse: set[int] = field(default_factory=set)
    published: list[Event] = field(default_factory=list)
    seen: int = 0

    def __call__(self, events: Sequence[Event]) -> list[int]:
        refused = []
        for position, event in enumerate(events):
            if self.seen in self.refuse:
                refused.append(position)
            else:
                self.published.append(event)
            self.seen += 1
        return refused


@dataclass
class Shelf:
    """Hands results out like a vendor that is polled: each once, and under an id that was used before the same again.

    ``failures`` are raised in order, None being no failure; an OutcomeUnknown once its batch was handed out.
    """

    clock: Clock
    waiting: dict[str, list[bytes]] = field(default_factory=lambda: {"shelf": []})
    failures: list[BaseException | None] = field(default_factory=list)
    every_ms: int = 500
    max_batch: int = 10
    asked: list[tuple[int, str, str]] = field(default_factory=list)
    """When, from which source, under which id."""
    handed: dict[tuple[str, str], list[bytes]] = field(default_factory=dict)

    def sources(self) -> Sequence[str]:
        return list(self.waiting)

    def fetch(self, source: str, request_id: str) -> Sequence[bytes]:
        self.asked.append((self.clock(), source, request_id))
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None and not isinstance(failure, OutcomeUnknown):
            raise failure
        if (source, request_id) not in self.handed:
            self.handed[source, request_id] = self.waiting[source][: self.max_batch]
            del self.waiting[source][: self.max_batch]
        if failure is not None:
            raise failure
        return self.handed[source, request_id]

    @property
    def ids(self) -> list[str]:
        return [request_id for _, _, request_id in self.asked]


class SlipDoor:
    """A slip is ``{"ref": ..., "key": ..., "hit": ...}``, a batch an array of them."""

    ANSWER: Mapping[str, Any] | str | None = None

    def take(self, body: bytes, headers: Mapping[str, str], secrets: Callable[[], Section]) -> Delivery:
        if not body.startswith(b"["):
            return self.identify(body)
        return Delivery(f"batch#{hashlib.sha256(body).hexdigest()}", is_hit=True, body=body, is_batch=True)

    def identify(self, result: bytes) -> Delivery:
        try:
            slip = json.loads(result)
            return Delivery(slip["key"], slip["hit"], result, task_ref=slip["ref"])
        except (ValueError, KeyError, TypeError):
            raise Unreadable("body: is no slip") from None

    def split(self, batch: bytes) -> Sequence[bytes]:
        return [json.dumps(slip).encode() for slip in json.loads(batch)]


def slip(ref: str | None, key: str, *, hit: bool = True) -> bytes:
    """One result."""
    return json.dumps({"ref": ref, "key": key, "hit": hit}).encode()
