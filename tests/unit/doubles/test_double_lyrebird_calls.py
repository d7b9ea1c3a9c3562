"""The life of a stream at Lyrebird: started, asked for, stopped, ended; and calls that are spoilt to order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.doubles.model import Request
from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_lyrebird_caller import STREAMS, Lyrebird


@pytest.fixture
def lyrebird(time: Time) -> Lyrebird:
    return Lyrebird(time)


def test_a_life_from_start_to_stop(lyrebird: Lyrebird) -> None:
    answer = lyrebird.submit()
    stream = answer["data"]["stream_id"]
    assert stream.isalnum()
    assert answer["message"] == "ok"
    assert answer["data"] == {"stream_id": stream, "stream_key": "room-1-1", "state": "running"}
    lyrebird.run(65)
    asked = {"stream_id": stream, "stream_key": "room-1-1", "started_ms": 1_700_000_000_000, "heard_s": 65}
    assert lyrebird.ask(stream)["data"] == asked | {"state": "running"}
    assert lyrebird.stop(stream)["data"] == {"stream_id": stream, "state": "stopping"}
    assert lyrebird.ask(stream)["data"] == asked | {"state": "stopping"}
    ended = lyrebird.run(66)[-1]
    assert (ended["kind"], ended["end_code"], ended["heard_s"]) == ("ended", 0, 65)
    assert lyrebird.ask(stream)["data"] == asked | {"state": "ended", "end_code": 0}
    view = lyrebird.task(stream)
    assert (view["state"], view["end_reason"], view["billed_seconds"]) == ("ended", "finished", 65)


def test_stopping_again_changes_nothing(lyrebird: Lyrebird) -> None:
    stream = lyrebird.start()
    lyrebird.run(20)
    lyrebird.stop(stream)
    lyrebird.run(30)
    assert lyrebird.stop(stream)["data"]["state"] == "ended"
    assert len([event for event in lyrebird.run(60) if event["kind"] == "ended"]) == 0
    assert (lyrebird.task(stream)["finish_calls"], lyrebird.task(stream)["billed_seconds"]) == (2, 20)


@pytest.mark.parametrize(("method", "tail"), [("GET", ""), ("POST", "/stop")])
def test_unknown_streams(lyrebird: Lyrebird, method: str, tail: str) -> None:
    answer = lyrebird.call(method, f"{STREAMS}/lb00{tail}")
    assert (answer["code"], answer["message"]) == (2008, "no such stream")


def test_streams_are_known_for_a_day_after_their_end(lyrebird: Lyrebird) -> None:
    stream = lyrebird.start()
    lyrebird.stop(stream)
    lyrebird.run(86_400)
    assert lyrebird.ask(stream)["code"] == 0
    lyrebird.run(86_401)
    assert lyrebird.ask(stream)["code"] == 2008


def test_a_running_stream_is_found_by_its_key(lyrebird: Lyrebird) -> None:
    stream = lyrebird.start()
    again = lyrebird.submit({"kind": "url", "url": "https://live.example.com/other.flv"})
    assert (again["code"], again["data"]) == (2009, {"stream_id": stream})
    assert len(lyrebird.state()["tasks"]) == 1
    lyrebird.stop(stream)
    assert lyrebird.start() != stream


def test_fifty_streams(lyrebird: Lyrebird) -> None:
    streams = []
    for number in range(50):
        lyrebird.time.go(0.1)
        streams.append(lyrebird.start(stream_key=f"k{number}"))
    lyrebird.time.go(1)
    assert lyrebird.submit()["code"] == 2006
    assert lyrebird.submit(stream_key="k0")["code"] == 2009
    lyrebird.stop(streams[7])
    assert lyrebird.submit()["code"] == 0


def test_without_balance_nothing_starts_and_the_rest_goes_on(lyrebird: Lyrebird) -> None:
    stream = lyrebird.start()
    lyrebird.set(out_of_balance=True)
    assert lyrebird.submit(stream_key="another")["code"] == 2007
    assert lyrebird.ask(stream)["data"]["state"] == "running"
    assert lyrebird.stop(stream)["code"] == 0


def test_ten_minutes_without_a_voice(lyrebird: Lyrebird) -> None:
    lyrebird.play({"at": 95, "text": "hm"})
    stream = lyrebird.start()
    ended = lyrebird.run(1000)[-1]
    assert (ended["end_code"], ended["heard_s"], lyrebird.task(stream)["ended"]) == (12, 700, 700)
    lyrebird.set(silence_limit=0)
    patient = lyrebird.start()
    lyrebird.run(3000)
    assert lyrebird.task(patient)["state"] == "running"


@pytest.mark.parametrize(("error", "code"), [(None, 10), (3003, 10), (3004, 10), (3005, 11)])
def test_scripted_ends(lyrebird: Lyrebird, error: int | None, code: int) -> None:
    lyrebird.play(ends={"at": 25, "error_code": error, "once": True})
    first = lyrebird.start()
    assert lyrebird.run(30)[-1]["end_code"] == code
    second = lyrebird.start()
    lyrebird.run(100)
    assert [lyrebird.task(one)["state"] for one in (first, second)] == ["ended", "running"]


def test_a_script_that_was_replaced_ends_nothing(lyrebird: Lyrebird) -> None:
    lyrebird.play(ends={"at": 25})
    stream = lyrebird.start()
    lyrebird.run(20)
    lyrebird.play()
    lyrebird.run(50)
    assert lyrebird.task(stream)["state"] == "running"
    lyrebird.play(ends={"at": 60})
    lyrebird.run(70)
    assert lyrebird.task(stream)["ended"] == 60


def test_admin_ends_a_stream(lyrebird: Lyrebird) -> None:
    stream = lyrebird.start()
    assert lyrebird.admin("POST", f"tasks/{stream}/end", {"end_code": 3})[1]["field"] == "end_code"
    assert lyrebird.admin("POST", "tasks/none/end", {})[0] == 404
    assert lyrebird.admin("POST", f"tasks/{stream}/end", {"end_code": 11})[1]["state"] == "ended"
    assert lyrebird.run(5)[-1]["end_code"] == 11
    other = lyrebird.start()
    assert lyrebird.admin("POST", f"tasks/{other}/end")[0] == 200
    assert lyrebird.run(10)[-1]["end_code"] == 10
    assert lyrebird.admin("POST", "scenario", {"name": "x", "rooms": {}})[1]["scenario"] == "x"
    assert lyrebird.admin("POST", "nonsense", {})[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", STREAMS, 405),
        ("DELETE", f"{STREAMS}/lb1", 405),
        ("GET", f"{STREAMS}/lb1/stop", 405),
        ("POST", "/v2/streams", 404),
        ("POST", f"{STREAMS}/", 404),
    ],
)
def test_elsewhere(lyrebird: Lyrebird, method: str, path: str, status: int) -> None:
    assert lyrebird.raw(method, path).status == status
    assert lyrebird.journal("call")[-1]["operation"] is None


def test_journal_of_calls(lyrebird: Lyrebird) -> None:
    stream = lyrebird.start()
    lyrebird.stop(stream)
    started, stopped = lyrebird.journal("call")
    assert (started["operation"], started["body"]["stream_key"]) == ("submit", "room-1-1")
    assert started["answer"]["body"]["data"]["stream_id"] == stream
    assert (stopped["operation"], stopped["task"], stopped["body"]) == ("finish", stream, None)
    assert (started["verdict"]["ok"], started["fault"]) == (True, None)
    assert "lyrebird-sample-api-key" not in json.dumps(lyrebird.journal())


@pytest.mark.parametrize(
    ("order", "cut", "code", "done"),
    [
        ({"fault": "drop"}, "close", None, False),
        ({"fault": "status", "status": 502}, "", None, False),
        ({"fault": "code", "code": 5003}, "", 5003, False),
        ({"fault": "code", "code": 5000}, "", 5000, False),
        ({"fault": "body", "body": '{"code":5000,"message":"internal error","data":{}}'}, "", 5000, True),
        ({"fault": "accept_then_drop"}, "close", None, True),
        ({"fault": "accept_then_timeout", "seconds": 9}, "close", None, True),
        ({"fault": "delay", "seconds": 3}, "", 0, True),
        ({"fault": "forget"}, "", 0, False),
    ],
)
@pytest.mark.parametrize("operation", ["submit", "finish"])
def test_orders_for_calls(
    lyrebird: Lyrebird, order: Any, cut: str, code: int | None, done: bool, operation: str
) -> None:
    stream = lyrebird.start(stream_key="first")
    lyrebird.faults(order | {"on": operation})
    if operation == "submit":
        reply = lyrebird.raw("POST", STREAMS, json.dumps(lyrebird.body()).encode())
        assert (len(lyrebird.state()["tasks"]) == 2) == done
    else:
        reply = lyrebird.raw("POST", f"{STREAMS}/{stream}/stop")
        assert (lyrebird.task(stream)["state"] == "ended") == done
    assert reply.cut == cut
    if code is not None:
        assert json.loads(reply.body)["code"] == code
    assert lyrebird.journal("call")[-1]["fault"]["fault"] == order["fault"]


def test_a_start_whose_answer_is_lost_is_found_again(lyrebird: Lyrebird) -> None:
    lyrebird.faults({"on": "submit", "fault": "accept_then_drop"})
    assert lyrebird.raw("POST", STREAMS, json.dumps(lyrebird.body()).encode()).cut == "close"
    again = lyrebird.submit()
    assert (again["code"], again["data"]["stream_id"]) == (2009, lyrebird.state()["tasks"][0]["id"])


def test_a_forgotten_start_is_unknown(lyrebird: Lyrebird) -> None:
    lyrebird.faults({"on": "submit", "fault": "forget"})
    assert lyrebird.ask(lyrebird.start())["code"] == 2008
    assert lyrebird.run(50) == []


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({"room": "https://live.example.com/one.flv"}, True),
        ({"room": "elsewhere"}, False),
        ({"data_id": "room-1-1"}, True),
        ({"task": "lb0"}, False),
    ],
)
def test_matching_of_calls(lyrebird: Lyrebird, match: Any, hit: bool) -> None:
    lyrebird.faults({"on": "submit", "fault": "code", "code": 5003, "match": match})
    assert (lyrebird.submit()["code"] == 5003) == hit


def test_matching_of_questions_and_stops(lyrebird: Lyrebird) -> None:
    stream = lyrebird.start()
    lyrebird.faults(
        {"on": "query", "fault": "code", "code": 5003, "match": {"task": stream}},
        {"on": "finish", "fault": "code", "code": 5003, "match": {"data_id": "room-1-1"}},
        {"on": "finish", "fault": "code", "code": 5000, "match": {"task": "lb0"}},
    )
    assert (lyrebird.ask(stream)["code"], lyrebird.stop(stream)["code"]) == (5003, 5003)
    assert lyrebird.stop("lb0")["code"] == 5000


def test_a_body_of_nonsense_does_not_trip_the_orders(lyrebird: Lyrebird) -> None:
    lyrebird.faults({"on": "submit", "fault": "code", "code": 5003, "match": {"room": "x"}})
    for body in (b"[1]", b'{"source": 5}', b"{"):
        assert json.loads(lyrebird.raw("POST", STREAMS, body).body)["code"] == 2001


def test_dead_and_revived(lyrebird: Lyrebird) -> None:
    stream = lyrebird.start()
    lyrebird.faults({"fault": "die"})
    assert lyrebird.raw("GET", f"{STREAMS}/{stream}").cut == "reset"
    assert lyrebird.world.handle(Request("GET", "/nowhere"), lyrebird.time.now).cut == "reset"
    assert len(lyrebird.run(20)) == 2
    lyrebird.faults({"fault": "revive"})
    assert lyrebird.ask(stream)["code"] == 0
