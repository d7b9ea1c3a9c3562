"""The three interfaces of one organisation: audio stream v2, audio stream V4, video stream V4."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.doubles.shumei.settings import ShumeiSettings

V2, V4, VIDEO = "v2", "v4", "v4_video"


def patience(generation: str, stream_type: str, settings: ShumeiSettings) -> float:
    """Scaled seconds for which the vendor goes on pulling a stream that is not there.

    V4 pages, "拉流重试": audio NORMAL 12 tries, AGORA 2 at once, ZEGO 10 every 30 s; video 12 rounds of five
    minutes, AGORA one. Audio v2 says nothing.
    """
    if generation == V2:
        return 0.0
    if generation == V4:
        known = {
            "NORMAL": settings.v4_patience_normal,
            "AGORA": settings.v4_patience_agora,
            "ZEGO": settings.v4_patience_zego,
        }
        return known.get(stream_type, settings.v4_patience_other)
    if stream_type == "AGORA":
        return settings.video_patience_agora
    return settings.v4_patience_other if stream_type == "ALI" else settings.video_patience


def push_policy(generation: str, settings: ShumeiSettings) -> tuple[int, list[float]]:
    """Attempts per callback, the first included, and the scaled seconds between them."""
    if generation == VIDEO:
        return settings.video_max_pushes, settings.video_push_intervals
    if generation == V4:
        return settings.v4_max_pushes, settings.push_intervals
    return settings.max_pushes, settings.push_intervals
