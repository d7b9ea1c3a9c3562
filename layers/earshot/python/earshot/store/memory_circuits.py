"""The in-memory twin's circuits."""

from collections.abc import Sequence
from dataclasses import replace

from earshot.domain.circuit import Circuit


class MemoryCircuits:
    """See :class:`earshot.store.port.Circuits`."""

    def __init__(self) -> None:
        super().__init__()
        self._circuits: dict[str, Circuit] = {}

    def circuits(self, vendors: Sequence[str]) -> dict[str, Circuit]:
        return {vendor: self._circuits.get(vendor, Circuit(vendor)) for vendor in vendors}

    def put_circuit(self, seen: Circuit, now_: Circuit) -> bool:
        if self._circuits.get(seen.vendor, Circuit(seen.vendor)).version != seen.version:
            return False
        self._circuits[seen.vendor] = replace(now_, version=seen.version + 1)
        return True
