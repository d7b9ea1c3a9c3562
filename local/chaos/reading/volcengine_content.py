"""Volcengine content security: results are had by asking, and nobody is told of an end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar

from local.chaos.reading.parts import Entry, Json, Reading, Result, inside, objects

ROOM_KEYS = {"app_id": "app", "room_id": "room", "token": "identify_token"}
"""What the plans and the double of a run call the parts of a ZEGO room: no page says."""
OK = 0
OVER = {0, 1001}
PIECES = (("Details",), ("AudioResults", "Details"), ("VideoResults", "Frames"))


class VolcengineContent(Reading):
    """See the module. The vendor has no name of a task but the caller's."""

    vendor: ClassVar[str] = "volcengine"
    double = "volcengine_content"
    limits = frozenset({1004})
    tells_end = False

    def answered(self, call: Entry) -> str:
        """The caller's own."""
        return self.ref(call) if _code(call) == OK else ""

    def finished(self, call: Entry) -> list[str]:
        """One a call."""
        return [str(_asked(call).get("DataId"))] if _code(call) in OVER else []

    def ref(self, call: Entry) -> str:
        """``data_id``: that of the ear, or of the try."""
        return str(_parameters(call).get("data_id", ""))

    def credential(self, call: Entry) -> str:
        """Under the key that was agreed on."""
        return str(_parameters(call).get(ROOM_KEYS["token"], ""))

    def pushed(self, push: Entry) -> list[Result]:
        """What is pushed is what would have been handed out."""
        return self._results(push["task"], push.get("data")) if push.get("push") == "segment" else []

    def handed(self, call: Entry) -> list[Result]:
        """All slices so far, or the new ones."""
        return self._results(
            str(_asked(call).get("DataId")), inside(call["answer"]["body"], "Result", "Data")
        )

    def _results(self, task: str, data: Json) -> list[Result]:
        pieces = [one for where in PIECES for one in objects(inside(data, *where))]
        return [Result(task, self.name_of(one), one["Decision"] != "PASS") for one in pieces]

    def name_of(self, piece: Mapping[str, Json]) -> str:
        """What our events call it."""
        return str(piece["SliceId"])

    def signs(self, plan: Mapping[str, Json]) -> bool:
        """How long a slice is must be said by the plan."""
        return super().signs(plan) and bool(inside(plan, "vendors", self.vendor).get("signs_every_s"))


class VolcengineZego(VolcengineContent):
    """The same service, described for ZEGO's rooms."""

    vendor = "volcengine_zego"

    def name_of(self, piece: Mapping[str, Json]) -> str:
        """With the user, if it is somebody's."""
        return "/".join(str(piece[name]) for name in ("SliceId", "UserId") if name in piece)


def _asked(call: Entry) -> Mapping[str, Json]:
    body = call["body"]
    return body if isinstance(body, dict) else inside(call, "query")


def _parameters(call: Entry) -> Mapping[str, Json]:
    text = _asked(call).get("Parameters")
    found: Mapping[str, Json] = json.loads(text) if isinstance(text, str) else {}
    return found


def _code(call: Entry) -> Json:
    return inside(call["answer"]["body"], "Result").get("Code")
