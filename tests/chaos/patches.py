"""Where the handlers' own wiring is cut off from the world: clients, table, clock, luck, log."""

from __future__ import annotations

import gc
import importlib.util
import json
import random
import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from random import Random
from types import ModuleType
from typing import Any
from unittest.mock import patch

from earshot import http_client, telemetry, wiring
from requests.adapters import BaseAdapter

from local.places import ROOT
from local.template import DESCRIBED, declared_origins
from tests.chaos.paths import Unplayed
from tests.workflow import deployment

Say = Callable[[str, Mapping[str, Any]], None]
MORE = {
    "DEAD_LETTER_QUEUE_URL": "https://sqs.test/dead-letters",
    "DECLARED_ORIGINS": json.dumps(
        declared_origins(
            {name: f"http://{name.replace('_', '-')}.double.test" for name in DESCRIBED.values()}
        )
    ),
}


class _Log:
    """Stands for the logger: a code and its fields go to whoever keeps the time-line."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def info(self, _text: str, extra: Mapping[str, Any], stacklevel: int) -> None:
        self._say("info", extra)

    def warning(self, _text: str, extra: Mapping[str, Any], stacklevel: int) -> None:
        self._say("warning", extra)

    def error(self, _text: str, extra: Mapping[str, Any], stacklevel: int) -> None:
        self._say("error", extra)


@contextmanager
def patched(
    *,
    clients: Mapping[str, Any],
    store: Any,
    clock: Any,
    luck: Random,
    transport: BaseAdapter,
    say: Say,
) -> Iterator[None]:
    """While inside, whatever is loaded and called is in the simulation."""

    def client(service: str) -> Any:
        if service not in clients:
            raise Unplayed(f"client {service}")
        return clients[service]

    with ExitStack() as stack:
        state = random.getstate()
        stack.callback(random.setstate, state)
        stack.callback(_forget)
        random.seed(luck.getrandbits(64))
        for target, name, stand_in in (
            (wiring, "client", client),
            (wiring, "store", lambda: store),
            (wiring, "inbox", lambda: store),
            (wiring, "ready", gc.enable),
            (telemetry, "_logger", _Log(say)),
            (telemetry, "count", lambda _name, _value=1: None),
            (secrets, "_sysrand", Random(luck.getrandbits(64))),
            (uuid, "uuid4", lambda: uuid.UUID(int=luck.getrandbits(128), version=4)),
        ):
            stack.enter_context(patch.object(target, name, stand_in))
        stack.enter_context(patch("earshot.clock.time", clock))
        # Described vendors look at the addresses that they call: here there are none.
        stack.enter_context(patch("earshot.vendors.declared.transport.guard", lambda _origin: None))
        stack.enter_context(
            patch("earshot.store.dynamo.changes.change_of", lambda record, _: record["change"])
        )
        stack.enter_context(patch.dict("os.environ", {**deployment.ENVIRONMENT, **MORE}))
        _forget()
        http_client._session().mount("http://", transport)
        yield


def load(names: Iterator[str] | list[str]) -> dict[str, ModuleType]:
    """Every function as Lambda imports it: by path, its client made at import."""
    loaded = {}
    for name in names:
        path = ROOT / "functions" / name / "app.py"
        spec = importlib.util.spec_from_file_location(f"sim_{name}", path)
        assert spec is not None
        assert spec.loader is not None
        loaded[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded[name])
    return loaded


def _forget() -> None:
    """What Lambda keeps between calls of one function must not pass from one run to the next."""
    for cached in (*vars(wiring).values(), http_client._session):
        if hasattr(cached, "cache_clear"):
            cached.cache_clear()
