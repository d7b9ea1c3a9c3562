"""Everything that went in and out, in order."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from local.doubles.model import Json, Now, Reply

LIMIT = 50_000


def iso(wall: float) -> str:
    """Unix seconds as ISO 8601 in UTC with milliseconds."""
    return datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Journal:
    """A bounded list of entries with a sequence number that never goes back, not even after a clear.

    Entries are kept as text: that takes a copy (a body that changes later must not change its entry) and less
    memory.
    """

    def __init__(self, secrets: Callable[[], Iterable[str]] = tuple, limit: int = LIMIT) -> None:
        self._entries: deque[tuple[int, str]] = deque(maxlen=limit)
        self._secrets = secrets
        self._seq = 0

    def add(self, kind: str, now: Now, **facts: Any) -> None:
        """Append one entry; known secrets are blotted out of every value."""
        self._seq += 1
        stamp = {"seq": self._seq, "at": iso(now.wall), "second": round(now.scaled, 3), "kind": kind}
        entry = stamp | {name: _blotted(fact, tuple(self._secrets())) for name, fact in facts.items()}
        self._entries.append((self._seq, json.dumps(entry, ensure_ascii=False, default=str)))

    def since(self, seq: int) -> list[Json]:
        """Entries with a larger sequence number."""
        return [json.loads(text) for number, text in self._entries if number > seq]

    def clear(self) -> None:
        """Forget all entries."""
        self._entries.clear()

    @property
    def last(self) -> int:
        """Sequence number of the newest entry ever written."""
        return self._seq


def _blotted(value: Any, secrets: tuple[str, ...]) -> Any:
    if not secrets:
        return value
    if isinstance(value, dict):
        return {key: _blotted(entry, secrets) for key, entry in value.items()}
    if isinstance(value, list):
        return [_blotted(entry, secrets) for entry in value]
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, "***")
    return value


def parsed(text: str) -> Any:
    """JSON if it is JSON, else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def answer_view(reply: Reply) -> Json:
    """An answer for the journal; ``cut`` means that the caller never saw it."""
    return {"status": reply.status, "body": parsed(reply.body), "hold": reply.hold, "cut": reply.cut}
