"""The form of a submission (page 直播音频 submit; the live audio-video solution takes the same fields and more)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.yidun.address import address
from earshot.vendors.yidun.options import YidunOptions
from earshot.vendors.yidun.params import SubmitFields, size, wire

LIMITS = {"dataId": 128, "title": 512, "callbackUrl": 512, "uniqueKey": 256}
"""Characters of fields that must be sent whole."""
OPTIONAL = {"account": 128, "roomNo": 128, "roomId": 32}
"""Characters of fields that are left out where they do not fit; that of ``roomId`` is a sibling product's."""
AUDIO_ONLY = 2
"""``detectType`` of the live audio-video solution: rooms are listened to, unless the plan says otherwise."""


@dataclass(frozen=True)
class Form:
    """The fields of one submission, without those that every call has. ``left_out``: fields whose attribute broke
    the vendor's rule. ``lasts_s`` as in :class:`earshot.vendors.yidun.address.Address`."""

    fields: Mapping[str, str] = field(repr=False)
    left_out: tuple[str, ...] = ()
    lasts_s: int | None = None


def form(submission: Submission, options: YidunOptions, *, is_pushed: bool) -> Form:
    """``is_pushed``: results are to come to the submission's callback address.

    ``uniqueKey`` names the ear: without it the address would tell duplicates, and a new token makes a new address.
    """
    found = address(submission, options)
    chosen, left_out = _chosen(submission, options)
    fields = {
        **_derived(submission, is_pushed=is_pushed),
        **chosen,
        **_speaker(submission),
        "url": found.url,
    }
    if options.product == "livewall":
        fields.setdefault("detectType", AUDIO_ONLY)
    sent = {name: wire(value) for name, value in fields.items()}
    for name, most in LIMITS.items():
        if size(sent.get(name, "")) > most:
            raise BadInput(name, f"must have at most {most} characters")
    return Form(sent, left_out, found.lasts_s)


def _derived(submission: Submission, *, is_pushed: bool) -> dict[str, Any]:
    watch = submission.watch
    required = {
        "dataId": submission.task_ref,
        "title": watch.room.room_id,
        "callback": submission.task_ref,  # results without ``dataId`` have this one
        "callbackUrl": submission.callback_url if is_pushed else None,
        "uniqueKey": submission.ear or None,
        "publishTime": watch.opened_at,
    }
    extra = {"account": watch.account_id, "roomNo": watch.room.room_id, "roomId": watch.room.room_id}
    fitting = {name: value for name, value in extra.items() if value and size(value) <= OPTIONAL[name]}
    return {name: value for name, value in required.items() if value is not None} | fitting


def _chosen(submission: Submission, options: YidunOptions) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The plan's fields, and over them the room's own; whatever its attributes hold, the room is listened to."""
    values = options.model_dump(include=set(SubmitFields.model_fields), exclude_none=True)
    attributes, left_out = json.loads(submission.watch.attributes), []
    for name, source in options.fromAttributes.items():
        value = attributes.get(source)
        if value is None or value == "":
            continue
        try:
            SubmitFields.model_validate(values | {name: value})
        except ValidationError:
            left_out.append(name)
        else:
            values[name] = value
    return values, tuple(left_out)


def _speaker(submission: Submission) -> dict[str, Any]:
    """A single stream of an RTC room is its user; a pulled one needs no choice."""
    watch = submission.watch
    if watch.plan["target"] != "stream" or watch.room.platform == "url":
        return {}
    if not watch.account_id:
        raise BadInput("account_id", "is required when the plan listens to single streams")
    if "," in watch.account_id:
        raise BadInput("account_id", "must not contain a comma, which separates speakers of checkSpeakerIds")
    return {"checkSpeakerIds": [watch.account_id]}
