"""What every vendor's folder offers. Three modules, so that a function imports only the one it works with:

``client`` (submit and finish), ``door`` (what the webhook must know of a body, standard library only) and
``reader`` (what a stored body comes to), plus ``options`` (the plan's settings for this vendor).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # annotations only: the webhook imports this module and neither of these
    from earshot.domain.verdict import Finding
    from earshot.domain.watch import Watch


@dataclass(frozen=True)
class Submission:
    """All that a vendor needs to open a task. ``secrets`` is the platform's credential."""

    task_ref: str
    watch: Watch
    callback_url: str = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Accepted:
    """The vendor runs the task. ``endpoint`` names where it must be finished (a cluster); ``adopted`` says
    that it had been running already, opened by a try whose answer was lost."""

    vendor_task_id: str
    endpoint: str
    adopted: bool = False


@dataclass(frozen=True)
class Delivery:
    """A callback as the door sees it: its name within the task, and whether a hits-only plan keeps it."""

    key: str
    is_hit: bool


class Unreadable(ValueError):
    """A genuine callback that is not what the vendor documents: kept whole, counted, never published."""


class Client(Protocol):
    """Calls to the vendor."""

    def submit(self, submission: Submission) -> Accepted:
        """Open a task. Raises RetryLater, OutcomeUnknown, GiveUp, Misconfigured or BadInput."""

    def finish(
        self, vendor_task_id: str, endpoint: str | None, options: Mapping[str, Any], *, known_ended: bool
    ) -> None:
        """Close a task; returns when the vendor acknowledges.

        ``endpoint`` is where it was accepted (None: its acceptance was never seen, ``options`` must tell);
        ``known_ended``: the vendor told us of its end itself. Raises RetryLater.
        """


class Door(Protocol):
    """The webhook's view of a body."""

    def identify(self, body: bytes) -> Delivery:
        """Raises :class:`Unreadable`."""


class Reader(Protocol):
    """The meaning of a stored body."""

    def read(self, body: bytes, options: Mapping[str, Any]) -> Sequence[Finding]:
        """Raises :class:`Unreadable`."""
