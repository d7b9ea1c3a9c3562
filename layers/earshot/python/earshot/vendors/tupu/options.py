"""The plan's settings for Tupu, in the vendor's own spelling so that its pages can be read beside them.

docs/vendors/tupu.md says which defaults are unconfirmed.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from earshot.vendors.tupu.tasks import REGULAR, TASKS, task_id_of

TASK_ID = re.compile(r"[0-9a-f]{24}", re.ASCII)
FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)
TAKEN = frozenset({"callback", "userId", "forumId", "callbackRules", "returnPreSpeech"})
"""Fields of a stream that hold something else already."""
PART = re.compile(r"\{(room_id|app_id|stream_id|token)\}")
NOTHING_FOUND = 16
STREAM_PATH = "/v3/recognition/speech/stream"


def _task(value: str) -> str:
    if value not in TASKS and not TASK_ID.fullmatch(value):
        raise ValueError(f"must be one of {', '.join(TASKS)}, or a task id of 24 hex digits")
    return value


def _field_name(value: str) -> str:
    if not FIELD_NAME.fullmatch(value):
        raise ValueError("must be a field name: letters, digits and _, at most 64")
    if value in TAKEN:
        raise ValueError(f"must not be one of {', '.join(sorted(TAKEN))}")
    return value


def _apart(value: dict[str, str]) -> dict[str, str]:
    if len(set(value.values())) < len(value):
        raise ValueError("must give every part a field of its own")
    if any(name == "roomId" and part != "room_id" for part, name in value.items()):
        raise ValueError("roomId holds the room id")
    return value


def _address(value: str) -> str:
    """An address with ``{room_id}`` and the like, and no other braces."""
    if re.search(r"[{}]", PART.sub("", value)):
        raise ValueError("may hold {room_id}, {app_id}, {stream_id} and {token}, and no other braces")
    return value


def _path(value: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9._-]+)+", value, re.ASCII):
        raise ValueError("must be a path: /v3/…, without a slash at its end")
    return value


Text = Annotated[str, Field(min_length=1)]
FieldName = Annotated[str, AfterValidator(_field_name)]
RoomPart = Literal["room_id", "app_id", "stream_id", "token", "url"]


class TupuOptions(BaseModel):
    """See the speech stream page; names in lower case with ``zego``, and the last three, are ours.

    ``tasks``: what to judge by, by our names or the vendor's ids; those set in the vendor's console if absent.
    ``zegoFields``: which field of a stream gets which part of a ZEGO room; none, and there are no such rooms.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    tasks: Annotated[list[Annotated[str, AfterValidator(_task)]], Field(min_length=1)] | None = None
    returnPreSpeech: bool = False
    uid: Text | None = None
    zegoFields: Annotated[dict[RoomPart, FieldName], AfterValidator(_apart)] = Field(default_factory=dict)
    zegoAddress: Annotated[str, AfterValidator(_address)] = (
        "rtc://room.zego.im/{room_id}?identify_token={token}"  # unconfirmed: another vendor's way
    )
    zegoPath: Annotated[str, AfterValidator(_path)] = STREAM_PATH
    regularSigns: bool = True
    noSuchTaskCode: Annotated[int, Field(ge=0, le=999)] = NOTHING_FOUND  # 0: no code says so
    wallClockOffsetHours: Annotated[int, Field(ge=-12, le=14)] = 8

    @property
    def task_ids(self) -> list[str] | None:
        """In the plan's order, each once."""
        return None if self.tasks is None else list(dict.fromkeys(map(task_id_of, self.tasks)))

    @property
    def tells_every_slice(self) -> bool:
        """Whether something comes while nobody speaks; where the console has the tasks, one of them is taken for
        one that does."""
        return self.regularSigns and (self.task_ids is None or not REGULAR.isdisjoint(self.task_ids))

    def path(self, platform: str) -> str:
        """Where a room of the platform is submitted, and closed: the same, but for what nobody knows yet."""
        return self.zegoPath if platform == "zego" else STREAM_PATH

    @property
    def only_path(self) -> str:
        """Where these settings send whatever they send: plans for ZEGO rooms say so."""
        return self.zegoPath if self.zegoFields else STREAM_PATH

    @property
    def has_token(self) -> bool:
        """Whether a ZEGO room's credential goes into its submission."""
        return "token" in self.zegoFields or ("url" in self.zegoFields and "{token}" in self.zegoAddress)


def check(target: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Validated options with their defaults, but for fields that are not sent. Raises pydantic's ValidationError."""
    del target  # a stream has no parameter for it
    return TupuOptions.model_validate(dict(options)).model_dump(exclude_none=True)


def needs_credential(options: Mapping[str, Any]) -> bool:
    """Only where a ZEGO room's token is sent: a plain stream has none."""
    return TupuOptions.model_validate(dict(options)).has_token


def thrift(options: Mapping[str, Any], step: str) -> dict[str, Any]:
    """Nothing makes it cheaper; ``hits_only`` reaches Tupu as ``callbackRules``, by the plan's ``keep``."""
    del step
    return dict(options)


def audited_share(options: Mapping[str, Any]) -> float:
    """All of it."""
    del options
    return 1.0
