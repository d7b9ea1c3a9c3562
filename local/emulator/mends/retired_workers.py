"""A deployment lets calls that run come to their end.

AWS: a call that began on the old code ends on the old code; new calls get the new one.
Bare emulator: the function's processes are killed in the middle of their calls, which fail.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import Any

from ministack.core import lambda_runtime

LOOK_EVERY = 0.05  # seconds
TIDYING = 5.0  # seconds after a call's own time-out at which nobody can be waiting for it any more


def _let_end(worker: Any, kill: Any) -> None:
    deadline = time.monotonic() + float(worker.config.get("Timeout", 30)) + TIDYING
    while worker.in_use and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY)
    kill([worker])


def apply() -> None:
    """Kill at once only who is idle. All others are out of the pool already, and get no further call."""
    bare_kill = lambda_runtime.kill_workers

    def kill(workers: Iterable[Any]) -> None:
        found = list(workers)
        bare_kill([worker for worker in found if not worker.in_use])
        for worker in found:
            if worker.in_use:
                threading.Thread(target=_let_end, args=(worker, bare_kill), daemon=True).start()

    lambda_runtime.kill_workers = kill
