"""Where a vendor fetches a fresh credential: a question in, a credential or next to nothing out."""

import base64
import json
from typing import Any

import pytest
from earshot import wiring
from earshot.contract.plan import Plan
from earshot.domain.watch import Task
from earshot.errors import EarshotError, GiveUp, Misconfigured, OutcomeUnknown, RetryLater
from earshot.secrets import Section

from tests.unit.support.apps import Deployment
from tests.unit.support.notes import Notes
from tests.unit.support.yidun_tokens import section
from tests.unit.yidun.yidun_results import sign, signed

URL_KEY = "a-key-of-an-address"


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """A room that Yidun listens to."""
    made = Deployment(monkeypatch)
    monkeypatch.setattr(wiring, "vendor_secrets", lambda vendor, _: section())
    made.world.plans = {"default": Plan(vendor="yidun", vendors={"yidun": {}})}
    made.world.listening()
    made.world.platform.minted.clear()
    return made


def question(deployed: Deployment, **fields: str) -> bytes:
    """A signed one."""
    told = {"secretId": "a" * 32, "timestamp": str(deployed.world.clock.now), "taskId": "task-1"}
    return signed(told | fields)


def event(body: Any, path: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    """As API Gateway hands it in (payload format 2.0)."""
    parameters = {"vendor": "yidun"} if path is None else path
    whole = {
        "version": "2.0",
        "routeKey": "POST /credentials/{vendor}",
        "headers": {"content-type": "application/x-www-form-urlencoded"},
        "pathParameters": parameters,
        "body": body,
        "isBase64Encoded": False,
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not ...}


def ask(deployed: Deployment, body: Any, path: dict[str, str] | None = None, **changes: Any) -> Any:
    """The status and the JSON."""
    text = body.decode() if isinstance(body, bytes) else body
    answer = deployed.handler("provide_token")(event(text, path, **changes), None)
    assert set(answer) == {"statusCode", "headers", "body"}
    assert answer["headers"] == {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return answer["statusCode"], json.loads(answer["body"])


HANDED = {"code": 200, "msg": "ok", "result": {"token": "token-1", "uid": ""}}


def test_a_credential_is_handed_out_and_kept_by_nobody(deployed: Deployment) -> None:
    assert ask(deployed, question(deployed)) == (200, HANDED)


def test_a_base64_body_is_the_same_body(deployed: Deployment) -> None:
    packed = base64.b64encode(question(deployed)).decode()
    assert ask(deployed, packed, isBase64Encoded=True) == (200, HANDED)


def test_a_question_in_json_is_one(deployed: Deployment) -> None:
    told = {"secretId": "a" * 32, "taskId": "task-1", "timestamp": str(deployed.world.clock.now)}
    assert ask(deployed, json.dumps(told | {"signature": sign(told)})) == (200, HANDED)


@pytest.mark.parametrize(
    ("key", "status"), [(URL_KEY, 200), (f"{URL_KEY}x", 401), ("", 401), (None, 401), ("示例", 401)]
)
def test_the_address_may_hold_a_key(
    deployed: Deployment, key: str | None, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"signature": "none", "url_key": URL_KEY}
    monkeypatch.setattr(wiring, "vendor_secrets", lambda vendor, _: section(settings))
    path = {"vendor": "yidun"} | ({} if key is None else {"key": key})
    assert ask(deployed, b"taskId=task-1", path)[0] == status
    assert len(deployed.world.platform.minted) == (status == 200)


@pytest.mark.parametrize("body", ["", None, ..., "taskId=task-1", "{", "[]", "null", "\ufffd", "x" * 20_000])
def test_who_proves_nothing_is_401(deployed: Deployment, body: Any) -> None:
    status, said = ask(deployed, body)
    assert (status, said["code"]) == (401, 401)
    assert said["msg"] in {"not_authenticated", "too_large"}
    assert deployed.world.platform.minted == []


def test_bytes_that_are_no_text_are_401(deployed: Deployment) -> None:
    packed = base64.b64encode(b"\xff\xfe\x00").decode()
    assert ask(deployed, packed, isBase64Encoded=True)[0] == 401


@pytest.mark.parametrize("vendor", ["shumei", "nobody", "YIDUN", " yidun", "../yidun"])
def test_a_vendor_that_does_not_ask_is_401(deployed: Deployment, vendor: str) -> None:
    told = ask(deployed, question(deployed), {"vendor": vendor})
    assert told == (401, {"code": 401, "msg": "not_authenticated"})


def test_an_old_question_is_401(deployed: Deployment) -> None:
    body = question(deployed)
    deployed.world.clock.forward(300.001)
    assert ask(deployed, body) == (401, {"code": 401, "msg": "too_old"})


@pytest.mark.parametrize(
    ("fields", "reason"), [({"taskId": "task-9"}, "missing"), ({"channel": "room-2"}, "another_room")]
)
def test_a_task_that_is_not_to_be_served_is_422(
    deployed: Deployment, fields: dict[str, str], reason: str
) -> None:
    assert ask(deployed, question(deployed, **fields)) == (422, {"code": 422, "msg": reason})


def test_a_closed_room_is_422(deployed: Deployment) -> None:
    deployed.world.close_room(1)
    assert ask(deployed, question(deployed)) == (422, {"code": 422, "msg": "room_closed"})


def test_who_asks_too_often_is_503(deployed: Deployment) -> None:
    assert ask(deployed, question(deployed))[0] == 200
    assert ask(deployed, question(deployed)) == (503, {"code": 503, "msg": "asked_too_often"})


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RetryLater("zego_1"), 503),
        (OutcomeUnknown("x"), 503),
        (GiveUp("x"), 422),
        (Misconfigured("s", "x"), 500),
    ],
)
def test_the_platforms_trouble_has_its_status(deployed: Deployment, error: EarshotError, status: int) -> None:
    deployed.world.platform.errors = [error]
    assert ask(deployed, question(deployed)) == (status, {"code": status, "msg": error.reason})


def test_a_setting_that_is_wrong_is_500_and_not_named(
    deployed: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "vendor_secrets", lambda vendor, _: Section("yidun", {}))
    assert ask(deployed, question(deployed)) == (500, {"code": 500, "msg": "misconfigured"})


def test_no_answer_tells_about_rooms(deployed: Deployment, notes: Notes) -> None:
    """Nor does the log tell what was sent."""
    (task,) = deployed.world.store._tasks.values()
    assert isinstance(task, Task)
    bodies = [
        b"taskId=task-1&dataId=s3cret",
        question(deployed, taskId="s3cret"),
        question(deployed, channel="s3cret"),
        question(deployed, dataId=task.task_ref, taskId="s3cret"),
    ]
    said = [ask(deployed, body) for body in bodies]
    assert [status for status, _ in said] == [401, 422, 422, 422]
    for told in ("room-1001", "1234567890", task.task_ref, task.watch_id, "task-1", "s3cret", "token"):
        assert told not in json.dumps(said)
    assert "s3cret" not in notes.text
    assert notes.codes[-4:] == ["ES216"] * 4
