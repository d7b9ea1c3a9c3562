"""``GetRoomOnlineUsers``: who is in a room (www.volcengine.com/docs/6348/1188355; how answers are built:
volcengine.com/docs/6348/1178322; the gateway's codes: volcengine.com/docs/6369/68677)."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated

from pydantic import AliasChoices, BaseModel, Field, StrictBool, WrapValidator

from earshot import http_client
from earshot.answers import or_none, read
from earshot.clock import now_ms
from earshot.errors import EarshotError, GiveUp, RetryLater
from earshot.log_codes import LogCode
from earshot.secrets import Keyring, Section
from earshot.signing import volcengine_v4 as v4
from earshot.telemetry import note

TIMEOUT_S = 5.0
ACTION = {"Action": "GetRoomOnlineUsers", "Version": "2023-11-01"}
HEADER_TEXT = re.compile(r"[!-~]+")

# By the part of ``Code`` before its point.
CREDENTIALS = frozenset({"InvalidAccessKey", "SignatureDoesNotMatch", "AccessDenied"})
RETRIED = frozenset({"InvalidTimestamp", "FlowLimitExceeded", "InternalError", "InternalServiceTimeout"})
REFUSED = frozenset(
    {
        *("InvalidParameter", "MissingParameter", "MissingRequestInfo"),
        *("ServiceNotFound", "InvalidActionOrVersion"),
    }
)

Count = Annotated[int, Field(strict=True, ge=0)]
MAX_CODE = 64


class _Result(BaseModel):
    """Of a room that does not exist there is nothing else. A list may be null (unconfirmed): the total tells.
    ``RoomExist`` is how BytePlus spells it (docs.byteplus.com/api/docs/byteplus-rtc/docs-1188355)."""

    exists: StrictBool = Field(validation_alias=AliasChoices("RoomExists", "RoomExist"))
    TotalUser: Count | None = None
    TotalInvisibleUser: Count = 0
    VisibleUserList: list[str] | None = None
    InvisibleUserList: list[str] | None = None


class _Error(BaseModel):
    Code: str = ""


class _Metadata(BaseModel):
    Error: _Error | None = None


class _Answer(BaseModel):
    ResponseMetadata: _Metadata
    Result: Annotated[_Result | None, WrapValidator(or_none)] = None


class VolcengineQuery:
    """See :class:`earshot.platforms.port.RoomQuery`; ``now`` is epoch ms."""

    batch = 1
    per_second = 40.0

    def __init__(self, base_url: str, keyring: Keyring, now: Callable[[], int]) -> None:
        self._base_url, self._keyring, self._now = base_url, keyring, now

    def people(
        self, app_id: str, room_ids: Sequence[str], is_recorder: Callable[[str | int], bool]
    ) -> dict[str, int]:
        """Users without our recorders; the invisible ones are the audience, and people too."""
        section = self._keyring.section("volcengine", app_id)
        key = _access_key(section)
        return {
            room_id: _count(self._users(app_id, room_id, key, section), is_recorder) for room_id in room_ids
        }

    def _users(self, app_id: str, room_id: str, key: v4.AccessKey, section: Section) -> _Result:
        url = f"{self._base_url}/?{v4.query({**ACTION, 'AppId': app_id, 'RoomId': room_id})}"
        headers = v4.headers("GET", url, b"", key, self._now())
        answer = http_client.call("GET", url, timeout_s=TIMEOUT_S, headers=headers)
        if answer.status in (401, 403):
            raise _refused(section, str(answer.status))
        said = read(answer, _Answer, "volcengine")
        if said.ResponseMetadata.Error is not None:
            raise _error_for(said.ResponseMetadata.Error.Code, section)
        if answer.status != 200 or said.Result is None:
            raise RetryLater("volcengine_unreadable", f"HTTP {answer.status} without the documented Result")
        return said.Result


def _access_key(section: Section) -> v4.AccessKey:
    key = v4.AccessKey(section.newest("access_key_id"), section.newest("secret_access_key"))
    if not HEADER_TEXT.fullmatch(key.id):
        raise section.wrong("access_key_id", "must be ASCII without blanks")
    return key


def _count(result: _Result, is_recorder: Callable[[str | int], bool]) -> int:
    """By the totals, because only 10,000 of the invisible are listed; whether ``TotalUser`` counts them is
    unconfirmed (BytePlus's sample says so), so whichever sum is larger."""
    if not result.exists:
        return 0
    if result.TotalUser is None:
        raise RetryLater("volcengine_unreadable", "a room without TotalUser")
    visible, invisible = set(result.VisibleUserList or []), set(result.InvisibleUserList or [])
    listed = len(visible) + max(result.TotalInvisibleUser, len(invisible))
    return max(result.TotalUser, listed) - sum(map(is_recorder, visible | invisible))


def _error_for(code: str, section: Section) -> EarshotError:
    family = code.partition(".")[0]
    if family in CREDENTIALS:
        return _refused(section, family)
    if family in REFUSED:
        return GiveUp(f"volcengine_{family}", "refused")
    if family in RETRIED:
        return RetryLater(f"volcengine_{family}", "the clock, the rate limit, or an error inside")
    note(LogCode.ES501, vendor="volcengine", vendor_code=code[:MAX_CODE])
    return RetryLater("volcengine_code", "undocumented code")


def _refused(section: Section, what: str) -> EarshotError:
    return section.wrong(
        "secret_access_key", f"volcengine_{what}: refused, or may not call GetRoomOnlineUsers"
    )


def connect(base_url: Callable[[str], str], keyring: Keyring) -> VolcengineQuery:
    """The registry's way in."""
    return VolcengineQuery(base_url("VOLCENGINE_RTC_BASE_URL"), keyring, now_ms)
