"""The emulator and the doubles, as background processes."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from local import ports, processes
from local.environment import LOOPBACK, REGION, clean
from local.failures import StepFailed
from local.options import Options
from local.places import EMULATOR_PYTHON, Home
from local.template import DOUBLES

# Who has no double and is not named either is not called: sample secrets must not reach the real one.
NOWHERE = f"http://{LOOPBACK}:9"


def start_emulator(home: Home, options: Options, module: str = "local.emulator") -> str:
    """Start the emulator on the loopback address only; returns its address. ``ministack`` is the bare one.

    Raises:
        StepFailed: somebody else has the port, or it does not come up.
    """
    port = options.port or ports.free()
    if ports.taken(port):
        raise StepFailed(f"port {port} is in use by another program: end that one, or make up PORT=<another>")
    scratch = home.scratch.resolve()
    env = clean() | {
        "BIND_HOST": LOOPBACK,
        "MINISTACK_HOST": LOOPBACK,  # in the addresses that it hands out: needs no name resolution
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",  # else: a second, public port for MQTT
        "SFTP_ENABLED": "0",
        "SFN_WAIT_SCALE": str(1 / options.time_scale),
        **_one_clock(options),
        "S3_DATA_DIR": str(scratch / "s3"),
        "STATE_DIR": str(scratch / "state"),
        "TMPDIR": str(scratch),
        "AWS_ENDPOINT_URL": f"http://{LOOPBACK}:{port}",  # inherited by the function workers, who need it
    }
    process = processes.start(home, "emulator", [str(EMULATOR_PYTHON), "-m", module], env)
    _wait(home, process, lambda: ports.taken(port))
    return env["AWS_ENDPOINT_URL"]


def _one_clock(options: Options) -> dict[str, str]:
    if options.one_clock is None:
        return {}
    return {"EARSHOT_CLOCK_ORIGIN": str(options.one_clock), "EARSHOT_CLOCK_SCALE": str(options.time_scale)}


def start_doubles(home: Home, options: Options) -> dict[str, str]:
    """Start our doubles of the vendors that nobody else plays; returns the address of each, theirs or ours.

    Ours run in one process: the Shumei double's recorders enter the very rooms of the clouds' doubles.
    """
    theirs = {
        name: options.base_urls[url]
        for name, urls in DOUBLES.items()
        for url in urls
        if url in options.base_urls
    }
    ours = [name for name in DOUBLES if name not in theirs]
    for name, port in options.double_ports.items():
        if name in ours and ports.taken(port):
            raise StepFailed(f"port {port} is in use by another program: {name.upper()}_PORT=<another>")
    ready = home.scratch / "doubles.json"
    ready.unlink(missing_ok=True)
    process = processes.start(home, "doubles", _doubles_command(ours, options, ready), clean())
    _wait(home, process, ready.exists)
    listening = json.loads(ready.read_text("utf-8"))
    return {**theirs, **{name: listening[name] for name in ours}}


def _doubles_command(ours: list[str], options: Options, ready: Path) -> list[str]:
    command = [sys.executable, "-m", "local.doubles", "--ready-file", str(ready.resolve())]
    command += ["--time-scale", str(options.time_scale), "--settings", str(options.settings)]
    for name in DOUBLES:
        command += [f"--{name}-port", str(options.double_ports.get(name, 0))]
    if options.one_clock is not None:
        command += ["--one-clock", str(options.one_clock)]
    if len(ours) < len(DOUBLES):
        command += ["--only", *ours]
    if options.scenario:
        command += ["--scenario", str(options.scenario)]
    return command


def _wait(home: Home, process: processes.Process, ready: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if not process.alive():
            raise StepFailed(f"the {process.name} ended as soon as started", home.log(process.name))
        if time.monotonic() > deadline:
            raise StepFailed(f"the {process.name} did not come up in {seconds:.0f} s", home.log(process.name))
        time.sleep(0.05)
