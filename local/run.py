"""``make run``: a real deployment of the real template moderates rooms of every platform, from opening to closing."""

from __future__ import annotations

import sys
import time
from dataclasses import replace

from rich.console import Console

from local.demo.play import GRACE, play
from local.demo.rooms import PLAN
from local.down import down
from local.failures import StepFailed
from local.options import Options
from local.places import ROOT, Home
from local.up import up

HOME = Home(ROOT / ".local" / "run")  # a stack of its own: `make up` may be running beside it
TIME_SCALE = 10.0


def main() -> int:
    """Returns the exit code: 0 only if every room was moderated and every task was finished."""
    console, began = Console(highlight=False), time.monotonic()
    console.print(
        f"deploying template.yaml to an emulator on this machine; its time runs {TIME_SCALE:.0f} times as fast"
    )
    try:
        wishes = {"EmptyRoomGraceSeconds": str(GRACE)}
        options = replace(
            Options(), port=0, time_scale=TIME_SCALE, webhooks=True, parameters=wishes, plan=PLAN
        )
        stack = up(HOME, options)
        rooms_began = time.monotonic()
        problems = play(stack, console)
        console.print(
            f"\nrooms: {time.monotonic() - rooms_began:.0f} s, all of it: {time.monotonic() - began:.0f} s"
        )
    except StepFailed as failed:
        problems = [str(failed)]
    except KeyboardInterrupt:
        problems = ["interrupted"]
    finally:
        down(HOME, say=lambda _line: None)
    for problem in problems:
        print(f"failed: {problem}", file=sys.stderr)
    if not problems:
        console.print("[green]every task was finished, nothing is left running[/green]")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
