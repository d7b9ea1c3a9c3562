"""Emulators for the tests of the local stack: ours, and the bare one that ours mends."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local.down import down
from local.environment import clean
from local.options import Options
from local.places import EMULATOR_PYTHON, ROOT, VENVS, Home
from local.servers import start_emulator
from local.stack import Stack, read
from tests.local.emulator_client import Emulator

MODULES = {"ours": "local.emulator", "bare": "ministack"}
PATIENCE = {
    "ours": 20.0,
    "bare": 3.0,
}  # seconds; of the bare one little is expected, and nothing should take long
TIME_SCALE = 10.0  # a state that waits 10 s waits one

GAP = pytest.mark.xfail(
    strict=True,
    raises=(AssertionError, ClientError, pytest.fail.Exception),
    reason="the emulator differs from AWS",
)
NOT_ON_BARE = pytest.param("bare", marks=GAP)


@pytest.fixture(scope="session")
def emulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Emulator]]:
    """Both emulators, on free ports of the loopback address."""
    if not EMULATOR_PYTHON.exists():
        pytest.fail(f"no emulator environment at {EMULATOR_PYTHON}: make emulator")
    homes = {kind: Home(tmp_path_factory.mktemp(kind)) for kind in MODULES}
    options = Options(port=0, time_scale=TIME_SCALE)
    try:
        for home in homes.values():
            home.prepare()
        addresses = {kind: start_emulator(homes[kind], options, MODULES[kind]) for kind in MODULES}
        yield {kind: Emulator(address, PATIENCE[kind]) for kind, address in addresses.items()}
    finally:
        for home in homes.values():
            down(home, say=lambda _line: None)


@pytest.fixture
def emulator(request: pytest.FixtureRequest, emulators: dict[str, Emulator]) -> Emulator:
    """Ours, unless the test asks for another by indirect parameter."""
    return emulators[getattr(request, "param", "ours")]


Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The folder of a stack that only these tests use."""
    return Home(tmp_path_factory.mktemp("stack"))


@pytest.fixture(scope="session")
def make(home: Home) -> Make:
    """``make("up", PLAN=...)`` as the Makefile does it, on a free port."""
    python = VENVS / "tools" / "bin" / "python"
    if not python.exists():
        pytest.fail(f"no tools environment at {python}: make tools")

    def run(command: str, home: Home = home, **variables: str | Path) -> subprocess.CompletedProcess[str]:
        wishes = {"PORT": "0", "TIME_SCALE": str(TIME_SCALE)} | {n: str(v) for n, v in variables.items()}
        arguments = [str(python), "-m", "local", command, "--home", str(home.path)]
        env = clean(os.environ) | wishes
        return subprocess.run(arguments, cwd=ROOT, env=env, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def stack(make: Make, home: Home) -> Iterator[Stack]:
    """The real template, deployed, with our doubles."""
    came_up = make("up")
    if came_up.returncode:
        pytest.fail(came_up.stdout + came_up.stderr)
    yield read(home)
    make("down")
