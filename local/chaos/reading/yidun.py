"""Yidun: live audio, and the audio-video solution."""

from __future__ import annotations

import json

from local.chaos.reading.parts import Entry, Json, Reading, Result, inside

OK = 200


class Yidun(Reading):
    """See the module."""

    vendor = double = "yidun"
    limits = frozenset({411})

    def answered(self, call: Entry) -> str:
        """In ``result``."""
        return str(inside(call["answer"]["body"], "result").get("taskId") or "").strip()

    def finished(self, call: Entry) -> list[str]:
        """Several a call."""
        if call["answer"]["body"].get("code") != OK:
            return []
        return [str(one["taskId"]) for one in json.loads(call["body"].get("feedbacks", "[]"))]

    def ref(self, call: Entry) -> str:
        """``dataId``: results may be polled, and then there is no address."""
        return str(call["body"]["dataId"])

    def credential(self, call: Entry) -> str:
        """In the address of the room."""
        url = call["body"]["url"]
        return str(url.partition("?")[2]) if "token" in url else ""

    def pushed(self, push: Entry) -> list[Result]:
        """Of every sentence; whether one is a hit is not looked at."""
        if push.get("push") != "segment":
            return []
        return [Result(push["task"], name, False) for name in _segment_ids(push["body"])]


def _segment_ids(node: Json) -> list[str]:
    if isinstance(node, dict):
        own = [str(node["segmentId"])] if node.get("segmentId") else []
        return own + [name for value in node.values() for name in _segment_ids(value)]
    if isinstance(node, list):
        return [name for value in node for name in _segment_ids(value)]
    return []
