"""What all functions share about a vendor: how it is, and who fetches its results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from earshot.domain.circuit import Circuit


class Circuits(Protocol):
    """The vendors' health, as all rooms share it."""

    def circuits(self, vendors: Sequence[str]) -> dict[str, Circuit]:
        """Each of them, one that was never written as closed; with one read, which may be a moment behind."""

    def put_circuit(self, seen: Circuit, now_: Circuit) -> bool:
        """``now_`` in the place of ``seen``, as the next version; False if somebody was first."""


class Polls(Protocol):
    """Who fetches results from a source, and which batch is being fetched."""

    def lease_poll(self, source: str, holder: str, now: int, until: int, fresh: str) -> str | None:
        """The request id of the batch that is not known to be kept (``fresh`` if there is none); None while another
        holder's lease lasts."""

    def turn_page(self, source: str, holder: str, fresh: str, until: int) -> bool:
        """The batch is kept: the next one is ``fresh``. False if the lease was lost."""

    def end_lease(self, source: str, holder: str) -> None:
        """Let somebody else poll at once."""
