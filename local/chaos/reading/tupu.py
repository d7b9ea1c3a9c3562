"""Tupu: speech streams. Results have no id of the vendor's: our events name them by stretch and judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from local.chaos.reading.parts import Entry, Json, Reading, Result, inside, objects

ROOM_FIELDS = {"room": "zegoRoom", "app": "zegoApp", "token": "zegoToken"}
"""What the plans and the double of a run call the parts of a ZEGO room: no page says."""
JUDGES = {"5caee6b2a76925c55a09a6d2": "moderation", "5c8213b9bc807806aab0a574": "vulgar"}
OVER = {0, 16}
CLEAN = {"pass", "0"}


class Tupu(Reading):
    """See the module. A stream that is no more is told by silence alone."""

    vendor = double = "tupu"
    limits = frozenset({17})
    tells_end = False

    def answered(self, call: Entry) -> str:
        """We send one stream a call."""
        told = objects(inside(call.get("answered"), "result"))
        return str(told[0].get("requestId", "")) if told else ""

    def finished(self, call: Entry) -> list[str]:
        """All of a call, or none that could be told."""
        if (call.get("answered") or {}).get("code") not in OVER:
            return []
        return [str(one.get("requestId")) for one in _streams(call)]

    def credential(self, call: Entry) -> str:
        """In the field that was agreed on."""
        return next(
            (str(one[ROOM_FIELDS["token"]]) for one in _streams(call) if ROOM_FIELDS["token"] in one), ""
        )

    def pushed(self, push: Entry) -> list[Result]:
        """Each of the vendor's tasks judges for itself."""
        if push.get("push") != "segment":
            return []
        return [
            Result(push["task"], _name(judge, one), str(one.get("action", one.get("label"))) not in CLEAN)
            for judge, one in _elements(push["body"])
        ]

    def ending(self, code: int | None) -> tuple[str, dict[str, Json]]:
        """A stream that is no more is tried again, and stays."""
        return ("end" if code is None else "lose"), {}


def _streams(call: Entry) -> list[dict[str, Json]]:
    return objects(inside(call["body"], "speechStream"))


def _elements(content: Mapping[str, Json]) -> Iterator[tuple[str, dict[str, Json]]]:
    for task, judge in JUDGES.items():
        for several in inside(content, task).values():
            yield from ((judge, one) for one in objects(several))


def _name(judge: str, element: Mapping[str, Json]) -> str:
    ends = (element["sliceStartTime"], element["sliceEndTime"])
    stretch = "-".join("".join(filter(str.isdigit, end)) for end in ends)
    return "#".join([element["requestId"], stretch, judge])
