"""Submissions that the vendor answers, one way or another."""

from typing import Any

import pytest

from tests.workflow.bundle import QUICK, bundle, quick
from tests.workflow.wire import SECRETS

SUBMIT = {"on": "submit"}
RETRIED: dict[str, dict[str, Any]] = {
    "1901": {"fault": "code", "code": 1901},
    "1903": {"fault": "code", "code": 1903},
    "1904": {"fault": "code", "code": 1904},
    "undocumented": {"fault": "code", "code": 4242},
    "HTTP 500": {"fault": "status", "status": 500},
    "not JSON": {"fault": "status", "status": 200, "body": '{"code": 1100,,}'},
    "no answer": {"fault": "drop"},
}


@pytest.mark.parametrize("fault", RETRIED.values(), ids=RETRIED.keys())
def test_passing_trouble_is_tried_again_with_a_new_token_each_time(fault: dict[str, Any]) -> None:
    with bundle() as b:
        b.doubles.shumei.faults.add(SUBMIT | fault | {"times": 3})
        b.open()
        tokens = b.doubles.tokens()
        assert len(tokens) == len(set(tokens)) == len(b.doubles.mints()) == 4
        (task,) = b.doubles.running()
        assert task["token"] == "ok"
        b.advance(11)
        assert len(b.told("SegmentJudged")) == 1
        b.close()
        assert b.story() == ["Started", "Ended"]
        assert b.ledger()["calls"] == {"mint": 4, "submit": 4, "finish": 1, "unclaimed": 0}


@pytest.mark.parametrize("fault", RETRIED.values(), ids=RETRIED.keys())
def test_no_trouble_is_tried_more_often_than_the_plan_says(fault: dict[str, Any]) -> None:
    plan = quick(max_attempts=2)
    with bundle(plan=plan) as b:
        b.doubles.shumei.faults.add(SUBMIT | fault | {"times": None})
        b.send("RoomOpened")
        b.wait_over("FAILED")
        assert len(b.doubles.calls("submit")) == 3
        assert b.story() == ["Failed", "Ended"]
        assert b.told("ModerationFailed")[0]["reason"].startswith("gave_up_after_2")


@pytest.mark.parametrize("code", [1902, 9100])
def test_a_refusal_is_told_with_the_vendors_code_and_not_tried_again(code: int) -> None:
    with bundle() as b:
        b.doubles.shumei.faults.add(SUBMIT | {"fault": "code", "code": code, "times": None})
        b.send("RoomOpened")
        b.wait_over("FAILED")
        assert len(b.doubles.calls("submit")) == 1
        assert b.story() == ["Failed", "Ended"]
        assert b.told("ModerationFailed")[0]["reason"] == f"shumei_{code}"
        assert b.ended()["reason"] == f"shumei_{code}"
        assert b.ledger()["tasks"] == b.ledger()["unfinished"] == b.ledger()["unresolved"] == []


def test_a_wrong_access_key_is_told_by_its_name() -> None:
    with bundle(secrets={**SECRETS, "shumei": {"access_key": "WRONG_KEY_0000000000"}}) as b:
        b.send("RoomOpened")
        b.wait_over("FAILED")
        (call,) = b.doubles.calls("submit")
        assert call["verdict"]["code"] == 9101
        assert b.story() == ["Failed", "Ended"]
        reason = b.told("ModerationFailed")[0]["reason"]
        assert "access_key" in reason or "9101" in reason


def test_trouble_is_named_when_it_was_not_overcome() -> None:
    plan = quick(max_attempts=0)
    with bundle(plan=plan) as b:
        b.doubles.shumei.faults.add(SUBMIT | {"fault": "code", "code": 1903})
        b.send("RoomOpened")
        b.wait_over("FAILED")
        assert b.told("ModerationFailed")[0]["reason"] == "gave_up_after_0:shumei_1903"


@pytest.mark.parametrize("calls", ["submit", "finish", "both"])
def test_a_request_id_with_a_leading_blank_is_understood(calls: str) -> None:
    with bundle() as b:
        b.doubles.shumei.settings.update(
            {"leading_blank_submit": calls != "finish", "leading_blank_finish": calls != "submit"}
        )
        b.open()
        b.advance(11)
        b.close()
        assert [call["verdict"]["warnings"] for call in b.doubles.calls("finish")] == [[]]
        assert b.doubles.tasks()[0]["end_reason"] == "finished"
        assert b.told("SegmentJudged")[0]["task_id"] == b.doubles.tasks()[0]["id"]


def test_a_task_is_finished_on_the_cluster_that_accepted_it() -> None:
    plan = {"default": {**QUICK, "vendors": {"shumei": {"cluster": "xjp"}}}}
    with bundle(plan=plan) as b:
        b.open()
        b.close()
        assert {call["cluster"] for call in b.doubles.calls("submit") + b.doubles.calls("finish")} == {"xjp"}
        assert b.doubles.running() == []


def test_a_step_run_twice_by_its_service_mints_again_and_uses_no_token_twice() -> None:
    """Lambda may run an invocation twice: the credential is claimed by the first."""
    with bundle() as b:
        b.doubles.shumei.settings.update({"duplicate_key": {"ZEGO": True}})
        again: list[Any] = []
        b.doubles.answering["submit"] = lambda: again.append(
            b.invoke("submit_stream", {"watch_id": b.watch().watch_id, "number": 1})
        )
        b.open()
        assert again[0][0]["errorType"] == "CredentialClaimed"
        assert len(b.doubles.calls("submit")) == len(b.doubles.running()) == 1
        b.close()
