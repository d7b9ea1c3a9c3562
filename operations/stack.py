"""Which stack is meant, and how to reach it: nobody types an ARN."""

from __future__ import annotations

import json
import time
import tomllib
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from earshot.store.dynamo.store import DynamoStore

ROOT = Path(__file__).resolve().parent.parent
LOCAL = "local"
MakeClient = Callable[[str], Any]


class NoStack(Exception):
    """What was asked for cannot be found; the message says what to do."""


@dataclass(frozen=True)
class Stack:
    """A deployed stack; ``client`` makes a client of its account."""

    name: str
    table_name: str
    state_machine_arn: str
    client: MakeClient

    def store(self) -> DynamoStore:
        """Its table."""
        return DynamoStore(self.client("dynamodb"), self.table_name, lambda: round(time.time() * 1000))


def arguments(description: str) -> ArgumentParser:
    """What every command understands."""
    parser = ArgumentParser(description=description)
    parser.add_argument("--stack", default="", help=f"its name; '{LOCAL}' is that of `make up`")
    parser.add_argument(
        "--env", default="prod", help="the environment of samconfig.toml that names it otherwise"
    )
    return parser


def find(stack: str, env: str, root: Path = ROOT) -> Stack:
    """The stack of that name, or of that environment. Raises NoStack."""
    if stack == LOCAL:
        return _local(root)
    configured = _configured(root, env)
    session: Any = boto3.session.Session(region_name=configured.get("region"))
    return deployed(stack or configured["stack_name"], session.client)


def deployed(name: str, client: MakeClient) -> Stack:
    """By its outputs, with the credentials and the region of the environment. Raises NoStack."""
    try:
        found = client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except (ClientError, BotoCoreError) as error:
        raise NoStack(f"stack {name} cannot be looked at: {error}") from None
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found[0].get("Outputs", [])}
    if not {"TableName", "StateMachineArn"} <= set(outputs):
        raise NoStack(f"stack {name} is not Earshot's: it has no outputs TableName and StateMachineArn")
    return Stack(name, outputs["TableName"], outputs["StateMachineArn"], client)


def _configured(root: Path, env: str) -> Mapping[str, str]:
    config = tomllib.loads((root / "samconfig.toml").read_text("utf-8"))
    parameters: Mapping[str, str] | None = config.get(env, {}).get("global", {}).get("parameters")
    if not parameters or "stack_name" not in parameters:
        raise NoStack(f"samconfig.toml has no stack for ENV={env}; STACK= names one")
    return parameters


def _local(root: Path) -> Stack:
    path = root / ".local" / "stack.json"
    if not path.exists():
        raise NoStack("no local stack is up: make up")
    said = json.loads(path.read_text("utf-8"))

    def client(service: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]  # one function for every service: the overloads are literals
            endpoint_url=said["endpoint_url"],
            region_name=said["region"],
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - of an emulator
        )

    return Stack(LOCAL, said["table_name"], said["state_machine_arn"], client)
