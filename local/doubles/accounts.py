"""Who is known to the doubles: the same JSON document as Earshot's secret."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.doubles.model import Json
from local.doubles.settings import BadField

# Lets anybody start without a file. The ServerSecret is the one of the vendor sheet's own signature example.
DEFAULT: Json = {
    "zego": {"1234567890": {"server_secret": "0123456789abcdef0123456789abcdef"}},
    "shumei": {"access_key": "AK_EXAMPLE", "app_id": "default"},
}


@dataclass(frozen=True)
class Accounts:
    """Known ZEGO apps and the known Shumei organisation."""

    zego: dict[str, tuple[str, ...]] = field(default_factory=dict)
    shumei_keys: tuple[str, ...] = ()
    shumei_app_id: str = "default"

    @staticmethod
    def read(document: Json) -> Accounts:
        """From a document; other vendors' entries in it are ignored."""
        zego = {
            str(app): _several(f"zego.{app}.server_secret", entry.get("server_secret"))
            for app, entry in document.get("zego", {}).items()
        }
        shumei = document.get("shumei", {})
        keys = _several("shumei.access_key", shumei["access_key"]) if shumei else ()
        return Accounts(zego, keys, str(shumei.get("app_id", "default")))


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
