"""What ``template.yaml`` says of its functions: time-outs, schedules, which events they are for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from local.places import TEMPLATE

UNITS = {"minute": 60, "hour": 3_600, "day": 86_400}
FUNCTION = "AWS::Serverless::Function"


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags, whose meaning does not matter here."""


def _any_tag(loader: _Loader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value if isinstance(node, yaml.ScalarNode) else None


_Loader.add_multi_constructor("!", _any_tag)


@dataclass(frozen=True)
class Function:
    """``every_s``: its schedule; ``patterns``: events of the bus that it is for; ``retries``: of an asynchronous
    call that fails; ``relays``: it reads the table's stream."""

    name: str
    resource: str
    timeout_s: float
    every_s: float | None = None
    patterns: tuple[Mapping[str, Any], ...] = ()
    retries: int = 2
    relays: bool = False
    batch: int = 100
    attempts: int = 100
    environment: Mapping[str, Any] = field(default_factory=dict)


def functions() -> dict[str, Function]:
    """By name of their folder."""
    document = yaml.load(TEMPLATE.read_text("utf-8"), Loader=_Loader)
    default = float(document["Globals"]["Function"]["Timeout"])
    found = {}
    for resource, body in document["Resources"].items():
        if body["Type"] == FUNCTION:
            made = _function(resource, body["Properties"], default)
            found[made.name] = made
    return found


def _function(resource: str, properties: Mapping[str, Any], timeout_s: float) -> Function:
    name = str(properties["CodeUri"]).rstrip("/").rsplit("/", 1)[-1]
    events = [(event["Type"], event["Properties"]) for event in properties.get("Events", {}).values()]
    schedules = [_rate(str(about["Schedule"])) for kind, about in events if kind.startswith("Schedule")]
    streams = [about for kind, about in events if kind == "DynamoDB"]
    return Function(
        name,
        resource,
        float(properties.get("Timeout", timeout_s)),
        every_s=min(schedules, default=None),
        patterns=tuple(about["Pattern"] for kind, about in events if kind == "EventBridgeRule"),
        retries=int(properties.get("EventInvokeConfig", {}).get("MaximumRetryAttempts", 2)),
        relays=bool(streams),
        batch=int(streams[0]["BatchSize"]) if streams else 100,
        attempts=int(streams[0]["MaximumRetryAttempts"]) if streams else 100,
        environment=properties.get("Environment", {}).get("Variables", {}),
    )


def _rate(text: str) -> float:
    found = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", text)
    if found is None:
        raise ValueError(f"schedule {text}")
    return float(int(found[1]) * UNITS[found[2]])


def wants(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether a rule's pattern is for an event: lists of values, and objects of them."""
    for name, wanted in pattern.items():
        value = event.get(name)
        if isinstance(wanted, Mapping):
            if not isinstance(value, Mapping) or not wants(wanted, value):
                return False
        elif value not in wanted:
            return False
    return True
