"""A webhook at the door: what is refused leaves nothing, what is genuine is dealt with once and acknowledged."""

import json

import pytest
from earshot.contract.plan import Plan
from earshot.errors import EarshotError, Refused, RetryLater, TooLarge
from earshot.platforms.port import Notice, NoticeKind, NotUnderstood
from earshot.usecases.ingest_room_webhook import AHEAD_MS, MAX_BODY_BYTES

from tests.unit.support.attending import closed, entered, left, notice
from tests.unit.support.hooks import (
    APP,
    BODY,
    MAX_AGE_MS,
    SETTINGS,
    SIGNATURE,
    SIGNING_SECRET,
    URL_KEY,
    Door,
    Hook,
    delivery,
)
from tests.unit.support.makers import ROOM
from tests.unit.support.meddling import meanwhile
from tests.unit.support.notes import Notes

SENSITIVE = (SIGNATURE, SIGNING_SECRET, URL_KEY, "s3cret", "words", "user-7")


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    return Door(hook=Hook(entered(5))).patched(monkeypatch)


def known(door: Door) -> list[str]:
    return [key for _, _, key in door.scene.store._notices]


# --- what is genuine


def test_an_entry_is_taken_answered_and_remembered(door: Door, notes: Notes) -> None:
    assert door() == '{"taken":true}'
    assert door.scene.kinds == ["RoomOpened"]
    detail = json.loads(door.scene.told[0][1])
    assert (detail["platform"], detail["app_id"], detail["room_id"]) == ("agora", APP, ROOM.room_id)
    assert (detail["plan"], known(door)) == ("default", [entered(5).key])
    assert notes.of("ES608")["kind"] == "entered"


def test_repeated_deliveries_are_told_once(door: Door, notes: Notes) -> None:
    assert [door() for _ in range(5)] == ['{"taken":true}'] * 5
    assert door.scene.kinds == ["RoomOpened"]
    assert notes.codes == ["ES608"] + ["ES604"] * 4
    assert notes.of("ES604")["why"] == "repeated"


def test_another_event_is_not_a_repetition(door: Door) -> None:
    door()
    door.hook.said = closed(50)
    door()
    assert door.scene.kinds == ["RoomOpened", "RoomClosed"]


@pytest.mark.parametrize(("target", "kinds"), [("stream", ["StreamStopped"]), ("room_mixed", [])])
def test_the_plan_that_the_address_asks_for_decides_about_streams(
    door: Door, target: str, kinds: list[str]
) -> None:
    door.plans["chosen"] = Plan.model_validate({"target": target})
    door.hook.said = left(5, stream_id="s1")
    door(plan="chosen")
    assert door.scene.kinds == kinds
    assert all(json.loads(detail)["plan"] == "chosen" for _, detail in door.scene.told)


def test_what_is_none_of_our_business_is_acknowledged_and_forgotten(door: Door, notes: Notes) -> None:
    """A health check, a video stream, another product."""
    door.hook.said = None
    assert door() == '{"taken":true}'
    assert door.left_nothing
    assert notes.of("ES604")["why"] == "not_ours"


# --- what is not understood


