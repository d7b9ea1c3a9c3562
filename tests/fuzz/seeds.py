"""Where fuzzing begins: what is genuine."""

from collections.abc import Iterator
from pathlib import Path

from earshot.vendors import registry

from tests.contract.vendor_samples import GARBAGE, VENDORS

ROOT = Path(__file__).parents[2]


def plant(target: str, folder: str) -> None:
    """Write the seeds of a target."""
    for number, seed in enumerate(_descriptions() if target == "descriptions" else _bodies()):
        Path(folder, str(number)).write_bytes(seed)


def _bodies() -> Iterator[bytes]:
    """Each after the number of its vendor."""
    for number, name in enumerate(registry.names()):
        for body in (*VENDORS[name].genuine, *GARBAGE):
            yield bytes([number]) + body[:16_000]


def _descriptions() -> Iterator[bytes]:
    for path in (ROOT / "vendors").glob("*.yaml"):
        yield path.read_bytes()
