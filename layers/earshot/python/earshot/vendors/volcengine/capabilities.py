"""What Volcengine hears (docs/vendors/volcengine.md says what is unconfirmed)."""

from earshot.vendors.capability import Capability, Fact, Hearing
from earshot.vendors.volcengine.options import CONTENT, RTC
from earshot.vendors.volcengine.params import CREDENTIALS

ENTERED = Hearing(confirmed=False, needs="roomParameters")
"""Rooms that the vendor enters by arrangement: the keys that name them are its support's to tell."""
STREAMS = {
    "url": Hearing(confirmed=False),
    **dict.fromkeys(CREDENTIALS, ENTERED),
}
RESULTS = Fact("asked for; pushed if the account has a callback and its key is set", confirmed=False)
FINISH = Fact("one call a task; what an unknown task is answered with is not documented", confirmed=False)
DEDUPE = Fact("by `data_id`, which is ours: the same again is taken for the same task", confirmed=False)
RENEWAL = Fact("overlap with another `data_id`", confirmed=False)
REVIEW = Fact("none over this interface")


def _content(product: str, medium: str, media: tuple[str, ...]) -> Capability:
    chosen = {"product": CONTENT, "media": medium}
    return Capability(product, STREAMS, media, RESULTS, FINISH, DEDUPE, RENEWAL, REVIEW, chosen)


CAPABILITIES = (
    _content("content security, live audio (内容安全)", "audio", ("audio",)),
    _content("content security, live video", "video", ("audio", "image")),
    Capability(
        "RTC audit (StartDetection)",
        {"volcengine": Hearing()},
        ("audio", "image"),
        Fact("push"),
        Fact("one call a room or user; stops whatever audits it"),
        Fact("one audit a room: a repeated start is the same, `ListDetectionTask` tells that it runs"),
        Fact("none needed: it enters with no token; a change is a stop and a start"),
        REVIEW,
        {"product": RTC},
    ),
)
