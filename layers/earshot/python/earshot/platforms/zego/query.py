"""``DescribeUserNum``: how many are in up to ten rooms (docs.zegocloud.com/article/9788)."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated
from urllib.parse import quote, urlencode

from pydantic import BaseModel, Field, WrapValidator

from earshot import http_client
from earshot.answers import or_none, read
from earshot.clock import now_ms
from earshot.errors import RetryLater
from earshot.platforms.zego import codes
from earshot.platforms.zego.calls import signed
from earshot.secrets import Keyring, Section

TIMEOUT_S = 5.0
IS_TEST = {None: None, "true": True, "false": False}
Count = Annotated[int, Field(strict=True, ge=0)]


class _Room(BaseModel):
    RoomId: str
    UserCount: Count
    # Left out, nobody is taken for a robot: too many people keep a room open, too few would close it.
    AdminUserCount: Count = 0


class _Data(BaseModel):
    UserCountList: list[_Room]


class _Answer(BaseModel):
    Code: int
    Data: Annotated[_Data | None, WrapValidator(or_none)] = None


class ZegoQuery:
    """See :class:`earshot.platforms.port.RoomQuery`; ``now`` is epoch ms."""

    batch = 10
    per_second = 10.0

    def __init__(
        self, base_url: str, keyring: Keyring, nonce: Callable[[], str], now: Callable[[], int]
    ) -> None:
        self._base_url, self._keyring, self._nonce, self._now = base_url, keyring, nonce, now

    def people(
        self, app_id: str, room_ids: Sequence[str], is_recorder: Callable[[str | int], bool]
    ) -> dict[str, int]:
        """Users without robots, whom ZEGO itself counts apart; it tells no ids."""
        del is_recorder
        section = self._keyring.section("zego", app_id)
        params = signed(
            "DescribeUserNum",
            app_id,
            section.newest("server_secret"),
            nonce=self._nonce(),
            now_s=self._now() // 1000,
            is_test=_is_test(section),
        )
        answer = self._get(params, room_ids)
        if answer.Code != 0:
            raise codes.error_for(answer.Code, app_id)
        if answer.Data is None:
            raise _unreadable("success without the documented UserCountList")
        return _counted(room_ids, answer.Data.UserCountList)

    def _get(self, params: Mapping[str, str], room_ids: Sequence[str]) -> _Answer:
        # %20 and no plus: a name that is read wrongly is a room without people.
        query = urlencode([*params.items(), *(("RoomId[]", name) for name in room_ids)], quote_via=quote)
        answer = http_client.call("GET", f"{self._base_url}/?{query}", timeout_s=TIMEOUT_S)
        return read(answer, _Answer, "zego")


def _is_test(section: Section) -> bool | None:
    """As the plan's option, which a query does not know: whose rooms are in the other environment are missing here,
    and a missing room has no people."""
    value = section.optional("is_test")
    if value not in IS_TEST:
        raise section.wrong("is_test", 'must be "true" or "false"')
    return IS_TEST[value]


def _counted(room_ids: Sequence[str], rooms: Sequence[_Room]) -> dict[str, int]:
    """A room that is missing in the answer is gone; unless the answer speaks of others, which nobody asked for."""
    people = dict.fromkeys(room_ids, 0)
    for room in rooms:
        if room.RoomId not in people:
            raise _unreadable("a room that was not asked for")
        if room.AdminUserCount > room.UserCount:
            raise _unreadable("more robots than users")
        people[room.RoomId] = max(people[room.RoomId], room.UserCount - room.AdminUserCount)
    return people


def _unreadable(what: str) -> RetryLater:
    return RetryLater("zego_unreadable", what)


def connect(base_url: Callable[[str], str], keyring: Keyring) -> ZegoQuery:
    """The registry's way in; the nonce is 16 hex characters from the system's random source."""
    return ZegoQuery(base_url("ZEGO_BASE_URL"), keyring, lambda: secrets.token_hex(8), now_ms)
