"""A vendor that signs, hands results out, asks for tokens, is stopped by the batch and answers questions."""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.contract import table
from tests.template import steps
from tests.template.account import CALLBACK_KEY, SETTINGS, client

if TYPE_CHECKING:
    from tests.template.scenario import Stage

ACCOUNT: Any = SETTINGS["yidun"]
TASK = "task-1"
MINTED = {"Code": 0, "Data": {"IdentifyToken": "token-2", "RemainTime": 86400}}
STOPPED = {"code": 200, "result": [{"taskId": task, "result": 0} for task in (TASK, "task-3")]}


def second_vendor(stage: Stage) -> None:
    """A room of Yidun's, from opening to what is found out about it later."""
    assert stage.tell("RoomOpened", "room-10", plan="yidun") == "claim"
    watch_id = stage.watch_of("room-10")
    opened = steps.mint(stage, watch_id)
    stage.invoke("submit_stream", opened, {"code": 200, "result": {"taskId": TASK, "status": 0}})
    task_ref = f"{watch_id}-1a"
    _tokens(stage, task_ref)
    _results(stage, task_ref)
    assert stage.tell("RoomClosed", "room-10", 1) == "close"
    take_turn("stop:yidun:liveaudio")
    ended = {"watch_id": watch_id, "release": False}
    assert stage.fails("finish_stream", ended, STOPPED) == "Unfinished", "for the moment"
    time.sleep(1)
    steps.wait_for_a_stream("one-that-has-gone")
    assert stage.invoke("finish_stream", ended, STOPPED) >= 0
    _afterwards(stage)


def _tokens(stage: Stage, task_ref: str) -> None:
    assert _asked(stage, {"taskId": TASK}) == 200
    assert _asked(stage, {"dataId": task_ref}) == 503, "once a second"
    assert _asked(stage, {"taskId": "task-2"}) == 422
    elsewhere: dict[str, Any] = {"platform": "yunxin", "app_id": "an-app-key", "plan": "yidun"}
    assert stage.tell("RoomOpened", "room-11", **elsewhere) == "claim"
    watch_id = stage.watch_of("room-11")
    opened = steps.mint(stage, watch_id)
    stage.invoke("submit_stream", opened, {"code": 200, "result": {"taskId": "task-3", "status": 0}})
    assert _asked(stage, {"taskId": "task-3"}, {"code": 200, "checksum": "token-3"}) == 200


def _asked(stage: Stage, fields: dict[str, str], minted: Any = MINTED) -> int:
    event = {"pathParameters": {"vendor": "yidun"}, "body": _form(**fields)}
    status: int = stage.invoke("provide_token", event, minted)["statusCode"]
    return status


def _results(stage: Stage, task_ref: str) -> None:
    one, two, three = ({"evidences": {"suggestion": 2, "startTime": n, "endTime": n}} for n in (1, 2, 3))
    person = {"action": 1, "actionTime": 4, "segments": [{"startTime": 1, "endTime": 1}]}
    assert _push(stage, task_ref, one, two) == 200
    assert _push(stage, task_ref, {"reviewEvidences": person}) == 200
    assert stage.relay() == {"batchItemFailures": []}
    take_turn("poll:yidun:liveaudio")
    fetched = {"code": 200, "result": [{"antispam": {"taskId": TASK, "dataId": task_ref, **three}}]}
    assert stage.invoke("poll_results", {}, fetched) == {"fresh": 1}


def _push(stage: Stage, task_ref: str, *blocks: dict[str, Any]) -> int:
    from earshot import callback_url

    results = [{"antispam": {"taskId": TASK, "dataId": task_ref, **block}} for block in blocks]
    body = _form(callbackData=json.dumps(results))
    proof = callback_url.mac(CALLBACK_KEY, "yidun", task_ref)
    path = {"vendor": "yidun", "task_ref": task_ref, "mac": proof}
    status: int = stage.invoke("receive_callback", {"pathParameters": path, "body": body})["statusCode"]
    return status


def _afterwards(stage: Stage) -> None:
    """It listens on, and is finished again; a day later, what no push brought is fetched."""
    set_task({"due_at": 1, "finished_at": 1})
    take_turn("yidun:query", 300)
    take_turn("stop:yidun:liveaudio", 1_500)
    steps.wait_for_a_stream("another-that-has-gone")
    _let_stop("task-3", f"{stage.watch_of('room-11')}-1a")
    listens_on = {"code": 200, "result": [{"beginTime": 9 * 10**12}]}
    stage.by_path = {"/query/segment": listens_on, "/feedback": STOPPED}
    assert stage.invoke("reconcile_tasks", {}) == {"looked": 1}
    set_task({"due_at": 100_000_000, "accepted_at": 1, "finished_at": 2})
    sentence = {"taskId": TASK, "action": 2, "startTime": 5, "endTime": 6}
    stage.by_path = {
        "/query/task": {"code": 200, "result": [sentence]},
        "/query/monitor": {"code": 200, "result": {"status": 0, "monitors": []}},
        "/query/extra": {"code": 200, "result": {}},
    }
    assert stage.invoke("reconcile_tasks", {}) == {"looked": 1}
    stage.by_path = {}


def _let_stop(vendor_task_id: str, task_ref: str) -> None:
    """Somebody else's task waits for whoever has the turn."""
    from earshot.store.port import WaitingStop

    store().ask_stop("yidun:liveaudio", WaitingStop(vendor_task_id, False, (task_ref,)), 1)


def store() -> Any:
    from earshot.store.dynamo.store import DynamoStore

    return DynamoStore(client("dynamodb"), table.NAME, lambda: 1)


def _form(**fields: str) -> str:
    """What Yidun sends, signed."""
    form = {"secretId": ACCOUNT["secret_id"], "businessId": ACCOUNT["business_id"], **fields}
    text = "".join(f"{name}{form[name]}" for name in sorted(form)) + ACCOUNT["secret_key"]
    return urlencode({**form, "signature": hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()})


def take_turn(name: str, for_ms: int = 1_000) -> None:
    """As if somebody had just been there: whoever comes must wait for a moment."""
    next_at = {"N": str(round(time.time() * 1000) + for_ms)}
    item = {"pk": {"S": f"TURN#{name}"}, "sk": {"S": "TURN"}, "kind": {"S": "turn"}, "next_at": next_at}
    client("dynamodb").put_item(TableName=table.NAME, Item=item)


def set_task(times: dict[str, int]) -> None:
    """As if the task had happened at other times."""
    for item in table.items(client("dynamodb")):
        if item.get("kind", {}).get("S") == "task" and item.get("vendor_task_id", {}).get("S") == TASK:
            client("dynamodb").update_item(
                TableName=table.NAME,
                Key={"pk": item["pk"], "sk": item["sk"]},
                UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in times),
                ExpressionAttributeValues={f":{name}": {"N": str(at)} for name, at in times.items()},
            )
