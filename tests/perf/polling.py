"""Fetching results that wait at a vendor: the real poller and store; the vendor and the table answer at once."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from tests.perf import callback
from tests.perf.cold_start import environment
from tests.perf.warm import Wire
from tests.template.lambdas import Lambda, Patches

BATCH, BATCHES = 200, 10
WRITING = {"PutItem", "UpdateItem"}


@dataclass(frozen=True)
class Result:
    """``per_second`` by the wall, of one run; ``handed_out``: what the vendor's rate lets it have. ``cpu`` in seconds
    and ``writes`` are of one result."""

    per_second: float
    handed_out: float
    cpu: float
    writes: float


def measure() -> Result:
    """Ten batches of two hundred, fetched as fast as the vendor's rate would be if it were none."""
    answers = [_batch(number) for number in range(BATCHES)]
    sent: list[bytes] = []

    def call(*_: Any, **__: Any) -> SimpleNamespace:
        sent.append(b"")
        return SimpleNamespace(status=200, body=answers[len(sent) - 1] if len(sent) <= BATCHES else _NOTHING)

    clock = _Clock()
    patches: Patches = {
        "earshot.http_client": {"call": call},
        "earshot.clock": {"rest": clock.rest, "now_ms": clock.now},
    }
    function, wire = Lambda("poll_results", environment("poll_results"), patches), Wire()
    for service in ("dynamodb", "secretsmanager"):
        function.app.wiring.client(service).meta.events.register("before-send", wire)
    wall, cpu = time.perf_counter(), time.process_time()
    function({})
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    results = BATCH * BATCHES
    writes = sum(operation in WRITING for operation in wire.sent)
    return Result(results / wall, BATCH / 0.6, cpu / results, writes / results)


_NOTHING = json.dumps({"code": 200, "result": []}).encode()


def _batch(number: int) -> bytes:
    ref = callback.task_ref()
    found = [
        callback.sentence("a78eef377079acc6cdec24967ecde722", number * BATCH + n, ref) for n in range(BATCH)
    ]
    return json.dumps({"code": 200, "msg": "ok", "result": found}, ensure_ascii=False).encode()


class _Clock:
    """Resting takes no time."""

    def __init__(self) -> None:
        self._ms = 1_800_000_000_000

    def now(self) -> int:
        return self._ms

    def rest(self, seconds: float) -> None:
        self._ms += round(seconds * 1000)
