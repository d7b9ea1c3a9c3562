"""One element of ``speechStream`` (speech stream page, 请求参数): what to listen to, and where to tell of it."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.tupu.options import PART, TupuOptions

UNFIT = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")
VIOLATIONS_ONLY, EVERYTHING = 0, 1
"""``callbackRules``."""


def element(submission: Submission, options: TupuOptions) -> dict[str, Any]:
    """``forumId`` has our name of the task: the vendor hands it back with every slice. Raises BadInput."""
    watch = submission.watch
    builder = BUILDERS.get(watch.room.platform)
    if builder is None:
        raise BadInput("platform", f"Tupu cannot be sent to a {watch.room.platform} room by this version")
    return {
        "callback": submission.callback_url,
        "roomId": watch.room.room_id,
        **_user(submission),
        "forumId": submission.task_ref,
        "callbackRules": callback_rules(submission),
        "returnPreSpeech": options.returnPreSpeech,
        **builder(submission, options),
    }


def callback_rules(submission: Submission) -> int:
    """By what the plan keeps."""
    return VIOLATIONS_ONLY if submission.watch.plan.get("keep") == "hits" else EVERYTHING


def _user(submission: Submission) -> dict[str, str]:
    """Only of a single stream: it comes back with every slice, and is read as who spoke."""
    watch = submission.watch
    user = watch.account_id or watch.stream_id
    return {"userId": user} if watch.plan["target"] == "stream" and user else {}


def _plain(submission: Submission, options: TupuOptions) -> dict[str, Any]:
    """``url``. Which schemes are taken is not said; the page's examples are rtmp."""
    del options
    url = submission.watch.stream_url
    if not url:
        raise BadInput("stream_url", "is required for platform url")
    if "://" not in url or UNFIT.search(url):
        raise BadInput("url", "must be an address without blanks and control characters (stream_url)")
    return {"url": url}


def _zego(submission: Submission, options: TupuOptions) -> dict[str, Any]:
    """The fields that the plan names. How Tupu is told of a ZEGO room is on a page that could not be read."""
    if not options.zegoFields:
        raise BadInput("platform", "Tupu hears zego rooms only with the option zegoFields")
    if submission.watch.plan["target"] == "stream" and "stream_id" not in options.zegoFields:
        raise BadInput("zegoFields", "must have stream_id when the plan listens to single streams")
    return {
        name: _address(submission, options) if part == "url" else _part(submission, part)
        for part, name in options.zegoFields.items()
        if part != "stream_id" or submission.watch.plan["target"] == "stream"
    }


def _address(submission: Submission, options: TupuOptions) -> str:
    """``zegoAddress``, everything in it percent-encoded, each part for itself."""
    return PART.sub(lambda found: quote(_part(submission, found[1]), safe=""), options.zegoAddress)


def _part(submission: Submission, part: str) -> str:
    watch = submission.watch
    found = {
        "room_id": watch.room.room_id,
        "app_id": watch.room.app_id,
        "stream_id": watch.stream_id,
        "token": submission.secrets.get("identify_token"),
    }[part]
    if not found or not isinstance(found, str):
        where = "the credential's identify_token" if part == "token" else part
        raise BadInput(f"zegoFields.{part}", f"is required ({where})")
    return found


BUILDERS: dict[str, Callable[[Submission, TupuOptions], dict[str, Any]]] = {"url": _plain, "zego": _zego}
