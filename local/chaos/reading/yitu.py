"""Yitu, as its description has it."""

from __future__ import annotations

from collections.abc import Mapping

from local.chaos.reading.parts import Entry, Json, Reading, Result, View, inside

OVER = {0, 4040}


class Yitu(Reading):
    """See the module. A task goes by the caller's name, which is another at every try."""

    vendor = double = "yitu"
    limits = frozenset({4029, 4030})

    def key(self, view: View) -> str:
        """``audioId``."""
        return str(view["data_id"])

    def answered(self, call: Entry) -> str:
        """The caller's own."""
        return _audio_id(call) if call["answer"]["body"].get("rtn") == 0 else ""

    def finished(self, call: Entry) -> list[str]:
        """One a call."""
        return [_audio_id(call)] if call["answer"]["body"].get("rtn") in OVER else []

    def pushed(self, push: Entry) -> list[Result]:
        """One a push."""
        body = push["body"]
        if push.get("push") != "segment":
            return []
        return [Result(push["task"], body["segmentId"], body["verdict"] != "pass")]

    def signs(self, plan: Mapping[str, Json]) -> bool:
        """How long a slice is must be said by the plan."""
        return super().signs(plan) and bool(inside(plan, "vendors", self.vendor).get("signs_every_s"))


def _audio_id(call: Entry) -> str:
    return str((inside(call["body"], "data") or call["body"]).get("audioId", ""))
