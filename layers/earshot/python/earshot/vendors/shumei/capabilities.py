"""What Shumei hears (pages of the audio stream, v2 and V4, and of the video stream, V4; docs/vendors/shumei.md says
what is unconfirmed)."""

from earshot.vendors.capability import Capability, Fact, Hearing

PUSH = Fact("push")
FINISH = Fact("one call a task; what an unknown task is answered with is not documented", confirmed=False)
DEDUPE = Fact("1001 and `dupRequestId`; the key is documented for TRTC alone", confirmed=False)
VIDEO_DEDUPE = Fact("1001 and `dupRequestId`; the key is not documented", confirmed=False)
RENEWAL = Fact("overlap with another recorder, where its duplicate rule lets it", confirmed=False)
REVIEW = Fact("none over this interface")
SOUND = {name: Hearing() for name in ("zego", "agora", "trtc", "volcengine", "gin", "url")}

CAPABILITIES = (
    Capability(
        "audio stream v2",
        SOUND,
        ("audio",),
        PUSH,
        FINISH,
        DEDUPE,
        RENEWAL,
        REVIEW,
        {"generation": "v2"},
    ),
    Capability(
        "audio stream V4",
        {**SOUND, "yunxin": Hearing(confirmed=False)},
        ("audio",),
        PUSH,
        FINISH,
        DEDUPE,
        RENEWAL,
        REVIEW,
        {"generation": "v4"},
    ),
    Capability(
        "video stream V4",
        {name: Hearing() for name in ("zego", "agora", "trtc", "volcengine", "url")},
        ("audio", "image"),
        PUSH,
        FINISH,
        VIDEO_DEDUPE,
        RENEWAL,
        REVIEW,
        {"generation": "v4_video"},
    ),
)
