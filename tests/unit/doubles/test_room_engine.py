"""Rooms: lives, intervals, who keeps a room, how it ends; and the admin routes that drive them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.doubles.clouds import AGORA_A5, AGORA_APP, TRTC_APP, TRTC_T1

CLOUDS = ["rooms", "agora", "trtc", "volcengine", "yunxin", "gin"]


def enter(cloud: Any, user: str = "7", room: str = "r", **more: Any) -> Any:
    return cloud.world.person_enters(room, user, cloud.now, **more)


@pytest.mark.parametrize("name", CLOUDS)
def test_first_opens_and_last_closes(request: pytest.FixtureRequest, name: str) -> None:
    cloud = request.getfixturevalue(name)
    enter(cloud, "7")
    cloud.time.go(5)
    enter(cloud, "8")
    cloud.time.go(5)
    cloud.world.person_leaves("r", "7", cloud.now)
    assert cloud.rooms()[0]["destroyed_at"] is None
    cloud.time.go(5)
    cloud.world.person_leaves("r", "8", cloud.now)
    (life,) = cloud.rooms()
    assert (life["opened_at"]["at"], life["destroyed_at"]["at"], life["reason"]) == (0, 15, "empty")
    assert [(p["user"], p["from"]["at"], p["to"]["at"]) for p in life["people"]] == [
        ("7", 0, 10),
        ("8", 5, 15),
    ]
    assert life["destroyed_at"]["ms"] == 1_700_000_015_000
    assert life["recorders"] == []


def test_a_room_opened_again_is_another_life(rooms: Any) -> None:
    for _ in range(2):
        enter(rooms)
        rooms.world.person_leaves("r", "7", rooms.now)
    one, two = rooms.rooms()
    assert (one["number"], two["number"]) == (1, 2)
    assert one["life"] != two["life"]
    assert all(2**53 < life["life"] < 2**63 for life in (one, two))
    assert float(one["life"]) == float(two["life"])  # a float would take them for one


def test_yunxin_lives_are_safe_integers(yunxin: Any) -> None:
    enter(yunxin)
    assert 2**40 < yunxin.rooms()[0]["life"] < 2**53


def test_vanished_client_is_noticed_late(rooms: Any) -> None:
    enter(rooms)
    rooms.time.go(3)
    rooms.world.person_vanishes("r", "7", rooms.now)
    rooms.run(102)
    assert rooms.rooms()[0]["destroyed_at"] is None
    rooms.run(103)
    (person,) = rooms.rooms()[0]["people"]
    assert (person["lost"]["at"], person["to"]["at"], person["reason"]) == (3, 103, "lost")
    assert rooms.rooms()[0]["destroyed_at"]["at"] == 103


def test_vanished_client_that_comes_back_replaces_itself(rooms: Any) -> None:
    enter(rooms)
    rooms.world.person_vanishes("r", "7", rooms.now)
    rooms.time.go(10)
    enter(rooms)
    rooms.run(500)
    (life,) = rooms.rooms()
    assert [p["reason"] for p in life["people"]] == ["replaced", ""]
    assert life["destroyed_at"] is None


@pytest.mark.parametrize(("keeps", "open_after"), [(True, True), (False, False)])
def test_recorder_keeps_the_room_or_not(agora: Any, keeps: bool, open_after: bool) -> None:
    agora.set(recorder_keeps_room=keeps)
    gone: list[tuple[str, float]] = []
    enter(agora, "7", "room-demo-1")
    heard = agora.visit("room-demo-1", "900001", AGORA_A5, AGORA_APP, lambda *why: gone.append(why))
    assert heard == "ok"
    agora.time.go(5)
    agora.world.person_leaves("room-demo-1", "7", agora.now)
    (life,) = agora.rooms()
    assert (life["destroyed_at"] is None) is open_after
    assert life["recorders"][0]["by"] == "task-1"
    if keeps:
        assert gone == []
        assert agora.world.recorder_leaves("task-1", agora.now)
        assert agora.rooms()[0]["destroyed_at"]["at"] == 5
    else:
        assert gone == [("empty", 5)]


def test_recorder_alone_opens_and_keeps_a_room(agora: Any) -> None:
    agora.set(recorder_keeps_room=False)
    agora.visit("room-demo-1", "900001", AGORA_A5, AGORA_APP)
    assert agora.rooms()[0]["destroyed_at"] is None
    assert agora.world.recorder_leaves("task-1", agora.now)
    assert not agora.world.recorder_leaves("task-1", agora.now)
    assert agora.rooms()[0]["destroyed_at"] is not None


@pytest.mark.parametrize(
    ("scene", "role", "stays"), [("live", "audience", 600), ("live", "host", 0), ("call", "audience", 0)]
)
def test_trtc_lingers_after_an_audience(trtc: Any, scene: str, role: str, stays: float) -> None:
    trtc.set(scene=scene)
    enter(trtc, role=role)
    trtc.world.person_leaves("r", "7", trtc.now)
    trtc.run(10_000)
    assert trtc.rooms()[0]["destroyed_at"]["at"] == stays


def test_trtc_room_that_lingers_goes_on_when_somebody_comes(trtc: Any) -> None:
    enter(trtc, role="audience")
    trtc.world.person_leaves("r", "7", trtc.now)
    trtc.run(300)
    enter(trtc, "8")
    trtc.run(1000)
    (life,) = trtc.rooms()
    assert life["destroyed_at"] is None
    trtc.world.person_leaves("r", "8", trtc.now)
    assert trtc.rooms()[0]["destroyed_at"]["at"] == 1000


def test_trtc_recorder_that_leaves_last_delays_the_end(trtc: Any) -> None:
    enter(trtc, "7", "8489")
    assert trtc.visit("8489", "xiaojun", TRTC_T1, TRTC_APP, details={"room_kind": "number"}) == "ok"
    trtc.world.person_leaves("8489", "7", trtc.now)
    trtc.world.recorder_leaves("task-1", trtc.now)
    trtc.run(599)
    assert trtc.rooms()[0]["destroyed_at"] is None
    trtc.run(600)
    assert trtc.rooms()[0]["destroyed_at"]["at"] == 600


def test_numeric_and_string_rooms_of_trtc_are_two(trtc: Any) -> None:
    enter(trtc, "7", "8489")
    trtc.visit("8489", "xiaojun", TRTC_T1, TRTC_APP, details={"room_kind": "string"})
    assert [life["room_id"] for life in trtc.rooms()] == ["8489", '"8489"']


def test_closed_room_throws_everybody_out(agora: Any) -> None:
    gone: list[tuple[str, float]] = []
    enter(agora, "7", "room-demo-1")
    agora.visit("room-demo-1", "900001", AGORA_A5, AGORA_APP, lambda *why: gone.append(why))
    agora.time.go(2)
    agora.world.closes("room-demo-1", agora.now)
    (life,) = agora.rooms()
    assert (life["reason"], life["people"][0]["reason"], gone) == ("closed", "closed", [("closed", 2)])


def test_sounds_are_kept(rooms: Any) -> None:
    enter(rooms, "7", role="audience")
    rooms.world.changes_role("r", "7", "host", rooms.now)
    rooms.world.publishes("r", "7", rooms.now)
    rooms.world.publishes("r", "7", rooms.now)  # once
    rooms.time.go(4)
    rooms.world.stops_publishing("r", "7", rooms.now)
    rooms.world.publishes("r", "7", rooms.now, stream_id="s2")
    rooms.world.changes_role("r", "7", "audience", rooms.now)
    sounds = rooms.rooms()[0]["people"][0]["sounds"]
    assert [(s["stream"], s["from"]["at"], s["to"]["at"]) for s in sounds] == [
        ("stream-7", 0, 4),
        ("s2", 4, 4),
    ]


def test_driving_by_admin(rooms: Any) -> None:
    for verb, more in [
        ("enter", {"role": "audience"}),
        ("role", {"role": "host"}),
        ("publish", {"stream_id": "s1"}),
        ("unpublish", {}),
        ("vanish", {}),
        ("enter", {}),
        ("kick", {}),
        ("enter", {"app_id": "1234567890"}),
    ]:
        assert rooms.admin("POST", f"rooms/a/b/{verb}", {"user_id": "7"} | more) == (200, {"ok": True})
    assert rooms.admin("POST", "rooms/a/b/close", {"notify": True})[0] == 200
    lives = rooms.admin("GET", "rooms")[1]["rooms"]
    assert [life["room_id"] for life in lives] == ["a/b", "a/b"]
    assert [p["reason"] for p in lives[0]["people"]] == ["replaced", "kicked"]


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("enter", {}, "user_id"),
        ("enter", {"user_id": 7}, "user_id"),
        ("enter", {"user_id": "7", "role": "king"}, "role"),
        ("enter", {"user_id": "7", "app_id": "nobody"}, "app_id"),
        ("enter", {"user_id": "7", "extra": 1}, "extra"),
        ("enter", [], "body"),
        ("leave", {"user_id": "7"}, "room_id"),
        ("role", {"user_id": "7"}, "role"),
        ("close", {"notify": "yes"}, "notify"),
        ("close", {}, "room_id"),
        ("recorder", {"app_id": "a", "user_id": "u"}, "token"),
        ("recorder_leaves", {}, "by"),
    ],
)
def test_wrong_driving_names_the_field(agora: Any, verb: str, body: object, field: str) -> None:
    status, answer = agora.admin("POST", f"rooms/r/{verb}", body)
    assert (status, answer["field"]) == (400, field)


def test_who_is_not_there_cannot_leave(agora: Any) -> None:
    enter(agora)
    assert agora.admin("POST", "rooms/r/leave", {"user_id": "8"})[1]["field"] == "user_id"
    assert agora.admin("POST", "rooms/r/dance", {"user_id": "8"})[0] == 404


def test_journal_has_what_happened_in_rooms(agora: Any) -> None:
    enter(agora)
    agora.world.person_leaves("r", "7", agora.now)
    assert [entry["event"] for entry in agora.journal("room")] == ["opened", "entered", "left", "closed"]
