"""Lyrebird, as its description has it."""

from __future__ import annotations

from local.chaos.reading.parts import Entry, Json, Reading, Result, inside, objects

OVER = {0, 2008}
CODES = {None: None, 3005: 11}
GONE = 10
PLACE = 3
"""Of the stream's id in the path of a stop."""


class Lyrebird(Reading):
    """See the module."""

    vendor = double = "lyrebird"
    limits = frozenset({2005, 2006})

    def answered(self, call: Entry) -> str:
        """Of a duplicate the one that runs."""
        return str(inside(call["answer"]["body"], "data").get("stream_id", ""))

    def finished(self, call: Entry) -> list[str]:
        """One a call, named by the path."""
        return [call["path"].split("/")[PLACE]] if call["answer"]["body"].get("code") in OVER else []

    def credential(self, call: Entry) -> str:
        """In the source."""
        source = inside(call["body"], "source")
        return str(source.get("identify_token") or source.get("token") or "")

    def pushed(self, push: Entry) -> list[Result]:
        """Several a push, the notice of the end among them."""
        return [
            Result(push["task"], one["event_id"], one["verdict"] != "ok")
            for one in objects(inside(push["body"], "events"))
            if one["kind"] == "slice"
        ]

    def ending(self, code: int | None) -> tuple[str, dict[str, Json]]:
        """A credential that is no good, or a source that is gone."""
        return "end", {"end_code": CODES.get(code, GONE)}
