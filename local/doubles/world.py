"""What the server and the admin API expect of a vendor."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from local.doubles.faults import FaultBook
from local.doubles.journal import Journal
from local.doubles.model import Json, Now, Push, Reply, Request
from local.doubles.settings import Settings


class World(Protocol):
    """A vendor without network and without a clock of its own."""

    name: str
    journal: Journal
    faults: FaultBook

    @property
    def settings(self) -> Settings:
        """What can be changed while it runs."""

    def handle(self, request: Request, now: Now) -> Reply:
        """Answer one call."""

    def advance(self, now: Now) -> list[Push]:
        """Let time pass; the pushes that are due."""

    def push_result(self, push: Push, status: int | None, now: Now, note: str = "") -> None:
        """Report what the receiver answered; ``None`` for a time-out or a refused connection."""

    def next_due(self) -> float | None:
        """Scaled second of the next thing that will happen by itself."""

    def state(self, now: Now) -> Json:
        """Everything that exists, for ``GET /_double/state``."""

    def admin(self, request: Request, now: Now) -> Reply | None:
        """Admin routes of this vendor only; ``None`` for an unknown one."""


@runtime_checkable
class ReadsAnswers(Protocol):
    """A world whose pushes may want the body of the answer; they come back here instead of ``push_result``."""

    def push_answer(self, push: Push, status: int | None, body: str, now: Now, note: str = "") -> None:
        """Report what the receiver answered, with its body."""
