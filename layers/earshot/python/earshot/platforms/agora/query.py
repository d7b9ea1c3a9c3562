"""Who is in a channel (docs.agora.io/en/api-reference/api-ref/rtc/query-user-list; status codes:
docs.agora.io/en/api-reference/api-ref/rtc/response-status-codes)."""

import base64
from collections.abc import Callable, Sequence
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import BaseModel, Field, StrictBool, StrictInt, StrictStr

from earshot import http_client
from earshot.answers import read
from earshot.errors import EarshotError, GiveUp, RetryLater
from earshot.log_codes import LogCode
from earshot.secrets import Keyring, Section
from earshot.telemetry import note

PATH = "/dev/v1/channel/user"
TIMEOUT_S = 5.0
REFUSED = frozenset({400, 404, 415})

Count = Annotated[int, Field(strict=True, ge=0)]
Uids = list[StrictInt | StrictStr]


class _Data(BaseModel):
    """Of profile 1 (communication) ``users``, of 2 (live) the others; ``audience`` ends after 10,000."""

    channel_exist: StrictBool
    mode: StrictInt | None = None
    total: Count | None = None
    users: Uids | None = None
    broadcasters: Uids | None = None
    audience: Uids | None = None
    audience_total: Count | None = None


class _Answer(BaseModel):
    success: Literal[True]
    data: _Data


class AgoraQuery:
    """See :class:`earshot.platforms.port.RoomQuery`."""

    batch = 1
    per_second = 20.0
    """Of the account: all its App IDs share them."""

    def __init__(self, base_url: str, keyring: Keyring) -> None:
        self._base_url, self._keyring = base_url, keyring

    def people(
        self, app_id: str, room_ids: Sequence[str], is_recorder: Callable[[str | int], bool]
    ) -> dict[str, int]:
        """Hosts and audience without our recorders."""
        section = self._keyring.section("agora", app_id)
        headers = {"Authorization": _authorization(section), "Content-Type": "application/json"}
        people = {}
        for room_id in room_ids:
            url = f"{self._base_url}{PATH}/{quote(app_id, safe='')}/{_segment(room_id)}"
            answer = http_client.call("GET", url, timeout_s=TIMEOUT_S, headers=headers)
            if answer.status != 200:
                raise _error_for(answer.status, section)
            people[room_id] = _count(read(answer, _Answer, "agora").data, is_recorder)
        return people


def _authorization(section: Section) -> str:
    """The account's key pair, not the certificate."""
    pair = f"{section.newest('customer_id')}:{section.newest('customer_secret')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _segment(channel: str) -> str:
    """Nothing escapes dots: a path that is made shorter asks for another channel."""
    if channel in {"", ".", ".."}:
        raise GiveUp("agora_channel", "a name that no path can carry")
    return quote(channel, safe="")


def _count(data: _Data, is_recorder: Callable[[str | int], bool]) -> int:
    """By the totals, which do not end at 10,000, less the recorders that the lists show."""
    if not data.channel_exist:
        return 0
    if data.mode == 1 and data.users is not None and data.total is not None:
        listed, total = data.users, data.total
    elif data.mode == 2 and None not in (data.broadcasters, data.audience, data.audience_total):
        hosts, audience = data.broadcasters or [], data.audience or []
        listed, total = hosts + audience, len(hosts) + (data.audience_total or 0)
    else:
        raise RetryLater("agora_unreadable", "a channel without the documented lists")
    return max(total, len(listed)) - sum(map(is_recorder, set(listed)))


def _error_for(status: int, section: Section) -> EarshotError:
    if status in (401, 403):
        return section.wrong(
            "customer_secret", f"agora_{status}: refused, or the App ID is of another account"
        )
    if status in REFUSED:
        return GiveUp(f"agora_{status}", "refused")
    if status != 429 and status < 500:
        note(LogCode.ES501, vendor="agora", vendor_code=status)
    return RetryLater(f"agora_{status}", "rate limit" if status == 429 else "no answer of use")


def connect(base_url: Callable[[str], str], keyring: Keyring) -> AgoraQuery:
    """The registry's way in."""
    return AgoraQuery(base_url("AGORA_BASE_URL"), keyring)