def test_what_is_not_understood_is_kept_as_it_came_counted_and_acknowledged(
    door: Door, notes: Notes, capsys: pytest.CaptureFixture[str]
) -> None:
    door.hook.said = NotUnderstood("room_id: is missing")
    body = BODY + b"\xff\r\n"
    assert door(delivery(body=body)) == '{"taken":true}'
    (kept,) = door.scene.store._notices.values()
    assert (kept.body, kept.problem, kept.platform, kept.app_id) == (
        body,
        "room_id: is missing",
        "agora",
        APP,
    )
    assert kept.received_at == door.scene.world.clock.now
    assert (notes.codes, door.scene.told) == (["ES603"], [])
    assert notes.of("ES603")["problem"] == "room_id: is missing"
    metrics = [line for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [json.loads(line)["ES603"] for line in metrics] == [[1.0]]


def test_what_is_not_understood_is_kept_once_each(door: Door) -> None:
    door.hook.said = NotUnderstood("room_id: is missing")
    for body in (b"{", b"{", b"[", b""):
        door(delivery(body=body))
    assert len(known(door)) == 3


# --- recorders


@pytest.mark.parametrize("plan", ["default", "strict", "nobody knows"])
@pytest.mark.parametrize("user_id", ["4200000000", "4200999999", "7000", "7999"])
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_recorders_of_any_plan_open_nothing_keep_nothing_and_leave_nothing(
    door: Door, kind: NoticeKind, user_id: str, plan: str, notes: Notes
) -> None:
    ours = {"agora": {"recorder_uid_base": 7_000, "recorder_uid_count": 1_000}}
    door.plans["strict"] = Plan(platforms=ours)
    door.hook.said = notice(kind, 5, user_id, stream_id="s1")
    assert door(plan=plan) == '{"taken":true}'
    assert door.left_nothing
    assert notes.of("ES604")["why"] == "recorder"


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_a_recorder_by_the_platforms_own_role_is_none_the_less(door: Door, kind: NoticeKind) -> None:
    door.hook.said = notice(kind, 5, "audit-robot", stream_id="s1", is_recorder=True)
    assert door() == '{"taken":true}'
    assert door.left_nothing


@pytest.mark.parametrize("user_id", ["4199999999", "4201000000", "7000", "user-7"])
def test_whoever_has_another_id_is_a_person(door: Door, user_id: str) -> None:
    door.hook.said = entered(5, user_id)
    door()
    assert door.scene.kinds == ["RoomOpened"]


def test_plans_that_changed_reserve_other_ids(door: Door) -> None:
    door.hook.said = entered(5, "7000")
    door.plans = {
        "default": Plan(platforms={"agora": {"recorder_uid_base": 7_000, "recorder_uid_count": 1_000}})
    }
    door()
    assert door.left_nothing
    door.plans = {"default": Plan()}
    door()
    assert door.scene.kinds == ["RoomOpened"]


# --- what is refused


@pytest.mark.parametrize("platform", ["nobody", "", "gin", "url", "Agora", "../agora"])
def test_an_unknown_platform_is_refused(door: Door, platform: str, notes: Notes) -> None:
    with pytest.raises(Refused):
        door(platform=platform)
    assert (door.left_nothing, notes.codes, door.hook.verified) == (True, ["ES601"], [])
    assert "platform" not in notes.of("ES601"), "anybody can write that line"


@pytest.mark.parametrize(
    ("settings", "setting"),
    [
        ({}, "secret agora"),
        ({"agora": {"other": SETTINGS}}, f"secret agora.{APP}"),
        ({"agora": {APP: {}}}, f"secret agora.{APP}.webhook_secret"),
        ({"agora": {APP: {"webhook_secret": ""}}}, f"secret agora.{APP}.webhook_secret"),
    ],
)
def test_an_app_without_settings_is_refused_and_the_setting_named(
    door: Door, settings: object, setting: str, notes: Notes
) -> None:
    door.secrets.stages["AWSCURRENT"] = json.dumps(settings)
    with pytest.raises(Refused) as refused:
        door()
    assert (refused.value.status, door.left_nothing, notes.codes) == (401, True, ["ES602"])
    assert notes.of("ES602")["setting"] == setting


@pytest.mark.parametrize("secret", ["wrong", "", SIGNING_SECRET + "x"])
def test_a_wrong_signature_is_refused(door: Door, secret: str, notes: Notes) -> None:
    with pytest.raises(Refused):
        door(delivery(secret))
    assert (door.left_nothing, notes.codes) == (True, ["ES601"])


AGES = [(-MAX_AGE_MS, True), (-MAX_AGE_MS - 1, False), (0, True), (AHEAD_MS, True), (AHEAD_MS + 1, False)]


@pytest.mark.parametrize(("age", "fresh"), AGES)
def test_stale_and_future_messages_are_refused(door: Door, age: int, fresh: bool, notes: Notes) -> None:
    door.hook.sent_at = door.scene.world.clock.now + age
    if fresh:
        door()
        return
    with pytest.raises(Refused) as refused:
        door()
    assert (refused.value.reason, door.left_nothing, notes.codes) == ("not_fresh", True, ["ES606"])


@pytest.mark.parametrize(("size", "taken"), [(MAX_BODY_BYTES, True), (MAX_BODY_BYTES + 1, False)])
def test_a_body_that_is_too_large_is_refused(door: Door, size: int, taken: bool, notes: Notes) -> None:
    if taken:
        door(delivery(body=b"x" * size))
        return
    with pytest.raises(TooLarge) as refused:
        door(delivery(body=b"x" * size))
    assert (refused.value.status, door.left_nothing, door.hook.verified) == (413, True, [])
    assert notes.codes == ["ES607"]


# --- trouble of ours


@pytest.mark.parametrize(
    "method", ["knows_notice", "see_person", "room", "attendance", "put_notice", "note_closed", "note_left"]
)
@pytest.mark.parametrize("said", [entered(5), left(5), closed(5)], ids=["entered", "left", "closed"])
def test_what_could_not_be_stored_is_to_be_sent_again(door: Door, method: str, said: Notice) -> None:
    def busy() -> None:
        raise RetryLater("table_busy")

    door.hook.said = said
    meanwhile(door.scene.store, method, busy)
    attempts = 0
    try:
        door()
    except RetryLater:
        attempts = 1
        assert known(door) == []
        door()
    assert known(door) == [said.key]
    assert (
        set(door.scene.kinds)
        == {"entered": {"RoomOpened"}, "left": set(), "closed": {"RoomClosed"}}[said.kind]
    )
    assert attempts or method not in {"knows_notice", "put_notice"}


def test_what_could_not_be_told_is_to_be_sent_again(door: Door) -> None:
    said: list[EarshotError] = [RetryLater("bus_busy")]
    tell = door.scene.tell

    def refuse(events: object) -> None:
        if said:
            raise said.pop()
        tell(events)  # type: ignore[arg-type]

    door.scene.tell = refuse  # type: ignore[method-assign]
    with pytest.raises(RetryLater):
        door()
    assert known(door) == []
    door()
    assert (door.scene.kinds, known(door)) == (["RoomOpened"], [entered(5).key])


def test_what_could_not_be_kept_is_not_acknowledged(door: Door) -> None:
    def busy() -> None:
        raise RetryLater("table_busy")

    door.hook.said = NotUnderstood("x")
    door.scene.before = busy
    with pytest.raises(RetryLater):
        door()


def test_nothing_that_anybody_sent_or_knows_is_noted(door: Door, notes: Notes) -> None:
    outcomes = [entered(5), left(5), None, NotUnderstood("room_id: is missing"), closed(9)]
    for said in (*outcomes, *outcomes):
        door.hook.said = said
        door()
    for came, key in (
        (delivery("wrong"), URL_KEY),
        (delivery(app_id="other"), URL_KEY),
        (delivery(), "x" * 16),
    ):
        with pytest.raises(Refused):
            door(came, key)
    assert len(notes.records) > 10
    assert [word for word in SENSITIVE if word in notes.text] == []
