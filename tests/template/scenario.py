"""Everything that the functions do on AWS, done once: the real handlers, each in its own environment, on moto."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tests.contract import table
from tests.template import steps
from tests.template.account import CALLBACK_KEY, Account, client
from tests.template.bundle import functions
from tests.template.calls import Call, recorded
from tests.template.lambdas import Lambda
from tests.template.more_vendors import PLANS, more_vendors, video
from tests.template.orphans import orphans
from tests.template.yidun import second_vendor

YIDUN = {"vendor": "yidun", "vendors": {"yidun": {"longRooms": "token_api"}}}
PLAN = json.dumps(
    {"by_stream": {"target": "stream"}, "yidun": YIDUN, "both": {"failover": ["yidun"]}, **PLANS}
)
CALLER = (
    *("mint_credential", "submit_stream", "finish_stream", "reconcile_rooms"),
    *("ask_vendors", "poll_results", "provide_token", "reconcile_tasks"),
)
START = datetime.now(UTC) - timedelta(hours=1)


def hurried() -> dict[str, Any]:
    """A clock by which resting takes no time."""
    rested = [0.0]

    def rest(seconds: float) -> None:
        rested[0] += seconds

    return {"rest": rest, "now_ms": lambda: round((time.time() + rested[0]) * 1000)}


HURRIED = {"earshot.clock": hurried()}
LONG = ("ask_vendors", "poll_results", "reap_watches")
"""Functions whose run is as long as a minute."""


@dataclass
class Stage:
    """The functions, what each of them called, and what the vendor will answer next."""

    account: Account
    calls: dict[str, set[Call]] = field(default_factory=dict)
    functions: dict[str, Lambda] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    answer: Any = None
    by_path: dict[str, Any] = field(default_factory=dict)
    told: int = 0
    told_rooms: int = 0

    def __post_init__(self) -> None:
        stub = {"earshot.http_client": {"call": self._vendor}}
        for name in functions():
            self.calls[name] = set()
            with self._noting(name):
                patches = {**(stub if name in CALLER else {}), **(HURRIED if name in LONG else {})}
                self.functions[name] = Lambda(name, self.account.environment(name), patches)

    def _vendor(self, _method: str, url: str, **_: Any) -> SimpleNamespace:
        """``answer``, or of several that which is said at the end of this address."""
        said = next((body for end, body in self.by_path.items() if url.endswith(end)), self.answer)
        return SimpleNamespace(status=200, body=json.dumps(said).encode())

    @contextmanager
    def _noting(self, name: str) -> Iterator[None]:
        with recorded(self.calls[name].add):
            yield

    def invoke(self, name: str, event: Mapping[str, Any], answer: Any = None) -> Any:
        """Run a function; ``answer`` is what the platform or vendor says to it."""
        self.answer = answer
        with self._noting(name):
            said = self.functions[name](event)
        self.answers.append(json.dumps(said))
        return said

    def fails(self, name: str, event: Mapping[str, Any], answer: Any = None) -> str:
        """Run a function that must raise; the name of its error, as the state machine sees it."""
        try:
            self.invoke(name, event, answer)
        except Exception as error:
            return type(error).__name__
        raise AssertionError(f"{name} succeeded")

    def tell(self, kind: str, room: str, minute: int = 0, **detail: Any) -> str:
        """A room event; the move that was made of it."""
        at = (START + timedelta(minutes=minute)).isoformat(timespec="milliseconds")
        place = {"platform": "zego", "app_id": "1234567890", "room_id": room, "occurred_at": at}
        event = {"source": "earshot.rooms", "detail-type": kind, "detail": {**place, **detail}}
        move: str = self.invoke("track_room", event)["move"]
        return move

    def watch_of(self, room: str) -> str:
        """The id of the room's newest watch."""
        items = table.items(client("dynamodb"))
        mine = [item for item in items if item["kind"]["S"] == "watch" and item["room_id"]["S"] == room]
        newest: str = max(mine, key=lambda item: int(item["opened_at"]["N"]))["watch_id"]["S"]
        return newest

    def push(self, task_ref: str, body: bytes) -> int:
        """A vendor's callback; the status it is answered with."""
        from earshot import callback_url

        proof = callback_url.mac(CALLBACK_KEY, "shumei", task_ref)
        path = {"vendor": "shumei", "task_ref": task_ref, "mac": proof}
        event = {"pathParameters": path, "body": body.decode(), "isBase64Encoded": False}
        status: int = self.invoke("receive_callback", event)["statusCode"]
        return status

    def told_by_agora(self, event: int, **payload: Any) -> int:
        """A room webhook of Agora; the status it is answered with."""
        self.told_rooms += 1
        now = datetime.now(UTC).timestamp()
        said = {"channelName": "room-9", "ts": int(now), "clientSeq": self.told_rooms, **payload}
        envelope = {"productId": 1, "eventType": event, "notifyMs": int(now * 1000), "payload": said}
        body = json.dumps({"noticeId": str(self.told_rooms), **envelope})
        proof = hmac.new(b"a-secret", body.encode(), hashlib.sha256).hexdigest()
        path = {"platform": "agora", "app_id": "an-app-id"}
        event_in = {"pathParameters": path, "headers": {"Agora-Signature-V2": proof}, "body": body}
        status: int = self.invoke("ingest_room_webhook", event_in)["statusCode"]
        return status

    def relay(self) -> dict[str, Any]:
        """What the stream has that was not relayed yet."""
        records = table.stream(client("dynamodb"))[self.told :]
        self.told += len(records)
        answer: dict[str, Any] = self.invoke("relay_changes", {"Records": records})
        return answer


