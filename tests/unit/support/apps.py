"""A function's ``app.py`` with everything it is made of replaced, loaded as Lambda loads it."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from earshot import clock, wiring
from earshot.store.dynamo.segments import DynamoSegments
from earshot.store.memory import MemoryStore
from earshot.store.port import Segment

from tests.unit.support.root import FUNCTIONS
from tests.unit.support.world import BASE, KEY, World

Handler = Callable[[Any, object], Any]

ENVIRONMENT = {
    "TABLE_NAME": "earshot",
    "BUS_NAME": "earshot",
    "MACHINE_VERSION": "0123456789ab",
    "STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:earshot",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.example.com/dead-letters",
    "CALLBACK_BASE_URL": BASE,
}


class Twin(MemoryStore):
    """The in-memory store, with the one reading of stream images that a relay asks of it."""

    def assemble(self, item: dict[str, Any]) -> Segment:
        return DynamoSegments.assemble(self, item)  # type: ignore[arg-type]


@dataclass
class Clients:
    """Every AWS client at once."""

    letters: list[str] = field(default_factory=list)
    published: list[dict[str, str]] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)

    def send_message(self, **request: str) -> None:
        assert request["QueueUrl"] == ENVIRONMENT["DEAD_LETTER_QUEUE_URL"]
        self.letters.append(request["MessageBody"])

    def put_events(self, **request: list[dict[str, str]]) -> dict[str, Any]:
        self.published += request["Entries"]
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "e"} for _ in request["Entries"]]}

    def send_task_success(self, **request: str) -> None:
        self.woken.append(request["taskToken"])


class Deployment:
    """The functions over one world."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self.clients = World(store=Twin()), Clients()
        for name, value in ENVIRONMENT.items():
            monkeypatch.setenv(name, value)
        parts: dict[str, Any] = {
            "store": lambda: self.world.store,
            "inbox": lambda: self.world.store,
            "starter": lambda: self.world.starter,
            "vendor": lambda _: self.world.vendor,
            "platform": lambda _: self.world.platform,
            "plan_reader": lambda: lambda: self.world.plans,
            "callback_keys": lambda: lambda _: (KEY,),
            "client": lambda _: self.clients,
            "limits": lambda: self.world.limits,
            "ready": lambda: None,
        }
        for name, part in parts.items():
            assert hasattr(wiring, name)
            monkeypatch.setattr(wiring, name, part)
        monkeypatch.setattr(clock, "now_ms", self.world.clock)

    def handler(self, function: str) -> Handler:
        """The handler of ``functions/<function>/app.py``, freshly loaded."""
        spec = importlib.util.spec_from_file_location(f"app_{function}", FUNCTIONS / function / "app.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        handler: Handler = module.handler
        return handler
