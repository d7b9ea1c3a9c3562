"""What every platform's folder offers, in modules of their own, so that a function imports only the one it works
with: ``client`` (mint a credential), ``options`` (the plan's settings for this platform), ``recorder`` (which ids are
our own, standard library only) and, where the platform has them, ``webhook`` (what its room events say) and ``query``
(who is in a room).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from earshot.domain.room import Room

if TYPE_CHECKING:
    from earshot.secrets import Section


@dataclass(frozen=True)
class MintRequest:
    """For whom: the ``number``-th credential of a watch, by its plan's ``options``. ``now`` in epoch ms.

    A recorder's id is derived from the watch and, where two of its recorders must be able to stand side by side,
    the number; so the same request names the same recorder.
    """

    room: Room
    watch_id: str
    number: int
    options: Mapping[str, Any]
    now: int


@dataclass(frozen=True)
class Minted:
    """A fresh credential. ``expires_at`` in epoch ms, None if it never does."""

    secrets: Mapping[str, str] = field(repr=False)
    expires_at: int | None


class Platform(Protocol):
    """Mints what a vendor's recorder needs to enter a room."""

    def mint(self, request: MintRequest) -> Minted:
        """Raises RetryLater, GiveUp, BadInput or Misconfigured."""


@dataclass(frozen=True)
class Delivery:
    """One room webhook as it came: header names in lower case, the body byte for byte."""

    app_id: str
    headers: Mapping[str, str]
    body: bytes


class NoticeKind(StrEnum):
    """What a webhook says. A change of role says that the person is there: ``ENTERED``."""

    OPENED = "opened"
    CLOSED = "closed"
    ENTERED = "entered"
    LEFT = "left"
    STREAM_STARTED = "stream_started"
    STREAM_STOPPED = "stream_stopped"


@dataclass(frozen=True)
class Notice:
    """What one webhook says about a room, in no platform's words.

    ``key`` is the same for every delivery of one event: the platform's own id of it, or a composite. ``at`` is the
    event's time in epoch ms by the platform's clock; where that clock counts seconds, the first ms of the second for
    ``CLOSED`` and ``LEFT`` and the last for all else, so that what reopens in the second of its end is open.
    ``order`` sorts as text and grows with every event of one person in one room. ``user_id`` is whom it is about (of
    ``OPENED``: who opened the room). A ``stream_id`` on ``LEFT`` says that this stream ended too.
    ``is_recorder`` where the platform itself says that the participant is no person.
    """

    key: str
    kind: NoticeKind
    room_id: str
    at: int
    platform_session_id: str | None = None
    user_id: str | None = None
    stream_id: str | None = None
    order: str = ""
    is_recorder: bool = False


class NotUnderstood(Exception):
    """Genuine, and not what the platform documents; the message names the field and no value of it."""


class Webhook(Protocol):
    """The platform's folder's module ``webhook``: standard library only, no clock, no network."""

    COVERS_BODY: bool
    """Whether the signature covers the body; where it does not, the address must carry a key of its own."""
    ANSWER: str
    """The JSON body of the 200 that the platform wants."""

    def verify(self, delivery: Delivery, secrets: "Section") -> int | None:
        """When it was sent (epoch ms; None where nothing that is signed says so).

        Raises Refused if it is not genuine, Misconfigured if the secret is absent or has not its shape.
        """

    def read(self, delivery: Delivery) -> Notice | None:
        """What a genuine delivery says; None if it is none of our business (a health check, video, another product).
        Raises NotUnderstood."""


class RoomQuery(Protocol):
    """The platform's folder's module ``query``: who is in a room now."""

    batch: int
    """Rooms per call."""
    per_second: float
    """Calls per second that the platform allows for an app."""

    def people(
        self, app_id: str, room_ids: Sequence[str], is_recorder: Callable[[str | int], bool]
    ) -> dict[str, int]:
        """People (recorders are none) by room id; 0 for a room that is gone, nothing for one of which the platform
        cannot tell. At most ``batch`` rooms.

        Raises RetryLater, GiveUp or Misconfigured; Misconfigured too where the secret that asking needs is absent.
        """
