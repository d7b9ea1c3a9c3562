"""What every vendor's folder offers, in modules of their own, so that a function imports only the one it works with:

``client``: submit and finish. ``door``: what the webhook must know of a body (standard library only). ``reader``:
what a stored result comes to. ``options``: the plan's settings for this vendor: ``check``; ``needs_credential``,
whether a submission with them carries the platform's credential; ``thrift``, what they are after a step of saving;
``audited_share``, the part of a task's time that is audited with them. ``capabilities``: what it hears, and what of
that its pages confirm. And where the vendor is such a one: ``poller``, it hands results out instead of pushing
them; ``asker``, a task's results are had by asking for them; ``token_api``, it fetches fresh credentials itself;
``auditor``, it answers questions about its tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # annotations only: the webhook imports this module and none of these
    from earshot.domain.verdict import Finding
    from earshot.domain.watch import Watch
    from earshot.errors import EarshotError
    from earshot.secrets import Section


@dataclass(frozen=True)
class Submission:
    """All that a vendor needs to open a task. ``secrets`` is the platform's credential.

    ``ear`` is the same for every try of one ear and another for one that is to take over from it: what the vendor
    should know duplicates by, where it lets us say.
    """

    task_ref: str
    watch: Watch
    callback_url: str = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)
    ear: str = ""


@dataclass(frozen=True)
class Accepted:
    """The vendor runs the task. ``endpoint`` names where it must be finished (a cluster, a product); ``adopted``
    says that it had been running already, opened by a try whose answer was lost. ``lasts_s``: seconds after which
    it must have been replaced, None if the vendor sets no limit. ``signs_every_s``: how often it pushes something
    even if nobody speaks; None if it does not. ``deaf_s``: seconds in which it may hear nothing yet, unless a result
    proves that it does."""

    vendor_task_id: str
    endpoint: str
    adopted: bool = False
    lasts_s: int | None = None
    signs_every_s: int | None = None
    deaf_s: int = 0


@dataclass(frozen=True)
class Delivery:
    """A result as the door sees it: its name within the task, and whether a hits-only plan keeps it.

    ``body`` is what is kept, byte for byte. ``is_batch``: several results, to be taken apart behind the door.
    ``task_ref`` where the result itself tells whose it is. ``family``: what the names of all results about the same
    thing begin with (a segment judged again), where the vendor judges again.
    """

    key: str
    is_hit: bool
    body: bytes
    is_batch: bool = False
    task_ref: str | None = None
    family: str | None = None


class Unreadable(ValueError):
    """A genuine result that is not what the vendor documents: kept whole, counted, never published."""


@dataclass(frozen=True)
class Ending:
    """A task to finish. ``endpoint`` is where it was accepted (None: its acceptance was never seen, ``options``
    must tell); ``known_ended``: a vendor that says that it knows no such task is to be believed, for it told of its
    end, or has said so often."""

    vendor_task_id: str
    endpoint: str | None
    options: Mapping[str, Any] = field(default_factory=dict)
    known_ended: bool = False


class Client(Protocol):
    """Calls to the vendor."""

    finish_batch: int
    """Tasks of one endpoint that one call may finish."""
    finish_every_ms: int
    """Between two such calls of the whole deployment; 0: whenever needed."""

    def submit(self, submission: Submission) -> Accepted:
        """Open a task. Raises RetryLater, OutcomeUnknown, GiveUp, Misconfigured or BadInput."""

    def named(self, submission: Submission) -> tuple[str, str] | None:
        """What the task is called, and where it is finished, whatever comes of the call: where we name it ourselves.
        None where the vendor does. ``submission`` has no credential yet. Raises what ``submit`` does before it calls.
        """

    def endpoint(self, options: Mapping[str, Any]) -> str:
        """Where a submission with these options goes."""

    def finish(self, endings: Sequence[Ending]) -> list[EarshotError | None]:
        """Close tasks of one endpoint; for each, in their order, None once the vendor acknowledges, AlreadyDone if it
        knows no such task and is to be believed. Safe to repeat.

        Raises RetryLater where it is the same for all; OutcomeUnknown is for what may have been done.
        """


class Poller(Protocol):
    """Results that wait at the vendor to be fetched."""

    every_ms: int
    """Between two calls, whoever makes them."""
    max_batch: int
    """A fetch that brings so many may have left some behind."""

    def sources(self) -> Sequence[str]:
        """What to fetch from, by the settings (a product, a region); none if results are pushed."""

    def fetch(self, source: str, request_id: str) -> Sequence[bytes]:
        """The results that wait, each as it stands; with a ``request_id`` that was used before, the same again.

        Raises RetryLater, GiveUp or Misconfigured.
        """


class Asker(Protocol):
    """Results of one task, had by asking for them."""

    every_ms: int
    """Between two questions about the same task."""

    def asks(self, options: Mapping[str, Any]) -> bool:
        """Whether results of a task with these options are to be had so."""

    def ask(self, vendor_task_id: str, endpoint: str | None, options: Mapping[str, Any]) -> Sequence[bytes]:
        """What the vendor knows of the task by now, each result as the door identifies it. It may be all since the
        beginning: who asks knows what it has had.

        Raises RetryLater, GiveUp or Misconfigured.
        """


class Door(Protocol):
    """What stands between a result and the table."""

    ANSWER: Mapping[str, Any] | str | None
    """The JSON, or the text, of the 200 that the vendor wants; None if any will do."""

    def take(self, body: bytes, headers: Mapping[str, str], secrets: Callable[[], Section]) -> Delivery:
        """A push, on its raw body; ``headers`` have lower-case names; ``secrets`` is the vendor's section of the
        settings.

        Raises Refused if the vendor signs its pushes and has not signed this one, and :class:`Unreadable`.
        """

    def identify(self, result: bytes) -> Delivery:
        """One result, as a batch or a poll brings it. Raises :class:`Unreadable`."""

    def split(self, batch: bytes) -> Sequence[bytes]:
        """The results of a batch, each as it stands."""


@dataclass(frozen=True)
class TokenRequest:
    """A vendor asks for a fresh credential of a task, which it names by our ref, by its own id, or by both."""

    task_ref: str | None
    vendor_task_id: str | None
    room_id: str | None


class TokenApi(Protocol):
    """Where a vendor fetches fresh credentials itself: the folder's module ``token_api``, standard library only."""

    def read(self, key: str, body: bytes, secrets: Section, now: int) -> TokenRequest:
        """Raises Refused if it is not the vendor who asks, and Misconfigured."""

    def answer(self, platform: str, credential: Mapping[str, str], secrets: Section) -> str:
        """The JSON that hands a credential out. Raises BadInput for a platform whose rooms need none."""


class Auditor(Protocol):
    """What a vendor tells of a task when it is asked, in the shape of what it would have pushed."""

    def still_runs(self, vendor_task_id: str, endpoint: str | None, since: int, now: int) -> bool | None:
        """Whether the task has listened after ``since``; None if that cannot be told."""

    def results(
        self, vendor_task_id: str, endpoint: str | None, start: int, end: int, options: Mapping[str, Any]
    ) -> Iterator[bytes]:
        """Every result of the time from ``start`` to ``end``, as the door and the reader know them; nothing where it
        could not be told from what was pushed."""


class Reader(Protocol):
    """The meaning of a stored result."""

    def read(self, body: bytes, options: Mapping[str, Any]) -> Sequence[Finding]:
        """None (an empty sequence) if it says nothing that anybody asked for. Raises :class:`Unreadable`."""
