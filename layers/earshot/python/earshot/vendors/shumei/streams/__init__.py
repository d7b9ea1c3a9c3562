"""``data.streamType`` and its parameter object (v2 page, tables under "扩展请求参数"), one module a stream type.

Each builder checks what it sends against its table, before anything is sent: BadInput names the field in the
vendor's spelling where the vendor's rule is broken, and in ours where the room's event lacks something.
"""

from collections.abc import Callable
from typing import Any

from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.shumei.options import ShumeiOptions, check_target
from earshot.vendors.shumei.streams import agora, ali, gin, plain, trtc, volc, zego

BUILDERS: dict[str, Callable[[Submission, ShumeiOptions], dict[str, Any]]] = {
    "agora": agora.fields,
    "ali": ali.fields,
    "gin": gin.fields,
    "trtc": trtc.fields,
    "url": plain.fields,
    "volcengine": volc.fields,
    "zego": zego.fields,
}


def stream_fields(submission: Submission, options: ShumeiOptions) -> dict[str, Any]:
    """The part of ``data`` that says what to listen to."""
    platform = submission.watch.room.platform
    builder = BUILDERS.get(platform)
    if builder is None:
        raise BadInput("platform", f"Shumei cannot be sent to a {platform} room by this version")
    check_target(submission.watch.plan["target"], options)
    return builder(submission, options)
