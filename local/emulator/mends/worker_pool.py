"""Function workers that a laptop can carry.

Lambda: a new environment for every concurrent call is somebody else's machine.
Bare emulator: the same, on this one; and each new worker unpacks all layers again, in the emulator's own process.
A few dozen calls that arrive together then outrun it for good: callers give up and come again, and every attempt
starts one more worker.

Here a layer is unpacked once, and a function has ``USUAL`` workers, up to ``AT_MOST`` if calls have to wait long (a
vendor that is slow to answer holds a worker); further calls wait for one. And a call that logs nothing is not kept
waiting 50 ms for a log line, which is most of its time.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import zipfile
from collections import defaultdict
from io import BytesIO
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

USUAL, AT_MOST = 4, 8  # calls of one function at once; more would only compete for the same few cores
LONG = 1.0  # seconds; starting one more worker takes about half of that
LOG_LINE_WAIT = 0.005  # seconds; a line that takes longer is logged with the worker's next call

_unpacking = threading.Lock()


class _Places:
    """The workers that one function may have."""

    def __init__(self) -> None:
        self._free = threading.Semaphore(USUAL)
        self._more = threading.Semaphore(AT_MOST - USUAL)

    def __enter__(self) -> None:
        while not self._free.acquire(timeout=LONG):
            if self._more.acquire(blocking=False):
                return  # and __exit__ adds this place to the free ones: there is one more from now on

    def __exit__(self, *_raised: object) -> None:
        self._free.release()


_places = defaultdict[str, _Places](_Places)


def unpacked(layer: bytes) -> Path:
    """The folder with this layer's files."""
    folder = Path(tempfile.gettempdir()) / f"layer-{hashlib.sha256(layer).hexdigest()[:16]}"
    with _unpacking:
        if not folder.exists():
            draft = Path(tempfile.mkdtemp(prefix="layer-"))
            with zipfile.ZipFile(BytesIO(layer)) as archive:
                archive.extractall(draft)
            draft.rename(folder)
    return folder


def _with_unpacked_layers(config: dict[str, Any]) -> dict[str, Any]:
    """The configuration with its layers as the folders that the worker script looks for."""
    packed = (lambda_svc._resolve_layer_zip(reference) for reference in config.get("Layers") or [])
    folders = [str(unpacked(layer)) for layer in packed if layer]
    variables = config.get("Environment", {}).get("Variables", {})
    variables = variables | {"_LAMBDA_LAYERS_DIRS": os.pathsep.join(folders)}
    return config | {"Layers": [], "Environment": {"Variables": variables}}


def _wait_less_for_log_lines() -> None:
    bare_drain = lambda_runtime.Worker._drain_stderr_bounded

    def drain(worker: Any) -> Any:
        return bare_drain(worker, first_line_wait=LOG_LINE_WAIT)

    lambda_runtime.Worker._drain_stderr_bounded = drain


def apply() -> None:
    """Put the folders in the place of the layers while a worker starts, and a queue before its function."""
    _wait_less_for_log_lines()
    bare_spawn, bare_execute = lambda_runtime.Worker._spawn, lambda_svc._execute_function_warm

    def spawn(worker: Any) -> None:
        config = worker.config
        worker.config = _with_unpacked_layers(config)
        try:
            bare_spawn(worker)
        finally:
            worker.config = config

    def execute(func: Any, event: Any, request_id: str) -> Any:
        with _places[(func.get("config") or func).get("FunctionArn", "")]:
            return bare_execute(func, event, request_id)

    lambda_runtime.Worker._spawn, lambda_svc._execute_function_warm = spawn, execute