def message(request_id: str, **more: Any) -> bytes:
    """A callback of Shumei."""
    body = {"code": 1100, "message": "ok", "requestId": request_id, "riskLevel": "PASS", **more}
    return json.dumps(body).encode()


MINTED = {"Code": 0, "Data": {"IdentifyToken": "token-1", "RemainTime": 86400}}
ACCEPTED = {"code": 1100, "requestId": "vendor-1"}
DUPLICATE = {"code": 1100, "detail": {"errorcode": 1001, "dupRequestId": "vendor-1"}}
ENDED = {"code": 1100}
NO_ERROR = {"Error": "", "Cause": ""}


def play(account: Account) -> Stage:
    """The whole performance; last of all, what the state machine was started with."""
    stage = Stage(account)
    _rooms(stage)
    watch_id = stage.watch_of("room-1")
    first = _moderate(stage, watch_id)
    _mint_elsewhere(stage)
    _lose_an_answer(stage, watch_id)
    _callbacks(stage, first)
    _close(stage, watch_id)
    _webhooks(stage)
    second_vendor(stage)
    video(stage)
    steps.two_vendors(stage, MINTED)
    orphans(stage)
    more_vendors(stage)
    stage.answers += _inputs(account)
    return stage


def _inputs(account: Account) -> list[str]:
    machine = client("stepfunctions")
    started = machine.list_executions(stateMachineArn=account.refs["RoomLifecycle"])["executions"]
    arns = [execution["executionArn"] for execution in started]
    return [machine.describe_execution(executionArn=arn)["input"] for arn in arns]


def _rooms(stage: Stage) -> None:
    assert stage.tell("RoomOpened", "room-1") == "claim"
    assert stage.tell("RoomOpened", "room-1") == "repeat"
    assert stage.tell("RoomOpened", "room-2", platform_session_id="1") == "claim"
    assert stage.tell("RoomOpened", "room-2", 1, platform_session_id="2") == "claim"
    assert stage.tell("RoomClosed", "room-2", 2, platform_session_id="2") == "close"
    streams: dict[str, Any] = {"plan": "by_stream", "stream_id": "stream-1"}
    assert stage.tell("StreamStarted", "room-3", **streams) == "claim"
    assert stage.tell("StreamStopped", "room-3", 1, **streams) == "close"
    assert stage.tell("RoomOpened", "room-4", plan="no such plan") == "dead_lettered"
    stage.relay()


def _moderate(stage: Stage, watch_id: str) -> str:
    opened = steps.mint(stage, watch_id, MINTED)
    stage.invoke("submit_stream", opened, ACCEPTED)
    assert stage.fails("submit_stream", opened, ACCEPTED) == "CredentialClaimed"
    assert steps.advise(stage, watch_id) == "watch"
    return f"{watch_id}-{opened['number']}a"


