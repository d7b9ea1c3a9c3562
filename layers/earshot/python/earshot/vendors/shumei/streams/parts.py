"""What the stream types have in common: where a value comes from, and how a broken rule is told."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.shumei.params import Subscription

T = TypeVar("T")


def is_single(submission: Submission) -> bool:
    """One stream of the room, not the room."""
    return bool(submission.watch.plan["target"] == "stream")


def is_mixed(submission: Submission) -> bool:
    """The room as one sound; else each speaker apart."""
    return bool(submission.watch.plan["target"] == "room_mixed")


def stream_of(submission: Submission) -> str:
    """The stream that the event names."""
    if not submission.watch.stream_id:
        raise BadInput("stream_id", "is required when the plan listens to single streams")
    return submission.watch.stream_id


def whole_room_only(submission: Submission, stream_type: str) -> None:
    """For stream types that have no parameter for a single stream."""
    if is_single(submission):
        raise BadInput(
            "target", f"Shumei listens to whole {stream_type} rooms only: room_mixed or room_split"
        )


def held(field: str, source: str, rule: Callable[..., T], *arguments: Any) -> T:
    """What ``rule`` makes of its arguments. ``source`` says where the value comes from, in the reader's words."""
    try:
        return rule(*arguments)
    except ValueError as broken:
        raise BadInput(field, f"{broken} ({source})") from None


def secret(submission: Submission, field: str, name: str) -> str:
    """A part of the platform's credential that the page requires."""
    value = submission.secrets.get(name)
    if not isinstance(value, str) or not value:
        raise BadInput(field, f"is required (the credential's {name})")
    return value


def within(name: str, param: dict[str, Any], longest: Mapping[str, int]) -> dict[str, Any]:
    """The same, if none of its rows is longer than the page allows, in characters."""
    for row, most in longest.items():
        value = param.get(row)
        if isinstance(value, str) and len(value) > most:
            raise BadInput(f"{name}.{row}", f"must have at most {most} characters")
    return param


def listened_to(submission: Submission, chosen: Subscription) -> dict[str, Any]:
    """``subscribeMode`` and its list: the plan's, or the one user of a single stream."""
    if is_single(submission):
        return {"subscribeMode": "UNTRUSTED", "untrustedUserIdList": [stream_of(submission)]}
    return chosen.fields()
