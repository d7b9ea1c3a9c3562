"""The bundle's next release, deployed over a stack that is in use, as ``make deploy`` deploys it to AWS."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import yaml

from local import deploy, routes
from local.places import Home
from local.stack import Stack

MARK = "Released"
"""The state that executions of the next release go through first."""


def roll_out(home: Home, stack: Stack, name: str) -> None:
    """Change every function, both layers and the machine, and deploy; returns when the deployment is complete.

    Raises:
        StepFailed: it was not.
    """
    folder = home.scratch / f"release-{name}"
    with deploy.one_at_a_time():
        built = _next_release(folder, name)
    deploy.deploy(home, stack.endpoint_url, {}, built)
    routes.create(stack.endpoint_url)


def _next_release(folder: Path, name: str) -> Path:
    """A copy of what was built, changed; returns the path of its template."""
    built = deploy.BUILD / "build"
    text = (built / "template.yaml").read_text("utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    for logical_id, resource in document["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            _copy(built, folder, logical_id, properties, "CodeUri")
            _append(folder / logical_id / "app.py", f"\n# {name}\n")
        elif resource["Type"] == "AWS::Serverless::LayerVersion":
            _copy(built, folder, logical_id, properties, "ContentUri")
            _append(
                folder / logical_id / "python" / f"release_{name.replace('-', '_')}.py", f"NAME = {name!r}\n"
            )
        elif resource["Type"] == "AWS::Serverless::StateMachine":
            version = properties["DefinitionSubstitutions"].get("Version")
            definition = (built / properties["DefinitionUri"]).read_text("utf-8")
            _write(folder / "machine.asl.json", _marked(json.loads(definition)))
            properties["DefinitionUri"] = "machine.asl.json"
    changed = yaml.safe_dump(document, allow_unicode=True)
    if version:  # told to the functions too: executions of another version hand over
        changed = changed.replace(str(version), f"{version}-{name}")
    (folder / "template.yaml").write_text(changed, "utf-8")
    return folder / "template.yaml"


def _copy(built: Path, folder: Path, logical_id: str, properties: dict[str, Any], where: str) -> None:
    source = Path(os.path.normpath(built / properties[where]))
    shutil.copytree(source, folder / logical_id, ignore=shutil.ignore_patterns("__pycache__"))
    properties[where] = logical_id


def _append(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as written:
        written.write(text)


def _write(file: Path, document: dict[str, Any]) -> None:
    file.write_text(json.dumps(document, ensure_ascii=False, indent=2), "utf-8")


def _marked(definition: dict[str, Any]) -> dict[str, Any]:
    first = {MARK: {"Type": "Pass", "Next": definition["StartAt"]}}
    return definition | {"StartAt": MARK, "States": first | definition["States"]}
