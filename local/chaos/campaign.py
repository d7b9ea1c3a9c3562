"""``make chaos``: seeded evenings on the deployed bundle, its processes killed and its stream held up."""

from __future__ import annotations

import argparse
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from local.chaos import rollout, storm
from local.chaos.books import Books
from local.chaos.invariants import violations
from local.chaos.scene import Scene
from local.chaos.script import SETTINGS, Script, write
from local.chaos.stage import Stage, warm_up
from local.down import down
from local.failures import StepFailed
from local.options import Options
from local.places import ROOT, Home
from local.stack import Stack
from local.up import up

HOME = Home(ROOT / ".local" / "chaos")  # a stack of its own: `make up` may be running beside it
PLAN = Path(__file__).parent / "plan.yaml"
TIME_SCALE = 36.0  # fifteen minutes in 25 seconds
LONG_S = 300.0
"""A room that is open for so long has to be heard, if its vendor lives."""


@contextmanager
def deployed(home: Home, time_scale: float) -> Iterator[Stack]:
    """A stack on which everybody has the same clock."""
    options = replace(Options(), port=0, time_scale=time_scale, one_clock=time.time(), plan=PLAN)
    try:
        yield up(home, options)
    finally:
        down(home, say=lambda _line: None)


def run(home: Home, seeds: list[int]) -> list[int]:
    """Play the seeds one after the other; those in which something did not hold."""
    failed = []
    with deployed(home, TIME_SCALE) as stack, Scene(stack) as scene:
        for name, settings in SETTINGS.items():
            scene.doubles[name].post("settings", settings)
        warm_up(scene)
        for seed in seeds:
            if not _holds(scene, seed):
                failed.append(seed)
    return failed


def _holds(scene: Scene, seed: int) -> bool:
    began, script = time.monotonic(), write(seed, uuid.uuid4().hex[:4])
    stage = Stage(scene, script)
    books = stage.play()
    found = [*violations(books), *_never_heard(script, books)]
    print(
        f"seed {seed}: {len(books.rooms)} rooms, {len(books.tasks)} tasks, {len(books.pushes)} results told, "
        f"{stage.killed} processes killed, {time.monotonic() - began:.0f} s: "
        f"{f'{len(found)} violations' if found else 'all holds'}",
        flush=True,
    )
    if found:
        print("\n".join(f"    {line}" for line in [*script.lines(), *(f"! {one}" for one in found)]))
        print(f"    again: make chaos SEED={seed}", flush=True)
    return not found


def _never_heard(script: Script, books: Books) -> Iterator[str]:
    """The ledgers may agree that nobody listened; but somebody could have."""
    if any(order.order["fault"] == "die" for order in script.orders):
        return
    heard = {task.room for task in books.tasks}
    for life in script.lives:
        if life.closes - life.opens > LONG_S and life.room_id not in heard:
            yield f"room {life.room_id}: never heard, and nobody was dead"


def main() -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local.chaos.campaign", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, help="how many")
    parser.add_argument("--seed", type=int, help="this one only")
    parser.add_argument("--storm", type=int, default=0, help="so many rooms at once instead")
    parser.add_argument("--rollout", type=int, default=0, help="deploy over so many open rooms instead")
    parser.add_argument("--home", type=Path, default=HOME.path, help="folder of the stack")
    arguments = parser.parse_args()
    home = Home(arguments.home)
    try:
        if arguments.storm:
            with deployed(home, storm.TIME_SCALE) as stack, Scene(stack) as scene:
                return storm.run(scene, arguments.storm)
        if arguments.rollout:
            with deployed(home, rollout.TIME_SCALE) as stack, Scene(stack) as scene:
                return rollout.run(home, scene, arguments.rollout)
        seeds = [arguments.seed] if arguments.seed is not None else list(range(1, arguments.seeds + 1))
        failed = run(home, seeds)
    except StepFailed as error:
        print(f"failed: {error}", file=sys.stderr)
        return 1
    if failed:
        print(f"failed: {' '.join(f'SEED={seed}' for seed in failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
