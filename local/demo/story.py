"""What has been heard of each room so far."""

from collections import defaultdict
from typing import Any

Event = dict[str, Any]

STATES = {
    "ModerationStarted": "listening",
    "ModerationResumed": "listening again",
    "ModerationInterrupted": "interrupted",
    "ModerationFailed": "failed",
    "ModerationEnded": "closed",
}


class Heard:
    """Events by room, each once: the bus delivers at least once, ``event_id`` tells."""

    def __init__(self) -> None:
        self.by_room: dict[str, list[Event]] = defaultdict(list)
        self._known: set[str] = set()

    def take(self, event: Event) -> bool:
        """False if it was heard before."""
        detail = event["detail"]
        if detail["event_id"] in self._known:
            return False
        self._known.add(detail["event_id"])
        self.by_room[detail["room"]["room_id"]].append(event)
        return True

    def kinds(self, room_id: str) -> list[str]:
        """Detail-types in the order they were heard."""
        return [event["detail-type"] for event in self.by_room[room_id]]

    def state(self, room_id: str) -> str:
        """Where the room stands, in words."""
        moves = [STATES[kind] for kind in self.kinds(room_id) if kind in STATES]
        return moves[-1] if moves else "opening"

    def verdicts(self, room_id: str) -> list[Event]:
        """Details of the segments judged."""
        return [event["detail"] for event in self.by_room[room_id] if event["detail-type"] == "SegmentJudged"]

    def ledger(self, room_id: str) -> dict[str, Any] | None:
        """The room's ledger, once it is settled."""
        ended = [e["detail"] for e in self.by_room[room_id] if e["detail-type"] == "ModerationEnded"]
        return ended[-1]["ledger"] if ended else None


def line(event: Event) -> str:
    """One event in a line."""
    kind, detail = event["detail-type"], event["detail"]
    if kind == "SegmentJudged":
        labels = " ".join(label["code"] for label in detail["labels"])
        said = f"“{detail['text']}”" if detail["text"] else "(silence)"
        late = " (late)" if detail["late"] else ""
        return f"{detail['risk_level']:<6} {labels:<9} {said}{late}"
    if kind == "LedgerDiffers":
        counts = f"the vendor counts {detail['vendor_s']} s, our clock {detail['audited_s']} s"
        return f"{counts}: its clock runs faster here"
    return f"{STATES.get(kind, kind)} {detail.get('reason', '')}".strip()
