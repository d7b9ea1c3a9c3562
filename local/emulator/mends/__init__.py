"""Every mend, and the one emulator version that they were written against."""

from __future__ import annotations

from importlib.metadata import version

from local.emulator.mends import (
    alarm_math,
    async_targets,
    execution_names,
    one_clock,
    raised_errors,
    redrives,
    retired_workers,
    retry_delays,
    spent_tokens,
    stopped_executions,
    stream_batches,
    token_deadlines,
    worker_pool,
)

MENDED_VERSION = "1.5.33"
ALL = (
    raised_errors,
    token_deadlines,
    spent_tokens,
    redrives,
    stopped_executions,  # after redrives: those are runs too
    retry_delays,
    async_targets,
    execution_names,
    stream_batches,
    worker_pool,
    retired_workers,
    one_clock,
    alarm_math,
)


def apply_all() -> None:
    """Replace the emulator's functions in this process.

    Raises:
        RuntimeError: for any other emulator version. A mend reaches into private functions; on code that nobody
            looked at it could do anything, so an upgrade has to pass through here.
    """
    found = version("ministack")
    if found != MENDED_VERSION:
        raise RuntimeError(f"local/emulator mends ministack {MENDED_VERSION}, not {found}")
    for mend in ALL:
        mend.apply()
