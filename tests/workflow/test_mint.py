"""The recorder's credential: what is tried again, what is not, and for how long."""

from typing import Any

import pytest

from tests.workflow.bundle import bundle, quick
from tests.workflow.wire import SECRETS

MINT = {"on": "mint"}
PASSING: dict[str, dict[str, Any]] = {
    "206 rate limit": {"fault": "code", "code": 206},
    "100000015 gateway": {"fault": "code", "code": 100000015},
    "HTTP 500": {"fault": "status", "status": 500},
    "HTML": {"fault": "status", "status": 200, "body": "<html><body>502 Bad Gateway</body></html>"},
    "no answer": {"fault": "drop"},
    "too late": {"fault": "delay", "seconds": 60},
    "empty": {"fault": "body", "body": ""},
    "not an object": {"fault": "body", "body": "[]"},
    "no token": {"fault": "body", "body": '{"Code": 0, "Data": {}}'},
    "undocumented code": {"fault": "code", "code": 424242},
}
BACKED_OFF = {"retry": {"base_s": 2, "cap_s": 60, "max_attempts": 5}, "settle_s": 0}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_passing_trouble_at_zego_is_waited_out_and_the_room_is_heard(fault: dict[str, Any]) -> None:
    with bundle(plan={"default": BACKED_OFF}) as b:
        b.doubles.zego.faults.add(MINT | fault | {"times": 2})
        b.open()
        assert len(b.doubles.mints()) == 3
        first, second = (seconds for state, seconds in b.waited if state == "Pause")
        assert 1 <= first <= 2 <= second <= 4
        assert len(b.doubles.calls("submit")) == len(b.doubles.running()) == 1
        assert len(b.noted("ES206")) == 2
        b.close()
        assert b.story() == ["Started", "Ended"]
        assert b.ledger()["calls"] == {"mint": 3, "submit": 1, "finish": 1, "unclaimed": 0}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_no_trouble_is_tried_more_often_than_the_plan_says(fault: dict[str, Any]) -> None:
    plan = quick(max_attempts=2)
    with bundle(plan=plan) as b:
        b.doubles.zego.faults.add(MINT | fault | {"times": None})
        b.send("RoomOpened")
        b.wait_over("FAILED")
        assert len(b.doubles.mints()) == 3
        assert b.doubles.calls("submit") == []
        assert b.story() == ["Failed", "Ended"]
        assert b.told("ModerationFailed")[0]["reason"].startswith("gave_up_after_2")


def test_a_signature_that_zego_refuses_is_not_tried_again() -> None:
    with bundle(secrets={**SECRETS, "zego": {"1234567890": {"server_secret": "f" * 32}}}) as b:
        b.send("RoomOpened")
        b.wait_over("FAILED")
        assert [entry["verdict"]["code"] for entry in b.doubles.mints()] == [100000005]
        assert b.doubles.calls("submit") == []
        assert b.story() == ["Failed", "Ended"]
        assert "server_secret" in b.output.getvalue()
        assert "f" * 32 not in b.output.getvalue()


def test_what_is_wrong_with_the_deployment_is_told_by_its_name() -> None:
    """``misconfigured`` alone sends an operator to the logs of another function."""
    with bundle(secrets={**SECRETS, "zego": {"1234567890": {"server_secret": "f" * 32}}}) as b:
        b.send("RoomOpened")
        b.wait_over("FAILED")
        (failed,) = b.told("ModerationFailed")
        assert "server_secret" in failed["reason"]
        assert b.ended()["reason"] == failed["reason"]
        assert "server_secret" in b.noted("ES205")[0]["reason"]


def test_an_app_without_a_secret_fails_and_is_named_in_the_log() -> None:
    with bundle() as b:
        b.send("RoomOpened", app_id="999")
        b.wait_over("FAILED")
        assert "secret zego.999" in b.output.getvalue()
        assert b.doubles.mints() == b.doubles.calls("submit") == []
        assert b.story() == ["Failed", "Ended"]


def test_the_secret_of_another_app_is_never_tried() -> None:
    other = {"1234567890": {"server_secret": ["a" * 32]}, "999": {"server_secret": "b" * 32}}
    with bundle(secrets={**SECRETS, "zego": other}) as b:
        b.send("RoomOpened", app_id="999")
        b.wait_over("FAILED")
        assert [entry["query"]["AppId"] for entry in b.doubles.mints()] == ["999"]


def test_a_room_that_closes_before_its_credential_is_never_submitted() -> None:
    with bundle() as b:
        b.once("Mint", lambda: b.send("RoomClosed"))
        b.send("RoomOpened")
        b.wait_over()
        assert b.doubles.mints() == b.doubles.calls("submit") == b.doubles.calls("finish") == []
        assert b.ended()["reason"] == "room_closed"


def test_a_room_that_closes_between_trouble_and_the_next_try_is_never_submitted() -> None:
    with bundle(plan={"default": BACKED_OFF}) as b:
        b.doubles.zego.faults.add(MINT | {"fault": "code", "code": 206})
        b.once("Pause", lambda: b.send("RoomClosed"))
        b.send("RoomOpened")
        b.wait_over()
        assert len(b.doubles.mints()) == 1
        assert b.doubles.calls("submit") == []
        assert b.story() == ["Ended"]
