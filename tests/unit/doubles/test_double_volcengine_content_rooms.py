"""Rooms of ZEGO: configured keys, the recorder at the door, users and streams."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.doubles.conftest import Time, Zego
from tests.unit.doubles.test_double_volcengine_content_caller import ROOM_KEYS, Content

BAD = {"at": 12, "speaker": "user-7", "text": "废物,滚", "risk_level": "REJECT", "risk_type": 210}
LINES: list[Any] = [{"at": 3, "speaker": "user-8", "text": "大家好"}, BAD]


@pytest.fixture
def content(time: Time) -> Content:
    content = Content(time)
    content.play(*LINES)
    return content


def test_without_keys_no_room_is_taken(content: Content) -> None:
    assert content.enter()["Code"] == 1001
    assert content.verdict()["field"] == "url"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"room": ...}, "url"),
        ({"room": ""}, "url"),
        ({"identify_token": ...}, "identify_token"),
        ({"room": ["r"]}, "room"),
        ({"vendor": "agora"}, "vendor"),
    ],
)
def test_what_a_room_wants(content: Content, given: Any, field: str) -> None:
    content.set(room_keys=ROOM_KEYS | {"platform": "vendor"})
    assert content.enter(**given)["Code"] == 1001
    assert content.verdict()["field"] == field


def test_rooms_are_split_by_user(content: Content) -> None:
    content.set(room_keys=ROOM_KEYS | {"platform": "vendor"})
    assert content.enter(vendor="ZEGO")["Code"] == 0
    content.run(20)
    told = [(one["UserId"], one["Decision"]) for one in content.data()["Details"]]
    assert told == [("user-8", "PASS"), ("user-7", "PASS"), ("user-8", "PASS"), ("user-7", "BLOCK")]


def test_one_stream_of_a_room(content: Content) -> None:
    content.set(room_keys=ROOM_KEYS)
    content.play(*LINES, speakers={"user-7": "s7"})
    assert content.enter(stream="s7")["Code"] == 0
    content.run(20)
    assert [one["UserId"] for one in content.data()["Details"]] == ["user-7", "user-7"]
    assert content.task()["stream"] == "s7"


def test_a_used_token_ends_the_task_without_a_word(content: Content) -> None:
    content.set(room_keys=ROOM_KEYS)
    content.enter()
    assert content.enter(data_id="b")["Code"] == 0
    content.run(20)
    task = content.task()
    assert (task["token"], task["end_reason"], task["ended"]) == ("used", "pull_failed", 3)
    assert (task["billed_seconds"], task["segments"]["made"]) == (0, 0)


@pytest.fixture
def both(zego: Zego, time: Time) -> tuple[Zego, Content]:
    content = Content(time, {"zego": zego.world})
    content.set(room_keys=ROOM_KEYS)
    content.play(*LINES)
    return zego, content


def test_the_recorder_enters_the_room_at_zego_and_leaves_it(both: tuple[Zego, Content]) -> None:
    zego, content = both
    zego.world.person_enters("room-1", "user-7", zego.time.now)
    content.enter(zego.token())
    content.enter(zego.token(), data_id="b")
    (life,) = zego.state()["rooms"]
    assert [one["to"] for one in life["recorders"]] == [None, None]
    assert content.task()["token"] == "ok"
    content.close()
    (life,) = zego.state()["rooms"]
    assert sum(one["to"] is None for one in life["recorders"]) == 1


def test_a_recorder_that_is_put_out_ends_its_task(both: tuple[Zego, Content]) -> None:
    zego, content = both
    zego.world.person_enters("room-1", "user-7", zego.time.now)
    content.enter(zego.token())
    content.run(15)
    zego.world.closes("room-1", zego.time.now)
    content.run(40)
    task = content.task()
    assert (task["end_reason"], task["ended"], task["billed_seconds"]) == ("gone", 17, 15)
    assert len(content.data()["Details"]) == 2


@pytest.mark.parametrize("consumes", [True, False])
def test_a_duplicate_uses_its_token_up(both: tuple[Zego, Content], consumes: bool) -> None:
    zego, content = both
    content.set(duplicate_consumes_token=consumes)
    content.enter(zego.token())
    token = zego.token()
    content.enter(token)
    content.enter(token, data_id="b")
    assert content.task()["token"] == ("used" if consumes else "ok")


@pytest.mark.parametrize("token", ["never-minted", ""])
def test_wrong_tokens(both: tuple[Zego, Content], token: str) -> None:
    _, content = both
    code = content.enter(token)["Code"]
    assert code == (0 if token else 1001)
    assert [task["token"] for task in content.state()["tasks"]] == (["unknown"] if token else [])
