"""Shumei: audio streams v2 and V4, video streams."""

from __future__ import annotations

from local.chaos.reading.parts import Entry, Json, Reading, Result, View, inside

OVER = {1100, 1902, 1909}
ROUNDED = 0.01
JUDGED = {"segment", "frame"}
LEVELS = ((), ("audioDetail",), ("frameDetail",))
"""Where ``riskLevel`` stands: at the top in v2, in what was judged in V4."""


class Shumei(Reading):
    """See the module."""

    vendor = double = "shumei"
    limits = frozenset({1901, 1904})

    def watch_id(self, view: View, opened_by: Entry | None) -> str:
        """``btId``; a video stream has none."""
        if view["bt_id"]:
            return str(view["bt_id"])
        return self.ref(opened_by).rpartition("-")[0] if opened_by else ""

    def lost(self, view: View) -> float | None:
        """V4 tries for a while to get back; what it bills ends with what it hears."""
        if view["generation"] == "v2" or view["token"] != "ok":
            return None
        heard_until: float = view["started"] + view["billed_seconds"]
        return heard_until if view["ended"] is None or heard_until < view["ended"] - ROUNDED else None

    def answered(self, call: Entry) -> str:
        """Of a duplicate the one that runs."""
        body = call["answer"]["body"]
        return str(inside(body, "detail").get("dupRequestId") or body.get("requestId") or "").strip()

    def finished(self, call: Entry) -> list[str]:
        """One a call."""
        return [str(call["body"]["requestId"])] if call["answer"]["body"].get("code") in OVER else []

    def credential(self, call: Entry) -> str:
        """In the parameters of the platform."""
        params = [value for value in call["body"]["data"].values() if isinstance(value, dict)]
        names = ("tokenId", "token", "userSig")
        return next((str(p[n]) for p in params for n in names if isinstance(p.get(n), str)), "")

    def pushed(self, push: Entry) -> list[Result]:
        """One a push, of sound or of a picture."""
        body = push["body"]
        if push.get("push") not in JUDGED or not isinstance(body, dict) or not body.get("requestId"):
            return []
        return [Result(push["task"], body["requestId"], _level(body) != "PASS")]

    def ending(self, code: int | None) -> tuple[str, dict[str, Json]]:
        """With the code itself."""
        return "end", {"errorCode": code}


def _level(body: Json) -> Json:
    levels = (inside(body, *where).get("riskLevel") for where in LEVELS)
    return next((level for level in levels if level), None)
