"""Stop and update (``feedback``): ``feedbacks`` of live audio, ``realTimeInfoList`` of the solution."""

from __future__ import annotations

from local.doubles.model import Json
from local.doubles.yidun.call import Call
from local.doubles.yidun.codes import BAD, NO_TASK, STOPPED, WALL, Refusal
from local.doubles.yidun.fields import json_of
from local.doubles.yidun.rates import Rates
from local.doubles.yidun.runner import Runner
from local.doubles.yidun.settings import YidunSettings

MOST = 100
STOP = ("100", 100)
PARAMETERS = {"liveaudio": "feedbacks", WALL: "realTimeInfoList"}
COUNTS = ("viewCount", "barrageCount", "garbageBarrageCount", "reportCount", "addScore", "scoreMonitorType")
KNOWN = (
    *("taskId", "status", *COUNTS, "liveIncome", "backgroundImage", "liveTag", "areaCode"),
    *("giftCount", "censorReplayUrl", "livingSpeakerInfo"),
)


class Stops:
    """Ends tasks; updates are taken and change nothing."""

    def __init__(self, runner: Runner, rates: Rates, settings: YidunSettings) -> None:
        self._runner, self._rates, self._settings = runner, rates, settings

    def feedback(self, call: Call) -> list[Json]:
        """``result`` of a stop: one entry per element."""
        name = PARAMETERS[call.owner.product]
        elements = [_element(name, one, call.warnings) for one in call.array(name)]
        if len(elements) > MOST:
            raise Refusal(self._settings.too_many_code, name, f"{len(elements)} elements, at most {MOST}")
        self._rates.pass_or_refuse(call)
        return [self._one(element, call) for element in elements]

    def _one(self, element: Json, call: Call) -> Json:
        task = self._runner.of(call.owner, element["taskId"])
        if task is None:
            return {"taskId": element["taskId"], "result": NO_TASK}
        if element.get("status") in STOP:
            task.counts["finish_calls"] += 1
            if not call.forget:
                self._runner.stop(task, call.now)
        return {"taskId": task.id, "result": STOPPED}


def _element(name: str, element: object, warnings: list[str]) -> Json:
    if not isinstance(element, dict):
        raise Refusal(BAD, name, "must hold objects")
    if not isinstance(element.get("taskId"), str) or not element["taskId"]:
        raise Refusal(BAD, f"{name}.taskId", "is required")
    status = element.get("status")
    if status is not None and status not in STOP:
        raise Refusal(BAD, f"{name}.status", "must be 100 or absent")
    warnings += [f"{name}.{key} is not a documented field" for key in element if key not in KNOWN]
    return element


def task_ids(form: dict[str, str]) -> list[str]:
    """The tasks that a call names, read from a form that nobody has checked yet."""
    named = [form.get("taskId", "")]
    for name in (*PARAMETERS.values(), "taskIds"):
        found = json_of(form.get(name, ""))
        for one in found if isinstance(found, list) else []:
            named.append(str(one.get("taskId", "")) if isinstance(one, dict) else str(one))
    return [one for one in named if one]
