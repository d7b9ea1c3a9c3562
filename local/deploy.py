"""The real ``template.yaml``, built and deployed to the emulator with the SAM CLI."""

from __future__ import annotations

import fcntl
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local import processes
from local.environment import for_aws
from local.places import EMULATOR_PYTHON, ROOT, SAM, Home
from local.stack import client

STACK_NAME = "earshot"
API_ID = "earshot"
# Common to all homes, because building the layer takes longer than everything else together; but a layer built for
# another Python (or for Lambda, in .aws-sam) must not be taken for it.
BUILD = ROOT / ".local" / "sam" / platform.python_version()
BUILT = BUILD / "build" / "template.yaml"


def api_url(endpoint_url: str) -> str:
    """Where the HTTP API answers: plain path, so that any client reaches it without resolving a name.

    Known before the deploy, because the API's id is pinned (samconfig.toml, local): the functions can be told.
    """
    return f"{endpoint_url}/_aws/execute-api/{API_ID}"


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Nobody else builds or deploys from the common build meanwhile."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(home: Home) -> None:
    """``sam build``: layers for this very Python, since the emulator runs functions on it."""
    command = [*_sam("build"), "--build-dir", BUILD / "build", "--cached", "--cache-dir", BUILD / "cache"]
    env = _env("http://127.0.0.1:1") | {"LAYER_FOR": "host", "LAYER_PYTHON": str(EMULATOR_PYTHON)}
    processes.run(home, "sam-build", [str(part) for part in command], env)


def deploy(home: Home, endpoint_url: str, parameters: dict[str, str], built: Path = BUILT) -> dict[str, str]:
    """``sam deploy`` of a built template; returns the stack's outputs. Without parameters those that it has stay."""
    given = [f"{name}={_quoted(value)}" for name, value in parameters.items() if value]
    command = [*_sam("deploy"), "--template-file", built]
    command += ["--parameter-overrides", *given] if given else []
    processes.run(home, "sam-deploy", [str(part) for part in command], _env(endpoint_url))
    stacks: dict[str, Any] = client(endpoint_url, "cloudformation").describe_stacks(StackName=STACK_NAME)
    return {output["OutputKey"]: output["OutputValue"] for output in stacks["Stacks"][0]["Outputs"]}


def _quoted(value: str) -> str:
    """As SAM's command line reads a value that has quotes."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if '"' in value else value


def _sam(command: str) -> list[str | Path]:
    # Named, because sam looks for it beside the template, and the built template lies elsewhere.
    return [*SAM, command, "--config-file", ROOT / "samconfig.toml", "--config-env", "local"]


def _env(endpoint_url: str) -> dict[str, str]:
    return for_aws(endpoint_url) | {
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.5",  # seconds between two looks at the stack; 5 by default
        "__SAM_CLI_APP_DIR": str(BUILD / "config"),
    }
