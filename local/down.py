"""``make down``: nothing of the stack is left running."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from local import processes
from local.places import Home


def down(home: Home, say: Callable[[str], None] = print) -> None:
    """Stop whatever was started and remove its state; logs and builds stay. Repeatable."""
    stopped = processes.stop_all(home)
    home.stack_file.unlink(missing_ok=True)
    shutil.rmtree(home.scratch, ignore_errors=True)
    say(f"stopped: {', '.join(stopped)}" if stopped else "nothing was running")
