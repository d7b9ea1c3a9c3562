"""What the state machine calls, with the state that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.contract import table
from tests.template.account import client

if TYPE_CHECKING:
    from tests.template.scenario import Stage

VERSION = "of another machine"
OVER_THE_RATE = {"code": 1901, "message": "too many"}


def state(watch_id: str, **more: Any) -> dict[str, Any]:
    """Imported late: the package's clients must be the stage's."""
    from earshot.usecases.start_watch import machine_state

    return machine_state(watch_id, "mint", 3_600, **more)


def mint(stage: Stage, watch_id: str, answer: Any = None) -> dict[str, Any]:
    """What submission is called with."""
    said: dict[str, Any] = stage.invoke("mint_credential", state(watch_id), answer)
    assert said["next"] == "submit", said
    return said


def advise(stage: Stage, watch_id: str, **more: Any) -> str:
    """Where the machine is sent."""
    event = {"state": state(watch_id, **{"round": -1, **more}), "version": VERSION}
    said: str = stage.invoke("advise_watch", event)["next"]
    return said


def two_vendors(stage: Stage, minted: Any) -> None:
    """A room that its first vendor has no room for, one that comes while that is shut out, and their way back;
    another version of the machine is deployed, and somebody waits for a stream."""
    first = _opened(stage, "room-12")
    assert stage.fails("submit_stream", mint(stage, first, minted), OVER_THE_RATE) == "Exhausted"
    opened = mint(stage, first, minted)
    assert opened["vendor"] == "yidun"
    stage.invoke("submit_stream", opened, {"code": 200, "result": {"taskId": "task-12", "status": 0}})
    assert advise(stage, first) == "watch"
    assert advise(stage, first, round=1) == "leave"
    stage.relay()
    assert advise(stage, first) == "leave", "another drives it"
    refused = _opened(stage, "room-13")
    no_account = {"code": 9101, "message": "no"}
    assert stage.fails("submit_stream", mint(stage, refused, minted), no_account) == "Misconfigured"
    wait_for_a_stream("one-that-has-gone")
    third = _opened(stage, "room-15")
    wait_for_a_stream(third)
    assert stage.fails("submit_stream", mint(stage, third, minted), {"code": 411, "msg": "-"}) == "Exhausted"
    second = _opened(stage, "room-14")
    opened = mint(stage, second, minted)
    stage.invoke("submit_stream", opened, {"code": 200, "result": {"taskId": "task-14", "status": 0}})
    _recover()
    assert advise(stage, second) == "mint"
    assert mint(stage, second, minted)["vendor"] == "shumei"


def _opened(stage: Stage, room: str) -> str:
    assert stage.tell("RoomOpened", room, plan="both") == "claim"
    return stage.watch_of(room)


def _recover() -> None:
    """Time has passed: the vendor may be tried."""
    key = {"pk": {"S": "CIRCUITS"}, "sk": {"S": "CIRCUIT#shumei"}}
    client("dynamodb").update_item(
        TableName=table.NAME,
        Key=key,
        UpdateExpression="SET open_until = :then",
        ExpressionAttributeValues={":then": {"N": "1"}},
    )


def wait_for_a_stream(watch_id: str) -> None:
    """Somebody stands in the line."""
    from earshot.store.dynamo.store import DynamoStore

    DynamoStore(client("dynamodb"), table.NAME, lambda: 0).await_stream("yidun", watch_id, 5, 1)
