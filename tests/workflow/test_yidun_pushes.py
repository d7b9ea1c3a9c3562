"""Yidun's pushes at the door, one by one and by the batch; and rooms that close together."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

from tests.workflow.bundle import Bundle, bundle
from tests.workflow.wire import SECRETS
from tests.workflow.yidun_rooms import PLAN, PUSHED


def pushed(b: Bundle, results: list[Any], key: str = SECRETS["yidun"]["secret_key"]) -> tuple[str, bytes]:
    """Where the running task's results are pushed to, and a batch of them, signed."""
    (call,) = [e for e in b.doubles.yidun.journal.since(0) if e.get("operation") == "submit"]
    account = SECRETS["yidun"]
    form = {"secretId": account["secret_id"], "businessId": account["business_id"]}
    form["callbackData"] = json.dumps(results)
    text = "".join(f"{name}{form[name]}" for name in sorted(form)) + key
    form["signature"] = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return call["body"]["callbackUrl"], urlencode(form).encode()


def said(b: Bundle, second: int) -> dict[str, Any]:
    evidences = {"suggestion": 2, "startTime": second * 1000, "endTime": second * 1000 + 900, "labels": []}
    (running,) = b.doubles.yidun_tasks()
    return {"antispam": {"taskId": running["id"], "dataId": running["data_id"], "evidences": evidences}}


def test_of_a_batch_the_good_are_told_and_the_bad_is_kept_whole() -> None:
    with bundle(None, PLAN, accounts=PUSHED) as b:
        b.open()
        bad = {"antispam": {"taskId": "x", "evidences": "none"}}
        url, body = pushed(b, [said(b, 2_000_000_001), said(b, 2_000_000_002), bad, said(b, 2_000_000_003)])
        for _ in range(2):
            answer = b.post(url, body)
            assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"code": 200, "msg": "ok"})
            b.pump()
        assert len(b.told("SegmentJudged")) == 3
        assert len(b.items("batch")) == len(b.items("quarantine")) == 1
        b.close()


def test_what_yidun_did_not_sign_leaves_nothing() -> None:
    with bundle(None, PLAN, accounts=PUSHED) as b:
        b.open()
        url, good = pushed(b, [said(b, 2_000_000_001)])
        _, forged = pushed(b, [said(b, 2_000_000_001)], key="f" * 32)
        for body in (forged, good.replace(b"2000000001000", b"2000000009000"), b"{}", b""):
            assert b.post(url, body)["statusCode"] in {400, 401}
        assert b.items("segment") == b.items("quarantine") == []
        assert b.post(url, good)["statusCode"] == 200
        b.pump()
        assert len(b.told("SegmentJudged")) == 1
        b.close()


def test_a_result_of_last_week_is_told_as_late() -> None:
    with bundle(None, PLAN, accounts=PUSHED) as b:
        b.open()
        url, body = pushed(b, [said(b, 2_000_000_001)])
        b.close()
        b.doubles.clock.second += 7 * 86_400
        assert b.post(url, body)["statusCode"] == 200
        b.pump()
        assert [event["late"] for event in b.told("SegmentJudged")] == [True]
        assert len(b.executions()) == 1, "and starts nothing"


def test_rooms_that_close_together_are_stopped_together() -> None:
    with bundle(None, PLAN, accounts=PUSHED) as b:
        rooms = [f"room-{number}" for number in range(12)]
        for room in rooms:
            b.send("RoomOpened", room_id=room)
        b.wait_quiet()
        for room in rooms:
            b.send("RoomClosed", room_id=room)
        b.wait_over()
        assert {t["end_reason"] for t in b.doubles.yidun_tasks()} == {"finished"}
        stops = [e for e in b.doubles.yidun.journal.since(0) if e.get("operation") == "finish"]
        assert len(stops) < len(rooms)
        assert b.items("stop") == []
