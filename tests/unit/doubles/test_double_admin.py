"""Admin API: health, journal, state, settings; routes that do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.doubles.conftest import Shumei, Time, Zego


@pytest.mark.parametrize("double", ["zego", "shumei"])
def test_health(request: pytest.FixtureRequest, time: Time, double: str) -> None:
    caller = request.getfixturevalue(double)
    time.go(2.5)
    assert caller.admin("GET", "health") == (200, {"ok": True, "double": double, "second": 2.5})


def test_journal_entry_of_a_call(shumei: Shumei, time: Time) -> None:
    time.go(1.5)
    body = shumei.body(top={"btId": "x" * 129})
    shumei.send(body)
    (entry,) = shumei.journal()
    assert (entry["seq"], entry["kind"], entry["operation"], entry["cluster"]) == (1, "call", "submit", "sh")
    assert (entry["at"], entry["second"]) == ("2023-11-14T22:13:21.500Z", 1.5)
    assert entry["body"] == body
    assert entry["answer"]["status"] == 200
    assert entry["answer"]["body"]["code"] == 1902
    assert (entry["verdict"]["ok"], entry["verdict"]["field"], entry["fault"]) == (False, "btId", None)


def test_journal_shows_an_answer_that_was_lost(shumei: Shumei) -> None:
    shumei.faults({"on": "submit", "fault": "accept_then_timeout", "seconds": 8})
    shumei.send(shumei.body())
    answer = shumei.journal()[-1]["answer"]
    assert (answer["cut"], answer["hold"], answer["body"]["code"]) == ("close", 8, 1100)


def test_journal_since_and_clear(zego: Zego) -> None:
    for _ in range(3):
        zego.mint()
    entries = zego.admin("GET", "journal", query=[("since", "2")])[1]
    assert [entry["seq"] for entry in entries["entries"]] == [3]
    assert entries["last_seq"] == 3
    zego.admin("DELETE", "journal")
    assert zego.journal() == []
    zego.mint()
    assert [entry["seq"] for entry in zego.journal()] == [4]  # never goes back


@pytest.mark.parametrize("since", ["x", "-1", ""])
def test_journal_since_nonsense(zego: Zego, since: str) -> None:
    status, answer = zego.admin("GET", "journal", query=[("since", since)])
    assert (status, answer["field"]) == (400, "since")


def test_admin_calls_are_not_in_the_journal(shumei: Shumei) -> None:
    shumei.state()
    assert shumei.journal() == []


def test_state_of_a_task(shumei: Shumei) -> None:
    task = shumei.start(room="my-room")
    shumei.run(25)
    assert shumei.task(task) == {
        "id": task,
        "generation": "v2",
        "room": "my-room",
        "platform_room": "room-1",
        "stream": None,
        "stream_type": "ZEGO",
        "split": False,
        "cluster": "sh",
        "bt_id": "bt-1",
        "state": "running",
        "token": "ok",
        "started": 0,
        "ended": None,
        "end_reason": None,
        "error_code": None,
        "billed_seconds": 25,
        "segments": {"made": 2, "pushed": 2, "acknowledged": 2, "given_up": 0},
        "end_notice": {"pushed": 0, "acknowledged": 0, "given_up": 0},
        "push_attempts": 2,
        "finish_calls": 0,
    }


def test_settings_over_http(shumei: Shumei) -> None:
    status, view = shumei.admin(
        "POST", "settings", {"dialect": "seed", "end_delay": 2, "duplicate_key": {"GIN": True}}
    )
    assert status == 200
    assert (view["dialect"], view["end_delay"], view["duplicate_key"]["GIN"]) == ("seed", 2.0, True)
    assert view["duplicate_key"]["ZEGO"] is True
    assert shumei.admin("GET", "settings")[1] == view


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"dialekt": "seed"}, "dialekt"),
        ({"dialect": "old"}, "dialect"),
        ({"max_qps": "5"}, "max_qps"),
        ({"max_qps": True}, "max_qps"),
        ({"out_of_balance": 1}, "out_of_balance"),
        ({"push_intervals": 5}, "push_intervals"),
        ({"duplicate_key": {"RTMP": True}}, "duplicate_key.RTMP"),
        ({"duplicate_key": []}, "duplicate_key"),
        ({"max_streams": 1, "finish_ended_code": 5}, "finish_ended_code"),
        ([], "body"),
    ],
)
def test_wrong_setting_changes_nothing(shumei: Shumei, values: object, field: str) -> None:
    before = shumei.admin("GET", "settings")[1]
    status, answer = shumei.admin("POST", "settings", values)
    assert (status, answer["field"]) == (400, field)
    assert shumei.admin("GET", "settings")[1] == before


@pytest.mark.parametrize(
    ("double", "method", "path"),
    [
        ("zego", "POST", "scenario"),
        ("zego", "GET", "x"),
        ("shumei", "POST", "redeem"),
        ("shumei", "PUT", "state"),
    ],
)
def test_routes_that_do_not_exist(
    request: pytest.FixtureRequest, double: str, method: str, path: str
) -> None:
    assert request.getfixturevalue(double).admin(method, path, {})[0] == 404
