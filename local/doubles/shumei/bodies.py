"""The bodies of each generation."""

from __future__ import annotations

from local.doubles.model import Json
from local.doubles.shumei import body, body_v4, body_video
from local.doubles.shumei.generation import V2, V4, VIDEO
from local.doubles.shumei.segment import Segment
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.task import Task

SEGMENTS = {V2: body.body, V4: body_v4.segment_body, VIDEO: body_video.segment_body}


def segment_body(task: Task, segment: Segment, settings: ShumeiSettings) -> Json:
    """The callback of one audited segment of sound."""
    return SEGMENTS[task.generation](task, segment, settings)


def notices(task: Task, settings: ShumeiSettings) -> list[tuple[str, Json]]:
    """The end-of-stream callbacks, and where each goes."""
    if task.generation == VIDEO:
        return body_video.end_bodies(task, settings)
    end = body.end_body if task.generation == V2 else body_v4.end_body
    return [(task.callback, end(task, settings))]
