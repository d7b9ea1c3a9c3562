"""template.yaml as written and as SAM transforms it, without AWS."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
REGION, ACCOUNT_ID = "us-east-1", "123456789012"
FAKE_AWS = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""What Lambda's runtime adds to a function's own variables, as far as an SDK needs it."""
LOCAL_PATHS = ("CodeUri", "ContentUri", "DefinitionUri")


@dataclass(frozen=True)
class Function:
    """One function: its folder under functions/, its transformed resource and its role's policies."""

    name: str
    logical_id: str
    properties: Mapping[str, Any]
    role: Mapping[str, Any]

    @property
    def variables(self) -> dict[str, Any]:
        """Environment variables, unresolved."""
        return dict(self.properties["Environment"]["Variables"])


@contextmanager
def fake_aws() -> Iterator[None]:
    """An environment in which no AWS client can find a real account."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with mock.patch.dict(os.environ, {**kept, **FAKE_AWS}, clear=True):
        yield


@cache
def _written() -> dict[str, Any]:
    document: dict[str, Any] = yaml_parse((ROOT / "template.yaml").read_text("utf-8"))
    return document


def written() -> dict[str, Any]:
    """The template as its author wrote it; intrinsics in their long form."""
    return copy.deepcopy(_written())


@cache
def transformed() -> dict[str, Any]:
    """The template as CloudFormation gets it. What `sam package` uploads is a made-up S3 address."""
    document = written()
    for resource in document["Resources"].values():
        properties = resource.get("Properties", {})
        for name in LOCAL_PATHS:
            if name in properties:
                properties[name] = {"Bucket": "bucket", "Key": properties[name]}
    defaults = {name: str(spec.get("Default", "")) for name, spec in document["Parameters"].items()}
    with fake_aws():
        result: dict[str, Any] = Translator({}, Parser()).translate(document, defaults)
    return result


def resources(kind: str | None = None) -> dict[str, dict[str, Any]]:
    """Transformed resources by logical id."""
    found: dict[str, dict[str, Any]] = transformed()["Resources"]
    return {name: body for name, body in found.items() if kind in {None, body["Type"]}}


@cache
def functions() -> dict[str, Function]:
    """Every function of the bundle, by its folder's name."""
    found = {}
    for logical_id, body in resources("AWS::Lambda::Function").items():
        properties = body["Properties"]
        name = Path(properties["Code"]["S3Key"]).name
        role = resources()[properties["Role"]["Fn::GetAtt"][0]]["Properties"]
        found[name] = Function(name, logical_id, properties, role)
    return found


@cache
def machine() -> dict[str, Any]:
    """The state machine's definition, substitutions not yet made."""
    path = ROOT / "functions/room_lifecycle/room_lifecycle.asl.json"
    definition: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return definition
