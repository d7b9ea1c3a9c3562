"""Yunxin's three checksums: of calls, of join tokens, and the record tokens that it issues itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from local.doubles.model import Now
from local.doubles.rooms.codec import parsed_object, same, unbase64
from local.doubles.rooms.entrance import NoEntry


def sha1(*parts: object) -> str:
    """SHA-1 over plain concatenation, lower-case hex."""
    return hashlib.sha1("".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


def join_signature(app: str, uid: str, made: int, ttl: int, channel: str, secret: str) -> str:
    """Of a join token; ``made`` in milliseconds."""
    return sha1(app, uid, made, ttl, channel, secret)


@dataclass(frozen=True)
class Join:
    """A join token read back."""

    signature: str
    made: int
    ttl: int


def read_join(text: str) -> Join:
    """Take a join token apart; raises NoEntry."""
    body = parsed_object(unbase64(text))
    for name in ("curTime", "ttl"):
        if not isinstance(body.get(name), int):
            raise NoEntry("malformed", f"{name} is not a number")
    return Join(str(body.get("signature", "")), body["curTime"], body["ttl"])


def check_join(join: Join, who: tuple[str, str, str], secrets: tuple[str, ...], now: Now) -> float:
    """Seconds that a join token has left; ``who``: app, uid, channel."""
    app, uid, channel = who
    made = [join_signature(app, uid, join.made, join.ttl, channel, secret) for secret in secrets]
    if not any(same(one, join.signature) for one in made):
        raise NoEntry("signature", "made for another app, uid or channel, or with another secret")
    left = join.made / 1000 + join.ttl - now.wall
    if left <= 0:
        raise NoEntry("expired", f"ended {-left:.0f} s ago")
    return left


@dataclass
class Record:
    """A record token that was issued."""

    app: str
    channel: str
    uid: str
    ends: float
    clock: str
    used: bool = False


class RecordDesk:
    """Issues record tokens and knows them again."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._count = 0

    def issue(self, record: Record, keep: bool = True) -> str:
        """An opaque text; not ``keep``: one that nobody will know."""
        self._count += 1
        text = sha1("record", record.app, record.channel, record.uid, round(record.ends * 1000), self._count)
        if keep:
            self._records[text] = record
        return text

    def find(self, text: str) -> Record | None:
        """What was issued under a text."""
        return self._records.get(text)
