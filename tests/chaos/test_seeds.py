"""Seeds with faults: whatever goes wrong, the books agree.

``CHAOS_SEEDS=200`` plays so many, ``CHAOS_FIRST=1000`` from another one on, ``CHAOS_SEED=17`` that one alone.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from local.places import ROOT
from tests.chaos.playing import Playing
from tests.chaos.scenario import scenario

FIRST = int(os.environ.get("CHAOS_SEED") or os.environ.get("CHAOS_FIRST", "0"))
COUNT = 1 if os.environ.get("CHAOS_SEED") else int(os.environ.get("CHAOS_SEEDS", "25"))
KILLING, SIMPLE, ASKING = 3, 1, 37
"""Seeds of the tests below: any would do; the last one has a vendor whose results are asked for."""
DIGEST = "from tests.chaos.playing import Playing; from tests.chaos.scenario import scenario; import sys; "
DIGEST += "outcome = Playing(scenario(int(sys.argv[1])), lines=True).play(); print(outcome.digest); "
DIGEST += "print(*outcome.lines, sep='\\n')"


@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT))
def test_everything_holds(seed: int) -> None:
    outcome = Playing(scenario(seed)).play()
    again = (
        f"replay it with make chaos-sim CHAOS_SEED={seed}; its time-line: make chaos-line CHAOS_SEED={seed}"
    )
    assert not outcome.wrong, "\n".join([f"seed {seed}", *outcome.wrong, again])


@pytest.mark.parametrize("seed", [SIMPLE, KILLING, ASKING])
def test_a_seed_is_a_run(seed: int) -> None:
    """Byte for byte, in another process, whatever the order of its sets."""
    runs = [_run(seed, hashing) for hashing in ("1", "2")]
    assert runs[0] == runs[1]
    assert len(runs[0].splitlines()) > 100


def _run(seed: int, hashing: str) -> str:
    path = f"{ROOT / 'layers/earshot/python'}{os.pathsep}{ROOT}"
    environment = {**os.environ, "PYTHONHASHSEED": hashing, "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", DIGEST, str(seed)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_another_seed_is_another_run() -> None:
    assert Playing(scenario(SIMPLE)).play().digest != Playing(scenario(KILLING)).play().digest
