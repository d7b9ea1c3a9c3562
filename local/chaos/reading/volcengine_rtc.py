"""The audit of Volcengine's own RTC rooms: one a room, without a name, a credential, or a notice of its end."""

from __future__ import annotations

from collections.abc import Mapping

from local.chaos.reading.parts import ADDRESS, Entry, Json, Reading, Result, View, inside

HTTP_OK = 200


class VolcengineRtc(Reading):
    """See the module. What is audited is its name."""

    vendor = double = "volcengine"
    tells_end = False
    deaf_s = 60.0

    def key(self, view: View) -> str:
        """The room, and a user if it is one's."""
        return "/".join(part for part in (view["app_id"], view["room"], view["user"]) if part)

    def watch_id(self, view: View, opened_by: Entry | None) -> str:
        """By the address of its results."""
        del opened_by
        found = ADDRESS.search(view["callback"])
        return found[2].rpartition("-")[0] if found else ""

    def answered(self, call: Entry) -> str:
        """Whoever starts what runs already gets the same answer."""
        return _room(call) if _is_good(call) else ""

    def finished(self, call: Entry) -> list[str]:
        """One a call."""
        return [_room(call)] if _is_good(call) else []

    def pushed(self, push: Entry) -> list[Result]:
        """By ``EventId``; room callbacks go through the same journal."""
        if push.get("push") != "segment":
            return []
        return [Result(push["task"], push["body"]["EventId"], push["data"]["Suggest"] != "PASS")]

    def signs(self, plan: Mapping[str, Json]) -> bool:
        """As the plan says: only who publishes is heard."""
        return super().signs(plan) and bool(inside(plan, "vendors", self.vendor).get("signs_every_s"))


def _room(call: Entry) -> str:
    body = call["body"]
    return "/".join(part for part in (body["AppId"], body["RoomId"], body.get("UserId", "")) if part)


def _is_good(call: Entry) -> bool:
    answer = call["answer"]
    return bool(answer["status"] == HTTP_OK and "Result" in answer["body"])
