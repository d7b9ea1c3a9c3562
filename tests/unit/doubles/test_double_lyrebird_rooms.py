"""Lyrebird's recorders in the rooms of ZEGO and Agora."""

from __future__ import annotations

from typing import Any

import pytest

from local.doubles.model import Json
from tests.unit.doubles.clouds import AGORA_A5, AGORA_APP, people
from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_lyrebird_caller import Lyrebird

ROOMS = {"zego": "room-1", "agora": "room-demo-1"}


@pytest.fixture
def clouds(rooms: Any, agora: Any) -> dict[str, Any]:
    return {"zego": rooms, "agora": agora}


@pytest.fixture
def lyrebird(clouds: dict[str, Any], time: Time) -> Lyrebird:
    return Lyrebird(time, {name: cloud.world for name, cloud in clouds.items()})


def minted(clouds: dict[str, Any], seconds: int = 3600) -> str:
    zego = clouds["zego"]
    token: str = zego.world.desk.mint("1234567890", seconds, "scaled", zego.now)
    return token


def source(clouds: dict[str, Any], kind: str, token: str = "") -> Json:
    if kind == "zego":
        app = {"app_id": "1234567890", "room_id": ROOMS[kind]}
        return {"kind": kind, "identify_token": token or minted(clouds)} | app
    app = {"app_id": AGORA_APP, "channel": ROOMS[kind], "uid": "900001"}
    return {"kind": kind, "token": token or AGORA_A5} | app


@pytest.mark.parametrize("kind", ROOMS)
def test_the_recorder_is_in_the_room_while_the_stream_runs(
    lyrebird: Lyrebird, clouds: dict[str, Any], kind: str
) -> None:
    stream = lyrebird.start(source(clouds, kind))
    (life,) = clouds[kind].rooms()
    assert [(r["by"], r["to"]) for r in life["recorders"]] == [(stream, None)]
    lyrebird.run(30)
    lyrebird.stop(stream)
    assert clouds[kind].rooms()[0]["recorders"][0]["to"]["at"] == 30
    view = lyrebird.task(stream)
    assert (view["token"], view["platform"], view["room"]) == ("ok", kind, ROOMS[kind])


@pytest.mark.parametrize("kind", ROOMS)
def test_a_bad_credential_is_accepted_and_then_ends_the_stream(
    lyrebird: Lyrebird, clouds: dict[str, Any], kind: str
) -> None:
    stream = lyrebird.start(source(clouds, kind, "invented"))
    (event,) = lyrebird.run(60)
    assert (event["end_code"], event["heard_s"]) == (11, 0)
    view = lyrebird.task(stream)
    assert (view["ended"], view["end_reason"], view["billed_seconds"]) == (3, "pull_failed", 0)
    assert view["token"] in ("unknown", "malformed")
    assert clouds[kind].journal("entrance")[-1]["by"] == stream


def test_an_identify_token_is_good_once(lyrebird: Lyrebird, clouds: dict[str, Any]) -> None:
    token = minted(clouds)
    first = lyrebird.start(source(clouds, "zego", token), stream_key="one")
    second = lyrebird.start(source(clouds, "zego", token), stream_key="two")
    assert [lyrebird.task(one)["token"] for one in (first, second)] == ["ok", "used"]


def test_a_start_that_is_running_already_leaves_its_token_unused(
    lyrebird: Lyrebird, clouds: dict[str, Any]
) -> None:
    lyrebird.start(source(clouds, "zego"))
    assert lyrebird.submit(source(clouds, "zego"))["code"] == 2009
    assert [token["state"] for token in clouds["zego"].state()["tokens"]] == ["used", "fresh"]


def test_a_forgotten_start_uses_its_token_up(lyrebird: Lyrebird, clouds: dict[str, Any]) -> None:
    lyrebird.faults({"on": "submit", "fault": "forget"})
    lyrebird.start(source(clouds, "zego"))
    assert [token["state"] for token in clouds["zego"].state()["tokens"]] == ["used"]
    assert clouds["zego"].rooms() == []


@pytest.mark.parametrize("kind", ROOMS)
def test_a_room_that_is_closed(lyrebird: Lyrebird, clouds: dict[str, Any], kind: str) -> None:
    people(clouds[kind], "7", room=ROOMS[kind])
    stream = lyrebird.start(source(clouds, kind))
    lyrebird.run(35)
    clouds[kind].world.closes(ROOMS[kind], clouds[kind].now)
    event = lyrebird.run(60)[-1]
    assert (event["end_code"], event["heard_s"]) == (10, 35)
    assert lyrebird.task(stream)["end_reason"] == "gone"


def test_in_a_zego_room_it_outlives_its_token(lyrebird: Lyrebird, clouds: dict[str, Any]) -> None:
    people(clouds["zego"], "u", room="room-1")
    lyrebird.play({"at": 5, "text": "a", "every": 60})
    stream = lyrebird.start(source(clouds, "zego", minted(clouds, 60)))
    lyrebird.run(3000)
    clouds["zego"].run(3000)
    lyrebird.run(3001)
    assert lyrebird.task(stream)["state"] == "running"


def test_an_agora_token_that_expires_puts_it_out(lyrebird: Lyrebird, clouds: dict[str, Any]) -> None:
    people(clouds["agora"], "7", room=ROOMS["agora"])
    lyrebird.play({"at": 5, "text": "a", "every": 60})
    stream = lyrebird.start(source(clouds, "agora"))
    lyrebird.run(3000)
    recorder = clouds["agora"].world.rooms.stay_of(stream)
    assert recorder
    clouds["agora"].world.rooms.leave(*recorder, "expired", clouds["agora"].now)
    event = lyrebird.run(3005)[-1]
    assert (event["end_code"], event["heard_s"]) == (11, 3000)
    clouds["agora"].world.rooms.leave(*recorder, "expired", clouds["agora"].now)
    assert lyrebird.task(stream)["ended"] == 3000


def test_where_a_platform_has_no_double_everybody_is_let_in(time: Time) -> None:
    lyrebird = Lyrebird(time)
    for kind in ("zego", "agora"):
        lyrebird.start(source({}, kind, "x"), stream_key=kind)
    lyrebird.start(source({}, "zego", "x"), stream_key="again")
    assert [task["token"] for task in lyrebird.state()["tasks"]] == ["ok", "ok", "used"]
    lyrebird.faults({"on": "submit", "fault": "forget"})
    lyrebird.start(source({}, "zego", "y"), stream_key="forgotten")
    assert lyrebird.task(lyrebird.start(source({}, "zego", "y"), stream_key="late"))["token"] == "used"
