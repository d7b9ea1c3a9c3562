"""The Shumei client with its HTTP call replaced."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from earshot import http_client
from earshot.http_client import Answer
from earshot.secrets import Keyring, Secret
from earshot.vendors.port import Submission
from earshot.vendors.shumei.client import ShumeiClient

from tests.unit.support import makers
from tests.unit.support.secretsmanager import FakeSecretsManager

BASE = "http://api-audiostream-{cluster}.fengkongcloud.com"
SETTINGS = {"shumei": {"access_key": "AK_EXAMPLE", "app_id": "default"}}


def keyring(settings: Any) -> Keyring:
    """A keyring over these settings."""
    client: Any = FakeSecretsManager(AWSCURRENT=json.dumps(settings))
    return Keyring(Secret(client, "settings", lambda: 0))


def submission(platform: str = "zego", **fields: Any) -> Submission:
    """A submission of a watch whose plan has these fields; ``watch`` changes the watch."""
    changes = fields.pop("watch", {})
    secrets = fields.pop("secrets", {"identify_token": "IDENTIFY_TOKEN_FRESH"})
    seen = makers.watch(plan=makers.plan(platform, **fields), account_id="owner-42", **changes)
    return Submission(f"{seen.watch_id}-1a", seen, "https://api.example.com/callbacks/x", secrets)


@dataclass
class Wire:
    """What was sent, and what comes back."""

    answer: Answer | Exception
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, method: str, url: str, **request: Any) -> Answer:
        self.calls.append((method, url, request))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    @property
    def sent(self) -> Any:
        """The JSON of the last call."""
        return json.loads(self.calls[-1][2]["body"])


def wired(
    monkeypatch: pytest.MonkeyPatch, answer: Any, status: int = 200, settings: Any = None
) -> tuple[ShumeiClient, Wire]:
    """A client whose calls get ``answer``: JSON, raw bytes or an exception."""
    if isinstance(answer, Exception):
        wire = Wire(answer)
    else:
        body = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
        wire = Wire(Answer(status, body))
    monkeypatch.setattr(http_client, "call", wire)
    return ShumeiClient(BASE, keyring(settings or SETTINGS)), wire
