"""Rooms of Yidun: accounts that are pushed to or that fetch, plans, and what the double knows of the only task."""

from __future__ import annotations

import json
from typing import Any

import yaml

from local.places import ROOT
from tests.workflow.bundle import QUICK, Bundle
from tests.workflow.wire import SECRETS

SAMPLES = json.loads((ROOT / "local" / "settings.json").read_text("utf-8"))
PUSHED = {**SAMPLES, "zego": SECRETS["zego"], "shumei": SECRETS["shumei"], "yidun": SECRETS["yidun"]}
POLLED = {**PUSHED, "yidun": {**SECRETS["yidun"], "results": "poll"}}
PLAN = {"default": {**QUICK, "vendor": "yidun"}}


def plan(**options: Any) -> dict[str, Any]:
    return {"default": {**QUICK, "vendor": "yidun", "vendors": {"yidun": options}}}


def scenario(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "local/scenarios" / f"{name}.yaml").read_text("utf-8"))
    return found


def task(b: Bundle) -> dict[str, Any]:
    (found,) = b.doubles.yidun_tasks()
    return found
