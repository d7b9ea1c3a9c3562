"""Who is known to the doubles: the same JSON document as Earshot's secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.doubles.model import Json
from local.doubles.settings import BadField
from local.doubles.tupu import sample as tupu

# Lets anybody start without a file: what the vendor sheets' own examples are made with.
DEFAULT: Json = {
    "zego": {
        "1234567890": {
            "server_secret": "0123456789abcdef0123456789abcdef",
            "callback_secret": "earshot-sample-callback-secret",
        }
    },
    "agora": {
        "970CA35de60c44645bbae8a215061b33": {
            "app_certificate": "5CFd2fd1755d40ecb72977518be15d3b",
            "webhook_secret": "earshot-sample-agora-webhook-secret",
            "customer_id": "earshot-sample-customer",
            "customer_secret": "earshot-sample-customer-secret",
        }
    },
    "trtc": {
        "1400000000": {
            "secret_key": "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e",
            "webhook_key": "earshotsampletrtcwebhookkey",
        }
    },
    "volcengine": {
        "123456781234567812345678": {
            "app_key": "earshot-sample-app-key",
            "webhook_secret": "earshot-sample-volcengine-webhook-secret",
            "access_key_id": "AKLTEXAMPLE",
            "secret_access_key": "earshot-sample-secret-access-key",
        }
    },
    "yunxin": {"c37bf7a8758a4ed00000000000000000": {"app_secret": "c00000000000"}},
    "gin": {"game-7": {"token_key": "earshot-sample-token-key"}},
    "shumei": {"access_key": "AK_EXAMPLE", "app_id": "default"},
    "yidun": {"secret_id": "a" * 32, "secret_key": "c" * 32, "business_id": "b" * 32},
    "tupu": {
        "secret_id": tupu.SECRET_ID,
        "private_key": tupu.PRIVATE_KEY,
        "vendor_public_key": tupu.VENDOR_PUBLIC_KEY,
    },
    "volcengine_content": {
        "access_key_id": "AKTESTEXAMPLE0001",
        "secret_access_key": "c2VjcmV0LXRlc3QtZXhhbXBsZQ==",
        "app_id": "12345",
    },
    "yitu": {"dev_id": "12345", "dev_key": "devkey-test-example"},
    "lyrebird": {
        "account": "lb-10001",
        "api_key": "lyrebird-sample-api-key",
        "webhook_secret": "lyrebird-sample-webhook-secret",
    },
}
# Secrets of one app, by platform. Only ZEGO's first one must be there: it was here before there were rooms.
SECRETS: dict[str, tuple[str, ...]] = {
    "zego": ("server_secret", "callback_secret"),
    "agora": ("app_certificate", "webhook_secret", "customer_id", "customer_secret"),
    "trtc": ("secret_key", "webhook_key"),
    "volcengine": ("app_key", "webhook_secret", "access_key_id", "secret_access_key"),
    "yunxin": ("app_secret",),
    "gin": ("token_key",),
}
ACCOUNTS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "yidun": ("secret_id", ("secret_key",), ("business_id",)),
    "tupu": ("secret_id", ("private_key",), ("vendor_public_key",)),
    "volcengine_content": ("access_key_id", ("secret_access_key",), ("app_id",)),
    "yitu": ("dev_id", ("dev_key",), ()),
    "lyrebird": ("account", ("api_key", "webhook_secret"), ()),
}
"""Vendors with one account: what names it, what must be there, what may. Without Yidun's ``business_id``: the
solution product only."""
REQUIRED = {("zego", "server_secret")}
NO_SECRETS = {"customer_id", "access_key_id", "business_id", "vendor_public_key", "app_id"}
App = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Accounts:
    """Known apps of every platform, accounts of vendors among them, and the known Shumei organisation."""

    zego: dict[str, tuple[str, ...]] = field(default_factory=dict)
    shumei_keys: tuple[str, ...] = ()
    shumei_app_id: str = "default"
    apps: dict[str, dict[str, App]] = field(default_factory=dict)

    @staticmethod
    def read(document: Json) -> Accounts:
        """From a document; other vendors' entries in it are ignored."""
        apps = {
            platform: {str(app): _app(f"{platform}.{app}", platform, entry) for app, entry in known.items()}
            for platform in SECRETS
            if (known := document.get(platform, {}))
        }
        apps |= {vendor: _account(vendor, document[vendor]) for vendor in ACCOUNTS if document.get(vendor)}
        zego = {app: secrets["server_secret"] for app, secrets in apps.get("zego", {}).items()}
        shumei = document.get("shumei", {})
        keys = _several("shumei.access_key", shumei["access_key"]) if shumei else ()
        return Accounts(zego, keys, str(shumei.get("app_id", "default")), apps)

    def secret(self, platform: str, app_id: str, name: str) -> tuple[str, ...]:
        """Every right value of a secret, newest first; nothing for an unknown app."""
        return self.apps.get(platform, {}).get(app_id, {}).get(name, ())

    def secrets_of(self, platform: str) -> list[str]:
        """Everything that a platform's journal must not show."""
        apps = self.apps.get(platform, {}).values()
        return [v for app in apps for name, many in app.items() if name not in NO_SECRETS for v in many]


def _account(vendor: str, entry: Json) -> dict[str, App]:
    """One account, kept like an app: by what names it to the vendor."""
    named_by, secrets, optional = ACCOUNTS[vendor]
    known = {name: _several(f"{vendor}.{name}", entry.get(name)) for name in secrets}
    known |= {name: _several(f"{vendor}.{name}", entry[name]) for name in optional if entry.get(name)}
    return {_several(f"{vendor}.{named_by}", entry.get(named_by))[0]: known}


def _app(where: str, platform: str, entry: Json) -> App:
    return {
        name: _several(f"{where}.{name}", entry.get(name))
        for name in SECRETS[platform]
        if name in entry or (platform, name) in REQUIRED
    }


def _several(name: str, value: Any) -> tuple[str, ...]:
    """One secret or, during rotation, a list of which any member is right."""
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(v, str) and v for v in values):
        raise BadField(name, "must be a string or a list of strings")
    return tuple(values)


def load(path: Path | None) -> tuple[Accounts, Json]:
    """Accounts, and the behaviour settings under the key ``doubles``, of a settings file."""
    document: Json = json.loads(path.read_text("utf-8")) if path else DEFAULT
    return Accounts.read(document), document.get("doubles", {})
