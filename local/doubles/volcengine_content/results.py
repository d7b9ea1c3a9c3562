"""``Data`` of result calls and of pushes (``AudioLiveResult``, ``VideoLiveResp`` of the vendor's SDKs)."""

from __future__ import annotations

from local.doubles.model import Json
from local.doubles.scenario import Line
from local.doubles.volcengine_content.codes import DECISIONS, VIDEO
from local.doubles.volcengine_content.settings import ContentSettings
from local.doubles.volcengine_content.speech import RANK
from local.doubles.volcengine_content.task import AUDIO, IMAGE, Slice, Task


def data(task: Task, slices: list[Slice], settings: ContentSettings) -> Json:
    """What is known of a task, by some of its slices."""
    found: Json = {"DataId": task.id, "PassThrough": task.pass_through}
    worst = _worst(task.slices)
    if task.slices or settings.decision_before_results:
        found["Decision"] = decision(worst, settings) if task.slices else settings.decision_before_results
    found |= {"FinalLabel": label(worst, settings), "DecisionLabel": label(worst, settings)}
    heard = _in_order([one for one in slices if one.media == AUDIO], settings)
    if task.key[1] != VIDEO:
        return found | _audio(task, heard, settings)
    frames = _in_order([one for one in slices if one.media == IMAGE], settings)
    sound = {"Decision": decision(_worst(heard), settings)} | _audio(task, heard, settings)
    return found | {"VideoResults": _video(task, frames, settings), "AudioResults": sound}


def decision(line: Line | None, settings: ContentSettings) -> str:
    """``PASS``, ``REVIEW``, ``BLOCK``, or another word to order."""
    word = DECISIONS[line.risk_level if line else "PASS"]
    return str(settings.decisions.get(word, word))


def label(line: Line | None, settings: ContentSettings) -> str:
    """The table of labels is not public: what the settings say, else the script's number."""
    if line is None or line.risk_level == "PASS":
        return ""
    kind = "" if line.risk_type is None else str(line.risk_type)
    return str(settings.labels.get(kind, kind or "other"))


def _worst(slices: list[Slice]) -> Line | None:
    lines = [one.line for one in slices if one.line]
    return max(lines, key=lambda line: RANK[line.risk_level], default=None)


def _in_order(slices: list[Slice], settings: ContentSettings) -> list[Slice]:
    return slices if settings.slice_order == "ascending" else slices[::-1]


def _audio(task: Task, slices: list[Slice], settings: ContentSettings) -> Json:
    heard = [one for one in task.slices if one.media == AUDIO]
    found: Json = {"AudioText": "，".join(one.text for one in heard if one.text)}
    if settings.details:
        found["Details"] = [_detail(task, one, settings) for one in slices]
    return found


def _detail(task: Task, one: Slice, settings: ContentSettings) -> Json:
    """One audio slice; times run ahead of real ones when scaled."""
    small = 1000 if settings.offsets == "ms" else 1
    large = 1000 if settings.time_stamps == "ms" else 1
    first = task.wall + (task.entered or task.started) - task.started
    return {
        "SliceId": one.id,
        "UserId": one.user,
        "StartTime": int(one.starts * small),
        "EndTime": int(one.ends * small),
        "StartTimeStamp": int((task.wall + one.starts) * large),
        "EndTimeStamp": int((task.wall + one.ends) * large),
        "LiveFirstGetStreamTime": int(first * large),
        "FrameUrl": f"{settings.media_base_url}/{one.id}.mp3",
        "AudioText": one.text,
        "Decision": decision(one.line, settings),
        "FinalSubLabel": _sub_label(one.line, settings),
        "DecisionSubLabel": _sub_label(one.line, settings),
        "FrameResults": _hits(one.line, settings),
    }


def _sub_label(line: Line | None, settings: ContentSettings) -> str:
    """The script's own word for the risk, else the label again."""
    found = label(line, settings)
    return line.risk_desc or found if line and found else ""


def _hits(line: Line | None, settings: ContentSettings) -> list[Json]:
    if line is None or line.risk_level == "PASS":
        return []
    hit: Json = {
        "Label": label(line, settings),
        "SubLabel": _sub_label(line, settings),
        "Decision": decision(line, settings),
    }
    if line.matched_item:
        start = max(line.text.find(line.matched_item), 0)
        where = {"StartPos": start, "EndPos": start + len(line.matched_item)}
        words = {"MatchedWords": [line.matched_item], "LibName": line.matched_list or ""}
        hit["Contexts"] = [words | {"Positions": [where]}]
    return [hit]


def _video(task: Task, frames: list[Slice], settings: ContentSettings) -> Json:
    seen = [one for one in task.slices if one.media == IMAGE]
    found: Json = {"Decision": decision(_worst(seen), settings), "ImageSliceCount": len(seen)}
    if settings.details:
        found["Frames"] = [_frame(one, settings) for one in frames]
    return found


def _frame(one: Slice, settings: ContentSettings) -> Json:
    line = one.line
    found: Json = {
        "Url": f"{settings.media_base_url}/{one.id}.jpg",
        "Offset": float(one.ends),
        "SliceId": one.id,
        "UserId": one.user,
        "Decision": decision(line, settings),
        "Text": one.text,
        "Results": [],
        "FinalSubLabel": _sub_label(line, settings),
        "DecisionSubLabel": _sub_label(line, settings),
    }
    for hit in _hits(line, settings):
        detail = line.detail if line else {}
        found["Results"].append({k: hit[k] for k in ("Decision", "Label", "SubLabel")} | {"Detail": detail})
    return found
