"""Background processes: started, written down, found again and stopped by another program run later."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from local.failures import StepFailed
from local.places import ROOT, Home

GRACE = 5.0  # seconds between asking a process to end and ending it


@dataclass(frozen=True)
class Process:
    """A process and when it began: together they cannot be taken for a later owner of the same number."""

    name: str
    pid: int
    began: str

    def alive(self) -> bool:
        """Whether this very process still runs."""
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, os.WNOHANG)  # one of our own that has ended would linger as a zombie
        return bool(self.began) and _began(self.pid) == self.began

    def stop(self) -> None:
        """End it and every process that it has started."""
        if self.alive():
            os.kill(self.pid, signal.SIGTERM)
            deadline = time.monotonic() + GRACE
            while self.alive() and time.monotonic() < deadline:
                time.sleep(0.05)
        # It leads a group of its own (start_new_session), which may outlive it: function workers in a long call.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


def start(home: Home, name: str, command: list[str], env: dict[str, str]) -> Process:
    """Start a process in the background, its output in its log, and write it down at once."""
    with home.log(name).open("wb") as log:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    process = Process(name, child.pid, _began(child.pid))
    _write(home, [*recorded(home), process])
    return process


def recorded(home: Home) -> list[Process]:
    """Every process written down and not yet stopped by us."""
    if not home.process_file.exists():
        return []
    return [Process(**entry) for entry in json.loads(home.process_file.read_text("utf-8"))]


def stop_all(home: Home) -> list[str]:
    """Stop every recorded process, the last one started first; returns the names of those that were alive."""
    found = recorded(home)
    stopped = [process.name for process in found if process.alive()]
    for process in reversed(found):
        # A number that now belongs to somebody else is none of ours, nor is its group.
        if process.alive() or not _began(process.pid):
            process.stop()
    home.process_file.unlink(missing_ok=True)
    return stopped


def run(home: Home, name: str, command: list[str], env: dict[str, str]) -> None:
    """Run one step to its end, its output in its log.

    Raises:
        StepFailed: it ended with another code than 0.
    """
    with home.log(name).open("wb") as log:
        code = subprocess.call(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    if code:
        raise StepFailed(f"{name} failed (ended with {code})", home.log(name))


def _write(home: Home, processes: list[Process]) -> None:
    home.process_file.write_text(json.dumps([asdict(p) for p in processes], indent=2), "utf-8")


def _began(pid: int) -> str:
    """When the process began, in whatever unit the system tells; empty if there is no such process."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            # The command, in brackets, may hold anything: field 22 is the 20th after it. A zombie is no process.
            fields = stat.read_text("utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] == "Z" else fields[19]
    ps = ["ps", "-o", "lstart=", "-p", str(pid)]
    told = subprocess.run(ps, capture_output=True, text=True, check=False)
    return told.stdout.strip()
