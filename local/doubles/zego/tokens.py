"""IdentifyTokens: unguessable, short-lived, good for one audit request (page "GenerateIdentifyToken") [S]."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from local.doubles.model import Json, Now


@dataclass
class Token:
    """A token without its value."""

    mark: str
    app_id: str
    minted: float
    expires: float
    clock: str
    used_by: str | None = None

    def state(self, now: Now) -> str:
        """fresh, used or expired; a token that was used stays "used" (a running audit outlives it) [S]."""
        if self.used_by is not None:
            return "used"
        return "expired" if self._at(now) >= self.expires else "fresh"

    def _at(self, now: Now) -> float:
        return now.wall if self.clock == "real" else now.scaled


class TokenDesk:
    """Mints tokens and redeems each once."""

    def __init__(self, entropy: Callable[[int], str] = secrets.token_hex) -> None:
        self._entropy = entropy
        self._tokens: dict[str, Token] = {}

    def mint(self, app_id: str, seconds: int, clock: str, now: Now, keep: bool = True) -> str:
        """A new token; 32 characters like the vendor's sample. Not ``keep``: one that nobody will know."""
        value = self._entropy(16)
        start = now.wall if clock == "real" else now.scaled
        if keep:
            mark = hashlib.sha256(value.encode()).hexdigest()[:12]
            self._tokens[value] = Token(mark, app_id, start, start + seconds, clock)
        return value

    def redeem(self, value: str, by: str, now: Now) -> str:
        """Use a token: ``ok``, ``unknown``, ``expired`` or ``used``."""
        token = self._tokens.get(value)
        if token is None:
            return "unknown"
        state = token.state(now)
        if state != "fresh":
            return state
        token.used_by = by
        return "ok"

    def app_of(self, value: str) -> str:
        """The app that a token was minted for; empty for an unknown one."""
        token = self._tokens.get(value)
        return token.app_id if token else ""

    def view(self, now: Now) -> list[Json]:
        """All tokens, named by a hash prefix only."""
        return [
            {
                "sha256": token.mark,
                "app_id": token.app_id,
                "state": token.state(now),
                "used_by": token.used_by,
                "minted": round(token.minted, 3),
                "expires": round(token.expires, 3),
                "clock": token.clock,
            }
            for token in self._tokens.values()
        ]
