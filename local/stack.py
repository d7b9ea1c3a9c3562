"""``stack.json``: where a running stack is to be found, for people, tests, the demo and ``make down``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

import boto3

from local.environment import REGION
from local.failures import StepFailed
from local.places import Home


@dataclass(frozen=True)
class Stack:
    """A deployed stack. The first six names and ``doubles`` are a contract (DESIGN, section 4)."""

    endpoint_url: str
    region: str
    api_url: str
    bus_name: str
    table_name: str
    state_machine_arn: str
    doubles: dict[str, str]
    settings_secret: str
    plan_parameter: str
    dead_letter_queue_url: str
    time_scale: float
    one_clock: float | None = None
    room_webhooks: dict[str, dict[str, str]] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)
    fingerprint: str = ""

    def client(self, service: str) -> Any:
        """A boto3 client of the emulator."""
        return client(self.endpoint_url, service)


def client(endpoint_url: str, service: str) -> Any:
    """A boto3 client that can reach nothing but this endpoint."""
    return boto3.client(
        service,  # type: ignore[call-overload]  # one function for every service: the overloads are literals
        endpoint_url=endpoint_url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def write(home: Home, stack: Stack) -> None:
    """Publish it; the file appears whole or not at all."""
    fresh = home.stack_file.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(stack), indent=2) + "\n", "utf-8")
    fresh.replace(home.stack_file)


def read(home: Home) -> Stack:
    """The running stack.

    Raises:
        StepFailed: there is none.
    """
    if not home.stack_file.exists():
        raise StepFailed("no stack is up: make up")
    return Stack(**json.loads(home.stack_file.read_text("utf-8")))
