"""Where things are: the repository, and the one folder that a running stack keeps everything in."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "template.yaml"
SAMPLE_SETTINGS = ROOT / "local" / "settings.json"
VENVS = ROOT / ".local" / "venvs"
EMULATOR_PYTHON = Path(os.environ.get("EARSHOT_EMULATOR_PYTHON") or VENVS / "emulator" / "bin" / "python")
SAM = [sys.executable, "-m", "samcli"]  # this program and sam share the tools environment


@dataclass(frozen=True)
class Home:
    """The folder of one stack. Two stacks with two homes (and two ports) do not meet."""

    path: Path

    @property
    def stack_file(self) -> Path:
        """What other programs read to find the stack."""
        return self.path / "stack.json"

    @property
    def process_file(self) -> Path:
        """What ``down`` reads: written as each process starts, so that it is true of a half-started stack too."""
        return self.path / "processes.json"

    @property
    def scratch(self) -> Path:
        """Emulator state and temporary files; removed by ``down``."""
        return self.path / "scratch"

    def log(self, name: str) -> Path:
        """The log file of one process or step."""
        return self.path / "logs" / f"{name}.log"

    def prepare(self) -> None:
        """Create the folders."""
        for folder in (self.path / "logs", self.scratch):
            folder.mkdir(parents=True, exist_ok=True)
