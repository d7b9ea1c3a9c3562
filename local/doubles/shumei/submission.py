"""What a validated submission of any generation says."""

from __future__ import annotations

from dataclasses import dataclass

from local.doubles.model import Json
from local.doubles.shumei import rules, rules_v4, rules_video
from local.doubles.shumei.fields import Check
from local.doubles.shumei.generation import V2, V4


@dataclass(frozen=True)
class Submission:
    """``functions`` is what the sound is judged for; ``audible`` whether it is judged at all."""

    bt_id: str
    data: Json
    callback: str
    functions: frozenset[str]
    image_callback: str = ""
    audible: bool = True
    language: str = "zh"


def read(generation: str, body: Json, check: Check) -> Submission:
    """Validate and read; raises BadField."""
    if generation == V2:
        rules.submission(body, check)
        bt_id = str(body.get("btId") or body.get("btid"))
        return Submission(bt_id, body["data"], body["callback"], _functions(body))
    language = str(body.get("acceptLang") or "zh")
    if generation == V4:
        rules_v4.submission(body, check)
        data = body["data"]
        bt_id = str(data.get("btId") or body.get("btId"))
        return Submission(bt_id, data, body["callback"], _functions(body), language=language)
    rules_video.submission(body, check)
    return Submission(
        bt_id_of(body),  # not a field of this interface; whoever sends one finds his task by it
        body["data"],
        str(body.get("audioCallback") or ""),
        rules_video.functions(body),
        body["imgCallback"],
        rules_video.audible(body),
        language,
    )


def bt_id_of(body: Json) -> str:
    """The caller's id wherever it stands, in a body that may be anything."""
    data = body.get("data")
    inner = data.get("btId") if isinstance(data, dict) else None
    return str(body.get("btId") or body.get("btid") or inner or "")


def _functions(body: Json) -> frozenset[str]:
    """Everything that was asked for, of both lists."""
    return frozenset(f"{body.get('type') or ''}_{body.get('businessType') or ''}".split("_"))