def _mint_elsewhere(stage: Stage) -> None:
    """A platform with an API and a variable of its own."""
    assert stage.tell("RoomOpened", "room-8", platform="yunxin", app_id="an-app-key") == "claim"
    given = {"code": 200, "checksum": "token-1"}
    assert steps.mint(stage, stage.watch_of("room-8"), given)["number"] == 1


def _lose_an_answer(stage: Stage, watch_id: str) -> None:
    lost = steps.mint(stage, watch_id, MINTED)
    assert stage.fails("submit_stream", lost, "not the documented answer") == "OutcomeUnknown"
    assert stage.tell("RoomOpened", "room-5") == "claim"
    foreign = stage.watch_of("room-5")
    taken = steps.mint(stage, foreign, MINTED)
    assert stage.fails("submit_stream", taken, DUPLICATE) == "RetryLater"


def _callbacks(stage: Stage, task_ref: str) -> None:
    noise = random.Random(1).randbytes(700_000).hex()  # compresses to about half: two items
    table.park(client("dynamodb"), task_ref.rpartition("-")[0], "a-token")
    assert stage.push(task_ref, message("vendor-1_1")) == 200
    assert stage.push(task_ref, message("vendor-1_2", detail={"requestParams": {"room": noise}})) == 200
    assert stage.push(task_ref, b"not json") == 200
    assert stage.push(task_ref, message("vendor-1_3", statCode=1)) == 200
    assert stage.relay() == {"batchItemFailures": []}
    broken = {"SequenceNumber": "1", "Keys": {}, "NewImage": {"kind": {"S": "watch"}}}
    stage.invoke("relay_changes", {"Records": [{"dynamodb": broken}]})


def _close(stage: Stage, watch_id: str) -> None:
    table.park(client("dynamodb"), watch_id, "a-token")
    assert stage.tell("RoomClosed", "room-1", 3) == "close"
    stage.relay()
    _leave_a_credential(watch_id)
    assert stage.invoke("finish_stream", {"watch_id": watch_id, "release": False}, ENDED) >= 0
    assert stage.invoke("close_watch", {"watch_id": watch_id, "abandoned": False}) == {"ok": True}
    assert stage.push(f"{watch_id}-2a", message("vendor-2_1")) == 200  # the lost answer comes to light
    assert stage.relay() == {"batchItemFailures": []}


def _leave_a_credential(watch_id: str) -> None:
    """Minted for an ear that was not needed any more."""
    from earshot.domain.watch import Credential
    from earshot.store.dynamo import keys, records

    item = records.credential_item(Credential(watch_id, 9, "zego", None, {"identify_token": "token-9"}), 0)
    client("dynamodb").put_item(TableName=table.NAME, Item={**keys.credential(watch_id, 9), **item})


def _webhooks(stage: Stage) -> None:
    """A room that its platform tells of, and that is asked after."""
    for event, user in ((101, {}), (103, {"uid": 7}), (104, {"uid": 7}), (102, {}), (999, {})):
        assert stage.told_by_agora(event, **user) == 200
    asked = {"agora": "an-app-id", "volcengine": "an-rtc-app", "yunxin": "an-app-key"}
    for platform, app_id in asked.items():
        assert stage.tell("RoomOpened", f"room-of-{platform}", platform=platform, app_id=app_id) == "claim"
    in_it = {"success": True, "data": {"channel_exist": True, "mode": 1, "total": 1, "users": [7]}}
    make_due(["room-1", *(f"room-of-{platform}" for platform in asked)])
    assert stage.invoke("reconcile_rooms", {}, in_it) == {"looked": 1, "closed": 0}
    gone = {"success": True, "data": {"channel_exist": False}}
    make_due(["room-of-agora"])
    assert stage.invoke("reconcile_rooms", {}, gone) == {"looked": 1, "closed": 1}


def make_due(rooms: list[str]) -> None:
    """As if the time to look at them had come, and they had been empty for long."""
    for item in table.items(client("dynamodb")):
        if item["kind"]["S"] == "attendance" and item["room_id"]["S"] in rooms:
            client("dynamodb").update_item(
                TableName=table.NAME,
                Key={"pk": item["pk"], "sk": item["sk"]},
                UpdateExpression="SET due_at = :past, empty_since = :past",
                ExpressionAttributeValues={":past": {"N": "1"}},
            )
