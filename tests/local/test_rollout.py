"""``make deploy`` over open rooms, on the emulator: the next release of the bundle, and nobody notices."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from local.environment import clean
from local.places import ROOT, VENVS

pytestmark = pytest.mark.emulator
ROOMS = 50


def test_a_release_is_rolled_out_over_fifty_open_rooms(tmp_path: Path) -> None:
    python = VENVS / "tools" / "bin" / "python"
    command = [str(python), "-m", "local.chaos.campaign", "--rollout", str(ROOMS), "--home", str(tmp_path)]
    ended = subprocess.run(
        command, cwd=ROOT, env=clean(os.environ), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
