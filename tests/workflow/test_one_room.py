"""One ZEGO room, from opened to closed."""

from tests.workflow.bundle import bundle

SPEECH = {
    "name": "abuse",
    "rooms": {
        "*": {
            "lines": [
                {"at": 3, "speaker": "user-8", "text": "大家晚上好"},
                {"at": 20, "speaker": "user-7", "text": "滚", "risk_level": "REJECT", "risk_type": 210, "score": 870},
            ]
        }
    },
}


def test_a_room_is_heard_from_opening_to_closing() -> None:
    with bundle(SPEECH) as b:
        b.send("RoomOpened", attributes={"k": "v"})
        b.wait_parked()
        b.advance(35)
        b.send("RoomClosed", occurred_at="2026-11-21T02:10:00Z")
        b.wait_over()
        b.advance(15)

        judged = b.told("SegmentJudged")
        assert [event["risk_level"] for event in judged].count("REJECT") == 1
        bad = next(event for event in judged if event["risk_level"] == "REJECT")
        assert bad["labels"] == [{"code": "abuse", "vendor_code": "210", "score": 0.87}]
        assert bad["text"] == "滚"
        assert bad["attributes"] == {"k": "v"}
        (started,) = b.told("ModerationStarted")
        (ended,) = b.told("ModerationEnded")
        assert started["session_id"] == ended["session_id"]
        assert ended["reason"] == "room_closed"
        assert ended["ledger"]["calls"] == {"mint": 1, "submit": 1, "finish": 1}
        assert ended["ledger"]["unfinished"] == []
        assert [task["end_reason"] for task in b.doubles.tasks()] == ["finished"]
