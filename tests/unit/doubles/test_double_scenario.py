"""Scripts: reading them, choosing one, when a line is heard; the files that come along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.doubles.scenario import Line, Scenario, load, parse
from local.doubles.settings import BadField

if TYPE_CHECKING:
    from local.doubles.model import Json
    from tests.unit.doubles.conftest import Shumei

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "local/scenarios").glob("*.yaml"))


def room(**script: Any) -> Json:
    return {"rooms": {"r": script}}


WRONG = [
    ([], "scenario"),
    ({"room": {}}, "scenario.room"),
    ({"rooms": []}, "scenario.rooms"),
    (room(line=[]), "rooms.r.line"),
    (room(clock="moon"), "rooms.r.clock"),
    (room(lines=[{"text": "x"}]), "rooms.r.lines[0].at"),
    (room(lines=[{"at": "x"}]), "rooms.r.lines[0].at"),
    (room(lines=[{"at": True}]), "rooms.r.lines[0].at"),
    (room(lines=[{"at": 1}, {"at": 1, "risk_level": "BLOCK"}]), "rooms.r.lines[1].risk_level"),
    (room(lines=[{"at": 1, "risk_level": "REVIEW", "score": 5}]), "rooms.r.lines[0].score"),
    (room(lines=[{"at": 1, "every": 0}]), "rooms.r.lines[0].every"),
    (room(lines=[{"at": 1, "txt": "x"}]), "rooms.r.lines[0].txt"),
    (room(lines=[{"at": 1, "media": "smell"}]), "rooms.r.lines[0].media"),
    (room(lines=[{"at": 1, "media": 1}]), "rooms.r.lines[0].media"),
    (room(ends={"error_code": 3005}), "rooms.r.ends[0].at"),
    (room(ends=[{"at": 1, "error_code": "3005"}]), "rooms.r.ends[0].error_code"),
    (room(ends={"at": 1, "once": 1}), "rooms.r.ends[0].once"),
]


@pytest.mark.parametrize(("document", "field"), WRONG)
def test_wrong_scenario_names_the_field(document: object, field: str) -> None:
    with pytest.raises(BadField) as wrong:
        parse(document)
    assert wrong.value.field == field


@pytest.mark.parametrize(
    ("line", "window", "heard"),
    [
        (Line(10), (0, 10), False),
        (Line(10), (10, 20), True),
        (Line(19.9), (10, 20), True),
        (Line(10), (20, 30), False),
        (Line(5, every=30), (0, 10), True),
        (Line(5, every=30), (30, 40), True),
        (Line(5, every=30), (40, 50), False),
        (Line(5, every=30), (60, 70), True),
        (Line(0, every=10), (20, 30), True),
        (Line(5, every=3), (6, 7), False),
    ],
)
def test_when_a_line_is_heard(line: Line, window: tuple[float, float], heard: bool) -> None:
    assert line.heard_in(*window) is heard


def test_which_script(shumei: Shumei) -> None:
    names = ("*", "room-2", "mine", "s-1")
    shumei.set(duplicate_key={"ZEGO": False}, max_streams=10)
    rooms = {name: {"lines": [{"at": 1, "text": name, "speaker": "u"}]} for name in names}
    shumei.admin("POST", "scenario", {"name": "four", "rooms": rooms})
    shumei.start(param={"roomId": "room-1"})
    shumei.start(param={"roomId": "room-2"})
    shumei.start(param={"roomId": "room-2"}, room="mine")
    shumei.start(param={"roomId": "room-2", "streamId": "s-1"})
    assert [body["detail"]["audioText"] for body in shumei.run(10)] == ["*", "room-2", "mine", "s-1"]
    assert shumei.state()["scenario"] == "four"


def test_what_is_shown_is_not_among_what_is_said() -> None:
    lines = [{"at": 1, "text": "said"}, {"at": 2, "text": "shown", "media": "image", "speaker": "camera"}]
    script = parse(room(lines=lines)).rooms["r"]
    assert [line.text for line in script.lines] == ["said"]
    assert [line.text for line in script.images] == ["shown"]
    assert script.voices() == ["user-1", "camera"]


def test_silence_by_default() -> None:
    assert Scenario().find(["x"]).lines == ()
    assert parse({"rooms": {"r": {}}}).find(["other"]).voices() == ["user-1"]


def test_posting_changes_running_tasks(shumei: Shumei) -> None:
    task = shumei.start()
    shumei.play({"at": 15, "text": "early"}, ends={"at": 5})
    shumei.run(9)
    assert shumei.task(task)["state"] == "ended"
    shumei.play()
    task = shumei.start()
    document = b"rooms: {'*': {lines: [{at: 11, text: new}], ends: {at: 25, error_code: 3003}}}"
    shumei.run(15)
    assert shumei.admin("POST", "scenario", document)[0] == 200
    assert "new" in [body["detail"].get("audioText") for body in shumei.run(40)]
    assert shumei.task(task)["error_code"] == 3003


def test_an_end_of_a_replaced_scenario_does_not_happen(shumei: Shumei) -> None:
    shumei.play(ends={"at": 30})
    task = shumei.start()
    shumei.run(10)
    shumei.play()
    shumei.run(60)
    assert shumei.task(task)["state"] == "running"


@pytest.mark.parametrize("document", [b"rooms: [", b'{"rooms": 1}', b""])
def test_wrong_post(shumei: Shumei, document: object) -> None:
    status, answer = shumei.admin("POST", "scenario", document)
    assert status == 400
    assert answer["field"]


def test_room_clock_goes_on_over_tasks(shumei: Shumei) -> None:
    shumei.play({"at": 5, "text": "a"}, {"at": 35, "text": "b"}, clock="room")
    shumei.finish(shumei.start())
    shumei.run(30)
    shumei.start()
    texts = [body["detail"]["audioText"] for body in shumei.run(40) if "audioText" in body["detail"]]
    assert texts == ["b"]


def play(shumei: Shumei, name: str) -> None:
    shumei.world.runner.play(load(ROOT / "local/scenarios" / f"{name}.yaml"), shumei.time.now)


def test_there_are_scenarios() -> None:
    names = ["abusive-speaker", "expiring-token", "mixed-bag", "quiet-room", "video-room"]
    assert [path.stem for path in FILES] == names
    assert all(load(path).name != "unnamed" for path in FILES)


def test_quiet_room(shumei: Shumei) -> None:
    play(shumei, "quiet-room")
    shumei.start()
    assert {body["riskLevel"] for body in shumei.run(120)} == {"PASS"}


def test_abusive_speaker(shumei: Shumei) -> None:
    play(shumei, "abusive-speaker")
    shumei.start(param={"isMixingEnabled": False}, returnAllText=False)
    bad = shumei.run(60)
    assert [(b["detail"]["strUserId"], b["detail"]["riskType"]) for b in bad] == [("user-7", 210)] * 2


def test_expiring_token(shumei: Shumei) -> None:
    play(shumei, "expiring-token")
    shumei.start()
    first = shumei.run(40)
    assert [b["auxInfo"]["errorCode"] for b in first if b.get("statCode")] == [3005]
    task = shumei.start()
    shumei.run(200)
    assert shumei.task(task)["state"] == "running"
    bad = [p for _, p in shumei.got if json.loads(p.body)["riskLevel"] == "REJECT"]
    assert len(bad) == 1


def test_mixed_bag(shumei: Shumei) -> None:
    play(shumei, "mixed-bag")
    shumei.start()
    for name in ("room-empty", "room-missing", "room-polite"):
        shumei.start(param={"roomId": name})
    bodies = shumei.run(120)
    main = [b["detail"] | {"level": b["riskLevel"]} for b in bodies if b["detail"].get("room") == "room-1"]
    assert {d["level"] for d in main} == {"PASS", "REVIEW", "REJECT"}
    assert {0, 100, 200, 250, 520, 999, None} == {d.get("riskType") for d in main}
    codes = [b["auxInfo"].get("errorCode") for b in bodies if b.get("statCode") == 1]
    assert codes == [3003, None, 3004]
