"""What Yidun hears (pages 接口调用概述 and 短期房间/长期房间; docs/vendors/yidun.md says what is unconfirmed)."""

from earshot.vendors.capability import Capability, Fact, Hearing

ROOMS = {
    "zego": Hearing(),
    "agora": Hearing(),
    "volcengine": Hearing(),
    "yunxin": Hearing(),
    "url": Hearing(),
}
FINISH = Fact("stop, up to 100 tasks in one call, one call a second", confirmed=False)
DEDUPE = Fact("by `uniqueKey`, for tasks that run (status 2 or 3)", confirmed=False)
RENEWAL = Fact("overlap with another `uniqueKey`; long rooms by its token API", confirmed=False)
REVIEW = Fact("by Yidun's or your own people, as results of their own")
RESULTS = Fact("push or poll, of the whole account")

CAPABILITIES = (
    Capability(
        "live audio (直播音频)",
        ROOMS,
        ("audio",),
        RESULTS,
        FINISH,
        DEDUPE,
        RENEWAL,
        REVIEW,
        {"product": "liveaudio"},
    ),
    Capability(
        "live audio-video solution (直播音视频解决方案)",
        ROOMS,
        ("audio", "image"),
        RESULTS,
        FINISH,
        DEDUPE,
        RENEWAL,
        REVIEW,
        {"product": "livewall"},
    ),
)
