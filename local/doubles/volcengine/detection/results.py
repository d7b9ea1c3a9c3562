"""``EventData`` of a ``DetectionResult`` callback."""

from __future__ import annotations

import json

from local.doubles.model import Json
from local.doubles.scenario import Line
from local.doubles.volcengine.detection.listening import Heard
from local.doubles.volcengine.detection.request import SOUND
from local.doubles.volcengine.detection.settings import DetectionSettings
from local.doubles.volcengine.detection.task import Task

MODELS = ("POLITY",)
"""Always in ``RiskALL`` [D]; which others an app has configured is its own affair."""
UNSURE, SURE, NOTHING = 0.5, 0.85, 0.01


def event_data(task: Task, heard: Heard, number: int, settings: DetectionSettings) -> Json:
    """One judged frame or slice. What hit nothing has no ``RiskHit``."""
    hits = [_risk(line, settings) for line in heard.lines if line.risk_level != "PASS"]
    clear = [{"Name": name, "Score": NOTHING} for name in MODELS if name not in {hit["Name"] for hit in hits}]
    found: Json = {"RoomId": task.room, "UserId": heard.user, "MediaType": heard.media}
    found |= _media(task, heard, number, settings)
    found["HitReasons"] = [_reason(line, settings) for line in heard.lines if line.risk_level != "PASS"]
    if hits:
        found["RiskHit"] = hits
    found |= {"RiskALL": hits + clear, "Suggest": heard.level}
    origin = {"double": True, "decision": heard.level, "scores": {hit["Name"]: hit["Score"] for hit in hits}}
    return found | {"AIResultOrigin": json.dumps(origin, separators=(",", ":"))}


def _media(task: Task, heard: Heard, number: int, settings: DetectionSettings) -> Json:
    base = f"{settings.detection_media_url}/{task.room}/{heard.user}/{task.run}-{number}"
    if heard.media != SOUND:
        return {"Images": [f"{base}.jpg"]}
    found: Json = {"Audio": f"{base}.aac", "AudioText": heard.text}
    start, end = (round((task.wall + at - task.started) * 1000) for at in (heard.starts, heard.ends))
    known = {"number": number, "start_ms": start, "end_ms": end, "duration_ms": end - start}
    info = {name: known[what] for name, what in settings.audio_segment_info.items() if what in known}
    return found | ({"AudioSegmentInfo": info} if info else {})


def _risk(line: Line, settings: DetectionSettings) -> Json:
    sure = line.risk_level == "REJECT"
    score = UNSURE if not sure else SURE if line.score is None else line.score / 1000
    return {"Name": _name(line, settings), "Score": score}


def _name(line: Line, settings: DetectionSettings) -> str:
    kind = "other" if line.risk_type is None else str(line.risk_type)
    return str(settings.risk_names.get(kind, f"risk_{kind}"))


def _reason(line: Line, settings: DetectionSettings) -> str:
    return line.matched_item or line.risk_desc or _name(line, settings)
