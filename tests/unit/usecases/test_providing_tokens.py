"""A recorder in a long room gets a fresh credential; everybody else gets nothing, and nothing is written."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from earshot.domain.watch import SignalName, Status, Task, TaskState, Watch
from earshot.errors import EarshotError, GiveUp, Misconfigured, OutcomeUnknown, Refused, RetryLater
from earshot.platforms.agora.client import AgoraClient
from earshot.platforms.port import MintRequest

from tests.unit.support import makers
from tests.unit.support.counter import NEW, OLD, Counter, token
from tests.unit.support.notes import Notes
from tests.unit.support.shumei_calls import keyring
from tests.unit.support.world import World

APP_ID = "970ca35de60c44645bbae8a215061b33"

# --- who asks for what


def test_a_task_is_named_by_our_ref_by_the_vendors_id_or_by_both(notes: Notes) -> None:
    counter = Counter()
    _, task = counter.listening()
    names = [{"dataId": task.task_ref}, {"taskId": "task-1"}, {"dataId": task.task_ref, "taskId": "task-1"}]
    for number, name in enumerate([*names, {"taskId": "task-1", "channel": "room-1001"}], start=1):
        assert counter.ask(**name) == token(number)
        counter.world.clock.forward(1)
    handed = notes.of("ES215")
    assert (handed["task_ref"], handed["expires_at"]) == (task.task_ref, makers.START + 86_400_000)
    assert "ES216" not in notes.codes
    assert counter.world.store._credentials == {}, "it is kept nowhere"


def test_a_ref_of_somebody_elses_making_gives_way_to_the_vendors_id() -> None:
    counter = Counter()
    counter.listening()
    assert counter.ask(dataId="room-42:0007", taskId="task-1") == token(1)


def test_a_task_whose_acceptance_is_still_under_way_is_known_by_its_ref() -> None:
    counter = Counter()
    _, task = counter.listening()
    counter.amend(task, vendor_task_id=None, state=TaskState.SUBMITTING)
    assert counter.ask(dataId=task.task_ref, taskId="task-1") == token(1)


def test_the_credential_is_the_tasks_own_and_the_mint_is_counted() -> None:
    counter = Counter()
    watch, task = counter.listening()
    for count in (1, 2):
        counter.ask(taskId="task-1")
        wanted = MintRequest(
            watch.room, watch.watch_id, task.number, watch.plan["platform_options"], counter.world.clock.now
        )
        assert counter.world.platform.minted[-1] == wanted
        assert counter.world.fresh(watch).credentials == watch.credentials + count
        counter.world.clock.forward(1)
    assert counter.world.mint(counter.world.fresh(watch)) == watch.credentials + 3, "a number of its own"
    assert counter.task(task.task_ref) == task


def test_the_recorder_that_stands_in_the_room_keeps_its_name() -> None:
    counter = Counter()
    platform: Any = AgoraClient(keyring({"agora": {APP_ID: {"app_certificate": "0" * 32}}}), lambda: 1)
    platform.minted = []
    counter.world.platform = platform
    watch, _ = counter.listening(platform="agora", app_id=APP_ID)
    uid = counter.world.vendor.submitted[0].secrets["uid"]
    for _ in range(2):
        counter.world.clock.forward(3_600)
        assert counter.ask(taskId="task-1")["result"]["uid"] == uid
    counter.world.submit(watch, counter.world.mint(watch))
    counter.world.clock.forward(1)
    assert counter.world.vendor.submitted[1].secrets["uid"] != uid
    assert counter.ask(taskId="task-1")["result"]["uid"] == uid, "also while its successor enters"


def test_of_an_adopted_task_the_try_that_opened_it_is_meant() -> None:
    counter = Counter()
    watch, task = counter.listening()
    counter.amend(task, state=TaskState.UNKNOWN, endpoint=None, adopted=False)
    twin = replace(task, task_ref=f"{watch.watch_id}-2a", number=2, adopted=True)
    counter.amend(twin)
    counter.ask(taskId="task-1")
    assert counter.world.platform.minted[0].number == 1


# --- who gets nothing


def shut(name: SignalName) -> Callable[[Counter, Watch, Task], None]:
    return lambda counter, watch, _: counter.amend(watch, signal=makers.signal(name))


CLOSED: dict[str, Callable[[Counter, Watch, Task], None]] = {
    "closed": shut(SignalName.ROOM_CLOSED),
    "stopped": shut(SignalName.STOP_REQUESTED),
    "over": lambda counter, watch, _: counter.amend(watch, status=Status.ENDED),
    "finished": lambda counter, _, task: counter.amend(task, finished_at=makers.START),
    "ended": lambda counter, _, task: counter.amend(task, ended_at=makers.START),
}


@pytest.mark.parametrize("how", CLOSED)
@pytest.mark.parametrize("by", ["taskId", "dataId"])
def test_where_nobody_is_to_listen_any_more_nobody_enters(how: str, by: str, notes: Notes) -> None:
    counter = Counter()
    watch, task = counter.listening()
    CLOSED[how](counter, watch, task)
    name = {"taskId": "task-1", "dataId": task.task_ref}[by]
    counter.is_refused(lambda: counter.ask(**{by: name}), GiveUp, "room_closed")
    assert (notes.of("ES216")["reason"], notes.of("ES216")["vendor"]) == ("room_closed", "yidun")


def test_a_room_that_was_closed_by_its_event_is_closed() -> None:
    counter = Counter()
    counter.listening()
    counter.world.close_room(1)
    counter.is_refused(lambda: counter.ask(taskId="task-1"), GiveUp, "room_closed")


UNKNOWN: list[dict[str, str]] = [
    {},
    {"taskId": "task-9"},
    {"taskId": "", "dataId": ""},
    {"dataId": f"{makers.WATCH_ID}-1a"},
    {"dataId": f"{makers.WATCH_ID}-1a", "taskId": "task-1"},
    {"dataId": "room-42:0007"},
    {"dataId": "示例" * 90, "taskId": "示例"},
    {"channel": "room-1001"},
]


@pytest.mark.parametrize("names", UNKNOWN)
def test_an_unknown_task_gets_nothing(names: dict[str, str], notes: Notes) -> None:
    counter = Counter()
    counter.listening()
    counter.is_refused(lambda: counter.ask(**names), GiveUp, "missing")
    assert notes.codes[-1] == "ES216"


def test_another_vendors_task_gets_nothing() -> None:
    counter = Counter(world=World())
    _, task = counter.listening()
    assert task.vendor == "shumei"
    counter.is_refused(lambda: counter.ask(dataId=task.task_ref), GiveUp, "missing")
    counter.is_refused(lambda: counter.ask(taskId="task-1"), GiveUp, "missing")


def test_two_names_of_two_tasks_are_nobodys() -> None:
    counter = Counter()
    _, first = counter.listening()
    _, second = counter.listening(room_id="room-2")
    for ref, name in ((first.task_ref, "task-2"), (second.task_ref, "task-1"), (first.task_ref, "task-9")):
        counter.is_refused(lambda r=ref, n=name: counter.ask(dataId=r, taskId=n), GiveUp, "another_task")  # type: ignore[misc]


@pytest.mark.parametrize("room_id", ["room-1002", "room-10010", "ROOM-1001", " room-1001"])
def test_a_task_of_another_room_gets_nothing(room_id: str) -> None:
    counter = Counter()
    _, task = counter.listening()
    for name in ({"taskId": "task-1"}, {"dataId": task.task_ref}):
        counter.is_refused(lambda n=name: counter.ask(channel=room_id, **n), GiveUp, "another_room")  # type: ignore[misc]


@pytest.mark.parametrize("vendor", ["shumei", "nobody", "", "x" * 5_000])
def test_a_vendor_that_does_not_ask_is_nobody(vendor: str, notes: Notes) -> None:
    counter = Counter()
    _, task = counter.listening()
    counter.is_refused(lambda: counter.ask(vendor, dataId=task.task_ref), Refused, "not_authenticated")
    assert counter.asked == [], "no secret is read for it"
    assert notes.of("ES216")["vendor"] == vendor[:20]


# --- how often


def test_a_task_is_served_once_a_second(notes: Notes) -> None:
    counter = Counter()
    counter.listening()
    counter.listening(room_id="room-2")
    assert counter.ask(taskId="task-1") == token(1)
    counter.world.clock.forward(0.999)
    counter.is_refused(lambda: counter.ask(taskId="task-1"), RetryLater, "asked_too_often")
    assert notes.of("ES216")["reason"] == "asked_too_often"
    assert counter.ask(taskId="task-2") == token(2), "another is not kept waiting"
    counter.world.clock.forward(0.001)
    assert counter.ask(taskId="task-1") == token(3)


def test_who_proves_nothing_does_not_keep_the_recorder_waiting() -> None:
    counter = Counter()
    counter.listening()
    counter.is_refused(lambda: counter.send(b"taskId=task-1"), Refused, "not_authenticated")
    counter.is_refused(lambda: counter.ask(taskId="task-1", channel="x"), GiveUp, "another_room")
    assert counter.ask(taskId="task-1") == token(1)


# --- secrets


def test_a_secret_that_was_just_rotated_is_read_once_more() -> None:
    counter = Counter(keys=[OLD, NEW])
    counter.listening()
    assert counter.ask(taskId="task-1") == token(1)
    assert counter.asked == [None, 10_000, None]


def test_a_forger_is_refused_after_one_more_look() -> None:
    counter = Counter(keys=[OLD])
    counter.listening()
    counter.is_refused(lambda: counter.ask(taskId="task-1"), Refused, "not_authenticated")
    assert counter.asked == [None, 10_000]


def test_the_key_of_the_address_is_checked() -> None:
    counter = Counter(settings={"url_key": "a-key-of-an-address"})
    counter.listening()
    counter.is_refused(lambda: counter.ask(taskId="task-1"), Refused, "not_authenticated")
    assert counter.ask(key="a-key-of-an-address", taskId="task-1") == token(1)


# --- trouble


TROUBLE = [RetryLater("zego_1"), OutcomeUnknown("no_answer"), GiveUp("zego_2"), Misconfigured("secret", "x")]


@pytest.mark.parametrize("error", TROUBLE)
def test_the_platforms_trouble_is_told(error: EarshotError, notes: Notes) -> None:
    counter = Counter()
    watch, _ = counter.listening()
    counter.world.platform.errors = [error]
    with pytest.raises(EarshotError) as raised:
        counter.ask(taskId="task-1")
    assert raised.value is error
    assert counter.world.fresh(watch) == watch, "what was not minted is not counted"
    assert (notes.of("ES216")["reason"], "ES215" in notes.codes) == (error.reason, False)
    counter.world.clock.forward(1)
    assert counter.ask(taskId="task-1") == token(2)


def test_an_answer_that_cannot_be_made_was_not_handed_out(notes: Notes) -> None:
    counter = Counter(settings={"answer": "{token}"})
    counter.listening()
    with pytest.raises(Misconfigured):
        counter.ask(taskId="task-1")
    assert ("ES215" in notes.codes, notes.of("ES216")["reason"]) == (False, "misconfigured")


def test_nothing_that_opens_a_door_is_written_down(notes: Notes, caplog: pytest.LogCaptureFixture) -> None:
    counter = Counter(settings={"url_key": "a-key-of-an-address"})
    counter.listening()
    notes.records.clear()
    caplog.clear()
    for key in ("a-key-of-an-address", "a-key-of-an-attacker", "a-key-of-an-address"):
        with suppress(EarshotError):
            counter.ask(key=key, taskId="task-1", channel="room-1001", extra="a-field-of-the-body")
    assert notes.codes == ["ES215", "ES216", "ES216"]
    for secret in ("token-", "a-key-of", "a-field-of", "signature", NEW, "a" * 32, "task-1", "room-1001"):
        assert secret not in notes.text + caplog.text, secret
