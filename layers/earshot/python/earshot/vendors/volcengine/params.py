"""Parts of the plan's settings: the names that our values have at the vendor, and rules of single values."""

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from earshot.domain.verdict import Label


class Strict(BaseModel):
    """No unknown fields, no coercion."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


def _json(value: Any) -> Any:
    """What JSON in UTF-8 can carry."""
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        raise ValueError("must not contain lone surrogates") from None
    return value


def _path(value: str) -> str:
    if not all(value.split(".")):
        raise ValueError("must be a key, or keys joined by single dots for an object inside")
    return value


def _label(value: str) -> str:
    known = [label.value for label in Label]
    if value not in known:
        raise ValueError(f"must be one of {', '.join(known)}")
    return value


Text = Annotated[str, StringConstraints(min_length=1), AfterValidator(_json)]
Key = Annotated[Text, AfterValidator(_path)]
Object = Annotated[dict[str, Any], AfterValidator(_json)]
LabelName = Annotated[str, AfterValidator(_label)]


class Parameters(Strict):
    """Keys inside ``Parameters`` of every submission; a value without a key is not sent.

    The vendor documents none of them for live calls. Those that are set here are read in its samples of the other
    calls of the same product; for live calls they are unconfirmed. A dot puts the value into an object inside.
    """

    operate_time: Key | None = "operate_time"
    account_id: Key | None = "account_id"
    data_id: Key = "data_id"
    biztype: Key | None = "biztype"
    url: Key | None = "url"
    callback: Key | None = None
    pass_through: Key | None = None


class RoomParameters(Strict):
    """Keys of a room that the vendor enters itself: what the event tells, and the parts of the room's credential."""

    platform: Key | None = None
    app_id: Key | None = None
    room_id: Key | None = None
    stream_id: Key | None = None
    identify_token: Key | None = None
    token: Key | None = None
    user_id: Key | None = None
    uid: Key | None = None
    user_sig: Key | None = None
    checksum: Key | None = None


CREDENTIALS: Mapping[str, tuple[str, ...]] = {
    "zego": ("identify_token",),
    "agora": ("token", "uid"),
    "trtc": ("user_sig", "user_id"),
    "volcengine": ("token", "user_id"),
    "yunxin": ("checksum", "uid"),
}
"""Platforms whose rooms can be named, and the parts of their credentials."""
CREDENTIAL = frozenset(part for parts in CREDENTIALS.values() for part in parts)
OPTIONAL = {"agora": frozenset({"token"})}
"""A public channel is entered without."""


def put(tree: dict[str, Any], path: str, value: Any) -> None:
    """Writes a value where the path says. Raises ValueError if something else is there."""
    *outer, last = path.split(".")
    for name in outer:
        tree = tree.setdefault(name, {})
        if not isinstance(tree, dict):
            raise ValueError(f"{path}: {name} is no object")
    if last in tree:
        raise ValueError(f"{path}: is there twice")
    tree[last] = value


def copied(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Another of the same, to write into."""
    return {name: copied(value) if isinstance(value, Mapping) else value for name, value in tree.items()}


def check_apart(extra: Mapping[str, Any], keys: Iterable[str]) -> None:
    """Raises ValueError unless every key has a place of its own."""
    tree = copied(extra)
    for key in keys:
        put(tree, key, None)
