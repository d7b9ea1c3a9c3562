"""Tupu with its HTTP replaced: an account's key, Tupu's key, answers that it signs, and submissions."""

import base64
import json
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from earshot import http_client
from earshot.domain.room import Room
from earshot.errors import EarshotError
from earshot.http_client import Answer
from earshot.vendors.port import Submission
from earshot.vendors.tupu.calls import Calls
from earshot.vendors.tupu.client import TupuClient
from earshot.vendors.tupu.options import check

from tests.contract.samples_tupu import REQUEST_ID
from tests.unit.support import makers
from tests.unit.support.shumei_calls import keyring

BASE = "https://tupu.example.com"
CALLBACK_URL = "https://api.example.com/callbacks/tupu/ref/mac"
SECRET_ID = "5f0a0a0a0a0a0a0a0a0a0a0a"
NOW = 1_700_000_000_999
NONCE = 3_735_928_559


def key(name: str = "vendor", bits: int = 1_024) -> RSAPrivateKey:
    """One for each name, the same during a run; 1024 bits as Tupu's own."""
    return _made(name, bits)


@cache
def _made(_: str, bits: int) -> RSAPrivateKey:
    return generate_private_key(65_537, bits)


def public(name: str = "vendor", bits: int = 1_024) -> str:
    """As the secret has it."""
    held = key(name, bits).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(held).decode()


def private(name: str = "account", bits: int = 1_024) -> str:
    """PEM, as the secret has it."""
    held = key(name, bits).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return held.decode()


def proof(text: str, by: str = "vendor", bits: int = 1_024) -> str:
    """A signature in base64."""
    return base64.b64encode(key(by, bits).sign(text.encode(), PKCS1v15(), SHA256())).decode()


def envelope(said: Any, by: str = "vendor") -> dict[str, str]:
    """What Tupu answers and pushes; ``said`` as it stands if it is text."""
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    return {"json": text, "signature": proof(text, by)}


def account(**changes: Any) -> dict[str, Any]:
    """The settings' section; ``...`` leaves a field out."""
    whole = {"secret_id": SECRET_ID, "private_key": private(), "vendor_public_key": public(), **changes}
    return {name: value for name, value in whole.items() if value is not ...}


def done(**more: Any) -> dict[str, Any]:
    """The success of a submission."""
    head = {"code": 0, "message": "success", "nonce": "0.5442530125172196", "timestamp": 1_700_000_000_123}
    return {**head, "result": [{"requestId": REQUEST_ID}], **more}


@dataclass(frozen=True)
class Case:
    """One submission."""

    platform: str = "url"
    secrets: dict[str, Any] = field(default_factory=dict)
    target: str = "room_mixed"
    keep: str = "all"
    options: dict[str, Any] = field(default_factory=dict)
    watch: dict[str, Any] = field(default_factory=dict)
    room_id: str = "room-42"

    def but(self, **changes: Any) -> "Case":
        return replace(self, **changes)

    def submission(self) -> Submission:
        """As the submit step makes it: the plan was checked, and came back from the table as JSON."""
        checked = json.loads(json.dumps(check(self.target, self.options)))
        plan = {"target": self.target, "vendor": "tupu", "vendor_options": checked, "keep": self.keep}
        seen = makers.watch(
            room=Room(self.platform, "1234567890", self.room_id),
            plan=plan,
            **({"stream_url": "rtmp://live.example.net/app/room-42"} | self.watch),
        )
        return Submission(f"{seen.watch_id}-1a", seen, CALLBACK_URL, self.secrets, "ear-0")


PLAIN = Case()
ZEGO = Case(
    platform="zego",
    secrets={"identify_token": "04AAA+BB/=="},
    options={"zegoFields": {"room_id": "roomId", "app_id": "appId", "token": "Token"}},
)


@dataclass
class Wire:
    """What was sent, and what comes back: one after the other, the last for every further call."""

    answers: list[Answer | Exception]
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, method: str, url: str, **request: Any) -> Answer:
        self.calls.append((method, url, request))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def sent(self) -> list[Any]:
        """The JSON of every call."""
        return [json.loads(request["body"]) for _, _, request in self.calls]


def answered(said: Any, status: int = 200) -> Answer | Exception:
    """Signed, if it is what Tupu would sign."""
    if isinstance(said, Exception | Answer):
        return said
    body = said if isinstance(said, bytes) else json.dumps(envelope(said)).encode()
    return Answer(status, body)


def wired(
    monkeypatch: pytest.MonkeyPatch, *answers: Any, settings: dict[str, Any] | None = None
) -> tuple[TupuClient, Wire]:
    """A client whose calls get these answers."""
    wire = Wire([answered(said) for said in answers])
    monkeypatch.setattr(http_client, "call", wire)
    held = keyring({"tupu": account() if settings is None else settings})
    return TupuClient(Calls(BASE, held, lambda: NOW, lambda: NONCE)), wire


def refused(monkeypatch: pytest.MonkeyPatch, *answers: Any, settings: Any = None) -> EarshotError:
    client, _ = wired(monkeypatch, *answers, settings=settings)
    with pytest.raises(EarshotError) as error:
        client.submit(PLAIN.submission())
    return error.value
