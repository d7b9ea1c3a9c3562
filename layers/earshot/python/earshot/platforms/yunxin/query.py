"""Who is in a NERTC room (doc.yunxin.163.com/nertc/server-apis/jUzODcwODE; the answer's shape is from
github.com/netease-im/yunxin-server-sdk-golang, src/rtc/room)."""

import secrets
from collections.abc import Callable, Sequence
from typing import Annotated
from urllib.parse import quote, urlencode

from pydantic import BaseModel, Field, StrictInt, StrictStr

from earshot import http_client
from earshot.answers import read
from earshot.clock import now_ms
from earshot.errors import EarshotError, RetryLater
from earshot.log_codes import LogCode
from earshot.platforms.yunxin.signing import api_headers
from earshot.secrets import Keyring, Section
from earshot.telemetry import note

PATH = "/v3/api/rooms/members"
TIMEOUT_S = 5.0

OK = frozenset({0, 200})
CREDENTIALS = frozenset({401, 403, 414})
"""414 is what a wrong checksum gets (secret or clock)."""
RETRIED = frozenset({416, 429, 500, 502, 503, 504})
NOT_FOUND = 404
"""Unconfirmed: no page says what a room gets that is gone. 404 is Yunxin's «no such data, for instance a room», but
of its meetings (doc.commsease.com/meeting/server-apis/DEwNTU4MTg), and what a wrong address may get as well."""


class _Member(BaseModel):
    uid: StrictInt | StrictStr


class _Room(BaseModel):
    cname: str | None = None
    total: Annotated[int, Field(strict=True, ge=0)] | None = None
    members: list[_Member]


class _Status(BaseModel):
    """A code that is absent is a success: so the vendor's own SDK reads it."""

    code: StrictInt = 0


class YunxinQuery:
    """See :class:`earshot.platforms.port.RoomQuery`; ``now`` is epoch ms."""

    batch = 1
    per_second = 50.0
    """About that many, says Yunxin."""

    def __init__(
        self, base_url: str, keyring: Keyring, nonce: Callable[[], str], now: Callable[[], int]
    ) -> None:
        self._base_url, self._keyring, self._nonce, self._now = base_url, keyring, nonce, now

    def people(
        self, app_id: str, room_ids: Sequence[str], is_recorder: Callable[[str | int], bool]
    ) -> dict[str, int]:
        """Members without our recorders. A room that Yunxin does not find is left out: nobody can tell."""
        section = self._keyring.section("yunxin", app_id)
        secret = section.newest("app_secret")
        found = {}
        for room_id in room_ids:
            headers = api_headers(app_id, secret, self._nonce(), self._now() // 1000)
            room = self._room(room_id, headers, section)
            if room is not None:
                found[room_id] = _count(room, room_id, is_recorder)
        return found

    def _room(self, room_id: str, headers: dict[str, str], section: Section) -> _Room | None:
        # %20 and no plus: a name that is read wrongly is a room without people.
        query = urlencode({"cname": room_id}, quote_via=quote, safe="")
        kind = {"Content-Type": "application/json"}
        url = f"{self._base_url}{PATH}?{query}"
        answer = http_client.call("GET", url, timeout_s=TIMEOUT_S, headers=headers | kind)
        if answer.status in (401, 403):
            raise _error_for(answer.status, section)
        said = read(answer, _Status, "yunxin").code
        if said == NOT_FOUND:
            note(LogCode.ES501, vendor="yunxin", vendor_code=said)
            return None
        if said not in OK or answer.status != 200:
            raise _error_for(answer.status if said in OK else said, section)
        return read(answer, _Room, "yunxin")


def _count(room: _Room, room_id: str, is_recorder: Callable[[str | int], bool]) -> int:
    """By the total, should it be more than are listed: no page says how many a list may hold (unconfirmed)."""
    if room.cname not in (None, room_id):
        raise RetryLater("yunxin_unreadable", "the members of another room")
    listed = {member.uid for member in room.members}
    return max(room.total or 0, len(listed)) - sum(map(is_recorder, listed))


def _error_for(code: int, section: Section) -> EarshotError:
    if code in CREDENTIALS:
        return section.wrong("app_secret", f"yunxin_{code}: refused, or a wrong clock")
    if code not in RETRIED:
        note(LogCode.ES501, vendor="yunxin", vendor_code=code)
    return RetryLater(
        f"yunxin_{code}", "rate limit or error inside" if code in RETRIED else "undocumented code"
    )


def connect(base_url: Callable[[str], str], keyring: Keyring) -> YunxinQuery:
    """The registry's way in; the nonce is 32 hex characters from the system's random source."""
    return YunxinQuery(base_url("YUNXIN_RTC_BASE_URL"), keyring, lambda: secrets.token_hex(16), now_ms)
