"""A platform's webhook that understands what a test says, and the door in front of it."""

import json
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from earshot.contract.plan import Plan
from earshot.errors import Refused
from earshot.platforms import registry
from earshot.platforms.port import Delivery, Notice, NotUnderstood
from earshot.secrets import Keyring, Secret, Section
from earshot.store.memory import MemoryStore
from earshot.usecases.ingest_room_webhook import IngestRoomWebhook, Webhooked
from earshot.usecases.recorders import Recorders
from earshot.usecases.take_notice import TakeNotice

from tests.unit.support.attending import Scene, Watched
from tests.unit.support.secretsmanager import FakeSecretsManager

APP = "1234567890"
SIGNATURE, SIGNING_SECRET, URL_KEY = "s1gnature", "s1gning-secret", "an-address-key-of-32-characters!"
BODY = b'{"s3cret": "words"}'
MAX_AGE_MS = 900_000
SETTINGS: dict[str, Any] = {"webhook_secret": SIGNING_SECRET, "url_key": URL_KEY}


@dataclass
class Hook:
    """A signature is the secret and a mark; ``said`` is what any body says."""

    said: Notice | NotUnderstood | None = None
    sent_at: int | None = None
    COVERS_BODY: bool = True
    ANSWER: str = '{"taken":true}'
    verified: list[Delivery] = field(default_factory=list)

    def verify(self, delivery: Delivery, secrets: Section) -> int | None:
        self.verified.append(delivery)
        if delivery.headers.get("signature") not in [signed(one) for one in secrets.all("webhook_secret")]:
            raise Refused("not_authenticated")
        return self.sent_at

    def read(self, delivery: Delivery) -> Notice | None:
        if isinstance(self.said, NotUnderstood):
            raise self.said
        return self.said


def signed(secret: str) -> str:
    return f"{SIGNATURE}-{secret}"


def delivery(secret: str = SIGNING_SECRET, app_id: str = APP, body: bytes = BODY) -> Delivery:
    return Delivery(app_id, {"signature": signed(secret)}, body)


@dataclass
class Door:
    """The use case over a scene; ``settings`` of the app may be put anew."""

    scene: Scene = field(default_factory=Scene)
    hook: Hook = field(default_factory=Hook)
    plans: dict[str, Plan] = field(default_factory=lambda: {"default": Plan()})
    secrets: FakeSecretsManager = field(default_factory=FakeSecretsManager)
    platform: str = "agora"

    def __post_init__(self) -> None:
        if not self.secrets.stages:
            self.put(SETTINGS)
        client = cast(Any, self.secrets)
        self.keyring = Keyring(Secret(client, "id", self.scene.world.clock))
        self.recorders = Recorders(lambda: self.plans)

    def put(self, fields: Any, app_id: str = APP) -> None:
        self.secrets.stages["AWSCURRENT"] = json.dumps({self.platform: {app_id: fields}})

    def patched(self, monkeypatch: pytest.MonkeyPatch) -> "Door":
        """The fake in the place of the platform's own."""
        known = {self.platform: self.hook}
        monkeypatch.setattr(registry, "webhook", known.get)
        return self

    def __call__(self, came: Delivery | None = None, key: str = URL_KEY, **more: Any) -> str:
        """One delivery; the answer."""
        store = cast(MemoryStore, Watched(self.scene.store, self.scene.before))
        ingest = IngestRoomWebhook(
            store,
            self.keyring,
            lambda: self.plans,
            self.recorders,
            TakeNotice(store, self.scene.tell, self.scene.world.clock, 60_000),
            self.scene.world.clock,
            MAX_AGE_MS,
        )
        fields = {"platform": self.platform, "delivery": came or delivery(), "key": key, **more}
        return ingest(Webhooked(**fields))

    @property
    def left_nothing(self) -> bool:
        """Nothing is stored and nothing was told."""
        store = self.scene.store
        return not (store._notices or store._people or store._attendances or self.scene.told)
