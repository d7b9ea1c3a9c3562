"""One ZEGO room, from opened to closed."""

from tests.workflow.bundle import bundle

SPEECH = {
    "name": "abuse",
    "rooms": {
        "*": {
            "lines": [
                {"at": 3, "speaker": "user-8", "text": "大家晚上好"},
                {
                    "at": 20,
                    "speaker": "user-7",
                    "text": "滚",
                    "risk_level": "REJECT",
                    "risk_type": 210,
                    "score": 870,
                },
            ]
        }
    },
}


def test_a_room_is_heard_from_opening_to_closing() -> None:
    with bundle(SPEECH) as b:
        b.open(attributes={"k": "v"})
        b.advance(35)
        b.close()
        b.advance(15)

        assert b.story() == ["Started", "Ended"]
        (task,) = b.doubles.tasks()
        assert (task["end_reason"], b.ended()["reason"]) == ("finished", "room_closed")
        ledger = b.ledger()
        assert ledger["calls"] == {"mint": 1, "submit": 1, "finish": 1, "unclaimed": 0}
        assert ledger["unfinished"] == ledger["unresolved"] == []


def test_what_is_said_is_judged_and_told() -> None:
    with bundle(SPEECH) as b:
        b.open(attributes={"k": "v"})
        b.advance(35)
        levels = {event["risk_level"]: event for event in b.told("SegmentJudged")}
        assert sorted(levels) == ["PASS", "REJECT"]
        bad = levels["REJECT"]
        assert bad["labels"] == [{"code": "abuse", "vendor_code": "210", "score": 0.87}]
        assert (bad["text"], bad["attributes"], bad["late"]) == ("滚", {"k": "v"}, False)
