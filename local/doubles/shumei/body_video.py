"""Bodies of callbacks of video stream V4 (page "智能视频流识别产品API文档", "回调参数")."""

from __future__ import annotations

import copy

from local.doubles.model import Json
from local.doubles.scenario import Line
from local.doubles.shumei.codes import MESSAGES, OK
from local.doubles.shumei.detail import (
    business,
    clip,
    head,
    judged,
    passed,
    person,
    previous,
    processed,
    times,
)
from local.doubles.shumei.labels import BY_IMAGE, BY_SOUND
from local.doubles.shumei.segment import Segment, segment_id, wall_text
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.task import Task

IMAGE, AUDIO = 1, 2
CHECKED, SKIPPED = 1, 2
LIKELY = 0.95


def segment_body(task: Task, segment: Segment, settings: ShumeiSettings) -> Json:
    """One audited segment of sound."""
    line, number = segment.worst, segment.number
    answer = head(task, segment_id(task, segment, settings), settings)
    answer |= {"contentType": AUDIO, "auxInfo": passed(task)}
    detail: Json = {"audioUrl": clip(task, segment, settings, f"{number}.mp3")}
    detail |= {"vadCode": 0 if line is None else 1} | judged(task, line, segment.text, BY_SOUND)
    detail["riskDetail"]["audioText"] = segment.text
    detail["businessLabels"] = business(task, line)
    detail["content"] = segment.text
    if segment.level == "REJECT" and previous(task):
        if task.asks("returnPreText"):
            detail["content"] = segment.before + segment.text
        if task.asks("returnPreAudio") and number > 0:
            detail["preAudioUrl"] = clip(task, segment, settings, f"{number - 1}-{number}.mp3")
    spoken = times(segment, settings.video_time_keys == "snake")
    detail["auxInfo"] = spoken | person(task, segment) | {"room": task.room} | passed(task)
    answer["audioDetail"] = detail | (line.detail if line else {})
    return answer


def frame_body(task: Task, frame: Segment, settings: ShumeiSettings, skipped: bool) -> Json:
    """One frame; its name is the task, ``vs130`` and the nanosecond at which it was taken [I by the samples]."""
    line = None if skipped else frame.worst
    nanoseconds = max(round(frame.ends * 1000) * 1_000_000, task.last_frame + 1)
    task.last_frame = nanoseconds  # several cameras at one instant are several frames
    answer = head(task, f"{task.id}_vs130_{nanoseconds}", settings)
    answer |= {"contentType": IMAGE, "auxInfo": passed(task)}
    detail: Json = {"imgUrl": clip(task, frame, settings, f"{nanoseconds}.jpg")}
    detail |= _seen(task, line, "" if skipped else frame.text)
    aux: Json = {"imgTime": wall_text(frame.ends)} | processed(frame.ends)
    if task.data.get("detectStep"):
        aux["detectType"] = SKIPPED if skipped else CHECKED
    detail["auxInfo"] = aux | {"room": task.room} | person(task, frame)
    answer["frameDetail"] = detail | (line.detail if line else {})
    return answer


def _seen(task: Task, line: Line | None, text: str) -> Json:
    """The verdict on a picture; ``text`` is what can be read in it."""
    found = judged(task, line, text, BY_IMAGE) | {"businessLabels": []}
    matched = found["riskDetail"].pop("matchedLists", None)
    if text:
        found["riskDetail"]["ocrText"] = {"text": text} | ({"matchedLists": matched} if matched else {})
    probability = LIKELY if line is None or line.score is None else line.score / 1000
    for label in found["allLabels"]:
        label |= {"riskLevel": found["riskLevel"], "probability": probability}
    return found


def end_bodies(task: Task, settings: ShumeiSettings) -> list[tuple[str, Json]]:
    """One message per medium, each to its own address."""
    image = _end(task, IMAGE, settings)
    messages = [(task.image_callback, image)]
    return messages + ([(task.callback, _end(task, AUDIO, settings))] if task.audible else [])


def _end(task: Task, content: int, settings: ShumeiSettings) -> Json:
    aux: Json = {"streamTime": task.audited(settings.segment_seconds)}
    if task.error_code is not None and settings.video_end_error_code:
        aux = {"errorCode": task.error_code} | aux
    echoed = {"requestParams": copy.deepcopy(task.data)}
    return {
        "code": OK,
        "message": MESSAGES[OK],
        "requestId": task.id,
        "statCode": 1,
        "contentType": content,
        "riskLevel": task.worst if content == AUDIO else task.worst_image,
        "pullStreamSuccess": task.counts["frames"] > 0,
        "auxInfo": aux,
    } | ({"detail": echoed} if content == IMAGE else echoed)
