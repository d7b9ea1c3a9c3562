"""A recorder at a room's door: what it brings, and how the cloud answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OK = "ok"


@dataclass(frozen=True)
class Visit:
    """``by`` is whoever sent the recorder: an audit task. ``details``: what a platform wants beyond the rest.

    ``spent_is_fine`` lets a single-use token in again (Shumei's ``initDomain`` below 5).
    """

    app_id: str
    room_id: str
    user: str
    token: str
    by: str
    spent_is_fine: bool = False
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pass:
    """A credential that is right. ``seconds``: until the cloud puts the recorder out; ``None``: it may stay."""

    seconds: float | None = None
    user: str = ""
    app_id: str = ""
    """Whose the credential is, where the caller does not say."""


class NoEntry(Exception):
    """A credential that is wrong: one word for programs, a sentence for the journal."""

    def __init__(self, reason: str, message: str = "") -> None:
        super().__init__(f"{reason}: {message}" if message else reason)
        self.reason, self.message = reason, message


class Refused(Exception):
    """A call that is refused, with the code that the platform documents for it."""

    def __init__(self, code: int, message: str, field: str | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.field, self.status = code, message, field, status
