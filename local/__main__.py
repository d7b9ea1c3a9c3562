"""``python -m local up|down|logs``: what the Makefile calls."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from local.down import down
from local.failures import StepFailed
from local.options import Options
from local.places import ROOT, Home
from local.up import up


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("command", choices=["up", "down", "logs"])
    parser.add_argument(
        "--home", type=Path, default=ROOT / ".local", help="folder of the stack (default: .local)"
    )
    return parser.parse_args()


def _up(home: Home) -> None:
    deployed = up(home, Options.read(os.environ))
    print(f"up: {home.stack_file}")
    addresses = {"emulator": deployed.endpoint_url, "api": deployed.api_url, **deployed.doubles}
    for name, address in addresses.items():
        print(f"  {name:<10} {address}")


def _logs(home: Home) -> None:
    """Follow every log, until interrupted."""
    logs = sorted(str(path) for path in (home.path / "logs").glob("*.log"))
    if not logs:
        raise StepFailed("there are no logs yet: make up")
    os.execvp("tail", ["tail", "-n", "40", "-F", *logs])


def main() -> int:
    """Returns the exit code."""
    arguments = _arguments()
    home = Home(arguments.home)
    try:
        {"up": _up, "down": down, "logs": _logs}[arguments.command](home)
    except StepFailed as failed:
        print(f"failed: {failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
