"""The secret and the moderation plan of a deployed stack, filled from the person's own files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from local.failures import StepFailed
from local.servers import NOWHERE
from local.stack import client


def check(settings: Path, plan: Path | None) -> None:
    """Refuse files that no secret and no parameter could be filled from, before anything is started.

    Raises:
        StepFailed: naming the file and what is wrong with it.
    """
    _object(settings, json.loads)
    if plan:
        _object(plan, yaml.safe_load)


def fill_settings(endpoint_url: str, secret: str, path: Path, gin: str | None = None) -> None:
    """Put the settings file into the secret, as it is; but GIN's sample token service is our double, if it runs."""
    document = _object(path, json.loads)
    # The doubles read the same file and keep their own behaviour in it; that is no secret of Earshot's.
    document.pop("doubles", None)
    for app in document.get("gin", {}).values():
        if gin and str(app.get("token_url", "")).startswith(NOWHERE):
            app["token_url"] = app["token_url"].replace(NOWHERE, gin, 1)
    text = json.dumps(document, ensure_ascii=False)
    client(endpoint_url, "secretsmanager").put_secret_value(SecretId=secret, SecretString=text)


def fill_plan(endpoint_url: str, parameter: str, path: Path) -> None:
    """Put the plan file (YAML, of which JSON is a part) into the parameter, as JSON.

    Whether it is a *good* plan is for the functions to say: they validate it on read and name the field.
    """
    text = json.dumps(_object(path, yaml.safe_load), ensure_ascii=False, separators=(",", ":"))
    client(endpoint_url, "ssm").put_parameter(Name=parameter, Value=text, Type="String", Overwrite=True)


def _object(path: Path, parse: Any) -> dict[str, Any]:
    try:
        document = parse(path.read_text("utf-8"))
    except (ValueError, yaml.YAMLError) as error:
        raise StepFailed(f"{path}: {error}") from None
    if not isinstance(document, dict):
        raise StepFailed(f"{path}: must hold an object")
    return document
