"""Fakes of what lies beyond the use cases: they remember what they were asked and answer as told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from earshot.platforms.port import Minted, MintRequest
from earshot.usecases.bus import Event
from earshot.vendors.port import Accepted, Submission

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
    finished: list[tuple[str, str | None, bool]] = field(default_factory=list)

    def submit(self, submission: Submission) -> Accepted:
        self.submitted.append(submission)
        outcome = self.outcomes.pop(0) if self.outcomes else Accepted(f"task-{len(self.submitted)}", "sh")
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome if isinstance(outcome, Accepted) else outcome(submission)

    def finish(
        self, vendor_task_id: str, endpoint: str | None, options: Mapping[str, Any], *, known_ended: bool
    ) -> None:
        self.finished.append((vendor_task_id, endpoint, known_ended))
        answers = self.finishes.get(vendor_task_id)
        error = answers.pop(0) if answers else None
        if error is not None:
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

    def __call__(self, watch_id: str, *, look_s: int, begin: str = "mint", suffix: str = "") -> bool:
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
