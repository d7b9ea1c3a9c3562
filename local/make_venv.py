"""Makes one virtual environment from its lock: ``python -m local.make_venv tools local/requirements-tools.txt``.

Called by the Makefile with the host's own Python, so nothing but the standard library is here. Two of them at once
(two terminals, or a test that calls make) take turns.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(".local/venvs")
TAIL = 25  # lines of pip's log that a failure shows

# No dependency resolution: the lock is complete. No byte-compilation: most of it is never imported; but all of the
# emulator's function workers import the same boto3, many at the same time.
PIP = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
LOCKED = ["--no-deps", "--require-hashes", "--requirement"]
COMPILED = {"emulator"}


def make(name: str, lock: Path) -> None:
    """Make the environment, unless somebody else has just done so.

    Raises:
        SystemExit: the installation failed; the end of its log is in the message.
    """
    folder, stamp = HOME / name, HOME / name / ".ready"
    log = HOME.parent / "logs" / f"venv-{name}.log"
    for needed in (HOME, log.parent):
        needed.mkdir(parents=True, exist_ok=True)
    with (HOME / f"{name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
            return
        print(f"installing {name}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        how = [] if name in COMPILED else ["--no-compile"]
        with log.open("wb") as written:
            command = [str(folder / "bin" / "python"), *PIP, *how, *LOCKED, str(lock)]
            failed = subprocess.call(command, stdout=written, stderr=written)
        if failed:
            lines = log.read_text("utf-8", errors="replace").splitlines()[-TAIL:]
            raise SystemExit("\n".join([*lines, f"installing {name} failed: {log}"]))
        stamp.touch()


if __name__ == "__main__":
    make(sys.argv[1], Path(sys.argv[2]))
