"""Import and initialisation of each function in a process of its own, beside the floor.

What a function makes on its first event (a vendor's client, a door) is made here too: hidden behind laziness, it
would be paid for all the same. Run with a function's folder the module measures that one, in this process:
``python tests/perf/cold_start.py FOLDER [KIND NAME]``.
"""

import sys
import time

if __name__ == "__main__":  # before anything else is imported: the functions are to import it themselves
    wall, cpu = time.perf_counter(), time.process_time()
    sys.path[0] = sys.argv[1]
    import app  # type: ignore[import-not-found]  # noqa: F401 - the import is what is measured

    if sys.argv[2:]:
        from importlib import import_module

        kind, name = sys.argv[2:]
        homes = {"door": "vendors.registry", "reader": "vendors.registry", "webhook": "platforms.registry"}
        getattr(import_module(f"earshot.{homes.get(kind, 'wiring')}"), kind)(name)
    print(time.perf_counter() - wall, time.process_time() - cpu)
    raise SystemExit

import os
import shutil
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from earshot.platforms.registry import PLATFORMS
from earshot.vendors import registry

from tests.template.bundle import FAKE_AWS, ROOT, functions
from tests.template.intrinsics import Resolver

FLOOR = "floor"
HERE, LAYER = ROOT / "tests/perf", ROOT / "layers/earshot/python"
CROWD = 100
FIRST_USE = {
    "ask_vendors": ("asker", "volcengine"),
    "finish_stream": ("vendor", "shumei"),
    "ingest_room_webhook": ("webhook", "zego"),
    "poll_results": ("poller", "yidun"),
    "provide_token": ("platform", "zego"),
    "receive_callback": ("door", "shumei"),
    "reconcile_rooms": ("room_query", "zego"),
    "reconcile_tasks": ("auditor", "yidun"),
    "relay_changes": ("reader", "shumei"),
    "submit_stream": ("vendor", "shumei"),
}
MINTING = "mint_credential"
PARAMETERS = {"CallbackBaseUrl": "https://callbacks.example.com"}


@dataclass(frozen=True)
class Timing:
    """Medians: seconds of wall clock and of CPU, and CPU against that of the floor's run just before.

    Importing waits for nothing but the page cache, so its CPU is its time, except that a neighbour on the machine
    cannot take it.
    """

    wall: float
    cpu: float
    ratio: float


def environment(name: str, layer: Path = LAYER) -> dict[str, str]:
    """What Lambda gives: the template's variables, a region, the layer on the path. Nothing reaches a network."""
    variables: dict[str, str] = {}
    if name != FLOOR:
        variables = Resolver(parameters=PARAMETERS)(functions()[name].variables)
    return {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(layer), **FAKE_AWS, **variables}


def cases() -> dict[str, tuple[str, ...]]:
    """What is measured: every function with what it makes on its first event, for each vendor or, minting, for each
    platform."""
    found = {name: (name, *FIRST_USE.get(name, ())) for name in sorted(functions()) if name != MINTING}
    for name, (kind, vendor) in FIRST_USE.items():
        if vendor == "shumei":
            found |= {
                f"{name}, {other}": (name, kind, other)
                for other in sorted(registry.names())
                if other != vendor
            }
    return found | {f"{MINTING}, {name}": (MINTING, "platform", name) for name in sorted(PLATFORMS)}


def measure(runs: int) -> dict[str, Timing]:
    """Every case ``runs`` times, the floor beside it each time; a first round, which compiles, does not count."""
    names, floor_ = cases(), (FLOOR,)
    rounds = [{name: (_once(floor_), _once(case)) for name, case in names.items()} for _ in range(runs + 1)][
        1:
    ]
    timings = {name: _median([(*each[name][1], each[name][0][1]) for each in rounds]) for name in names}
    floors = [floor for each in rounds for floor, _ in each.values()]
    return {FLOOR: _median([(*floor, floor[1]) for floor in floors]), **timings}


def crowded(runs: int) -> float:
    """CPU of submitting to one vendor with a hundred more installed, coded and described, against without them."""
    with TemporaryDirectory() as folder:
        full = Path(folder) / "python"
        shutil.copytree(LAYER, full)
        vendors = full / "earshot/vendors"
        for number in range(CROWD):
            shutil.copytree(vendors / "shumei", vendors / f"vendor_{number}")
            described = vendors / "declared/descriptions"
            shutil.copy(described / "lyrebird.json", described / f"described_{number}.json")
        listed = ", ".join(f'"vendor_{n}": "earshot.vendors.vendor_{n}"' for n in range(CROWD))
        with (vendors / "registry.py").open("a", encoding="utf-8") as registry_:
            registry_.write(f"\nVENDORS |= {{{listed}}}\n")
        case = ("submit_stream", *FIRST_USE["submit_stream"])
        rounds = [(_once(case, full)[1], _once(case)[1]) for _ in range(runs + 1)][1:]
        return statistics.median(many / few for many, few in rounds)


def _once(case: tuple[str, ...], layer: Path = LAYER) -> tuple[float, float]:
    name, *first_use = case
    script = HERE / "floors/import_boto3.py" if name == FLOOR else HERE / "cold_start.py"
    arguments = [] if name == FLOOR else [str(ROOT / "functions" / name), *first_use]
    command = [sys.executable, str(script), *arguments]
    done = subprocess.run(command, env=environment(name, layer), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr}")
    wall, cpu = done.stdout.split()[-2:]
    return float(wall), float(cpu)


def _median(samples: list[tuple[float, float, float]]) -> Timing:
    return Timing(
        statistics.median(wall for wall, _, _ in samples),
        statistics.median(cpu for _, cpu, _ in samples),
        statistics.median(cpu / floor for _, cpu, floor in samples),
    )
