"""``data.streamType`` and its parameter object (v2 page, tables under "扩展请求参数"; V4 pages, data), one module a
stream type.

Each builder checks what it sends against its table, before anything is sent: BadInput names the field in the
vendor's spelling where the vendor's rule is broken, and in ours where the room's event lacks something.
"""

from collections.abc import Callable, Mapping
from typing import Any

from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.shumei.options import Options, check_target
from earshot.vendors.shumei.streams import agora, ali, gin, plain, trtc, volc, yunxin, zego

Builder = Callable[[Submission, Any], dict[str, Any]]
SOUND: dict[str, Builder] = {
    "agora": agora.fields,
    "gin": gin.fields,
    "trtc": trtc.fields,
    "url": plain.fields,
    "volcengine": volc.fields,
}
BUILDERS: Mapping[str, dict[str, Builder]] = {
    "v2": {**SOUND, "ali": ali.fields, "zego": zego.fields},
    "v4": {**SOUND, "yunxin": yunxin.fields, "zego": zego.audio},
    "v4_video": {
        "agora": agora.video,
        "trtc": trtc.video,
        "url": plain.video,
        "volcengine": volc.video,
        "zego": zego.video,
    },
}


def stream_fields(submission: Submission, options: Options) -> dict[str, Any]:
    """The part of ``data`` that says what to listen to."""
    platform = submission.watch.room.platform
    builder = BUILDERS[options.generation].get(platform)
    if builder is None:
        generation = "" if options.generation == "v2" else f" in generation {options.generation}"
        raise BadInput("platform", f"Shumei cannot be sent to a {platform} room by this version{generation}")
    check_target(submission.watch.plan["target"], options)
    return builder(submission, options)
