"""Where each generation's calls go, and how long they are waited for.

v2 and V4 audio share their hosts, one a cluster; V4 video has its own. Time-outs are those of the pages, with two
exceptions: 7 s are suggested for a video submission, whose server gives up after 3 s and one retry, which is what is
waited for; its finish is given 1 s by one page and 7 s by another, and may be repeated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from earshot.secrets import Section
from earshot.vendors.port import Submission
from earshot.vendors.shumei.options import Options
from earshot.vendors.shumei.request import submit_body
from earshot.vendors.shumei.request_v4 import audio_body, video_body

SOUND_VARIABLE, VIDEO_VARIABLE = "SHUMEI_BASE_URL", "SHUMEI_VIDEO_BASE_URL"


@dataclass(frozen=True)
class Api:
    """One generation's. ``variable``: of the environment, names the address, which may hold ``{cluster}``."""

    variable: str
    submit_path: str
    finish_path: str
    submit_timeout_s: float
    finish_timeout_s: float


APIS: Mapping[str, Api] = {
    "v2": Api(
        SOUND_VARIABLE,
        "/v2/saas/anti_fraud/audiostream",
        "/v2/saas/anti_fraud/finish_audiostream",
        3.0,
        1.0,
    ),
    "v4": Api(SOUND_VARIABLE, "/audiostream/v4", "/finish_audiostream/v4", 5.0, 1.0),
    "v4_video": Api(VIDEO_VARIABLE, "/videostream/v4", "/finish_videostream/v4", 6.0, 3.0),
}


def reached(endpoint: str) -> tuple[str, str]:
    """Generation and cluster of an endpoint; a bare cluster is v2's."""
    generation, _, cluster = endpoint.rpartition(":")
    return generation or "v2", cluster


def body_for(submission: Submission, options: Options, section: Section) -> dict[str, Any]:
    """The JSON of a submission. Raises BadInput, and Misconfigured where V4 lacks the ``appId`` that it demands."""
    key = section.newest("access_key")
    if options.generation == "v2":
        return submit_body(submission, options, key, section.optional("app_id"))
    app_id = options.appId or section.newest("app_id")
    if options.generation == "v4":
        return audio_body(submission, options, key, app_id)
    return video_body(submission, options, key, app_id)
