"""The room webhooks' handler: an HTTP event in, the platform's own answer out."""

import base64
import json
from typing import Any

import pytest
from earshot import wiring
from earshot.contract.plan import Plan
from earshot.errors import RetryLater
from earshot.platforms import registry
from earshot.platforms.port import NoticeKind, NotUnderstood
from earshot.secrets import Keyring, Secret

from tests.unit.support.apps import Deployment
from tests.unit.support.attending import entered, notice
from tests.unit.support.hooks import APP, BODY, SETTINGS, SIGNING_SECRET, URL_KEY, Hook, signed
from tests.unit.support.meddling import meanwhile
from tests.unit.support.notes import Notes
from tests.unit.support.secretsmanager import FakeSecretsManager

ENVIRONMENT = {"EMPTY_ROOM_GRACE_S": "60", "WEBHOOK_MAX_AGE_S": "900", "SETTINGS_SECRET": "settings"}


class Deployed(Deployment):
    """With a platform's webhook, and the settings that it is proved by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(monkeypatch)
        self.hook = Hook(entered(5))
        for name, value in ENVIRONMENT.items():
            monkeypatch.setenv(name, value)
        secrets: Any = FakeSecretsManager(AWSCURRENT=json.dumps({"agora": {APP: SETTINGS}}))
        keyring = Keyring(Secret(secrets, "settings", self.world.clock))
        monkeypatch.setattr(wiring, "keyring", lambda: keyring)
        monkeypatch.setattr(registry, "webhook", {"agora": self.hook}.get)

    @property
    def told(self) -> list[tuple[str, Any]]:
        entries = self.clients.published
        assert all(entry["Source"] == "earshot.rooms" for entry in entries)
        return [(entry["DetailType"], json.loads(entry["Detail"])) for entry in entries]


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Deployed:
    return Deployed(monkeypatch)


def request(**changes: Any) -> dict[str, Any]:
    """As the HTTP API sends it."""
    event = {
        "version": "2.0",
        "routeKey": "POST /room-webhooks/{platform}/{app_id}/{key}",
        "headers": {"content-type": "application/json", "signature": signed(SIGNING_SECRET)},
        "pathParameters": {"platform": "agora", "app_id": APP, "key": URL_KEY},
        "body": BODY.decode(),
        "isBase64Encoded": False,
        **changes,
    }
    return {name: value for name, value in event.items() if value is not ...}


def post(deployed: Deployed, **changes: Any) -> tuple[int, Any]:
    answer = deployed.handler("ingest_room_webhook")(request(**changes), None)
    assert answer["headers"] == {"Content-Type": "application/json"}
    return answer["statusCode"], json.loads(answer["body"])


def notices(deployed: Deployed) -> list[Any]:
    return list(deployed.world.store._notices.values())


def test_a_webhook_is_taken_and_answered_as_the_platform_wants(deployed: Deployed) -> None:
    answer = deployed.handler("ingest_room_webhook")(request(), None)
    assert (answer["statusCode"], answer["body"]) == (200, deployed.hook.ANSWER)
    ((kind, detail),) = deployed.told
    assert kind == "RoomOpened"
    assert (detail["platform"], detail["app_id"], detail["plan"]) == ("agora", APP, "default")
    assert len(notices(deployed)) == 1


@pytest.mark.parametrize("raw", [BODY + b"\r\n", b"\xff\xfe\x00", "名".encode()])
def test_a_base64_body_is_the_same_body(deployed: Deployed, raw: bytes) -> None:
    assert post(deployed, body=base64.b64encode(raw).decode(), isBase64Encoded=True)[0] == 200
    assert deployed.hook.verified[0].body == raw


def test_a_plain_body_is_its_bytes(deployed: Deployed) -> None:
    assert post(deployed, body='{"room":"直播间"} \n')[0] == 200
    assert deployed.hook.verified[0].body == '{"room":"直播间"} \n'.encode()


@pytest.mark.parametrize("body", ["", None, ...])
def test_an_empty_body_is_one_to_be_proved(deployed: Deployed, body: Any) -> None:
    assert post(deployed, body=body)[0] == 200
    assert deployed.hook.verified[0].body == b""


@pytest.mark.parametrize("name", ["signature", "Signature", "SIGNATURE"])
def test_the_case_of_header_names_does_not_matter(deployed: Deployed, name: str) -> None:
    assert post(deployed, headers={name: signed(SIGNING_SECRET), "X-Other": "Value"})[0] == 200
    assert deployed.hook.verified[0].headers == {"signature": signed(SIGNING_SECRET), "x-other": "Value"}


def test_both_routes_lead_here(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = {"platform": "agora", "app_id": APP}
    assert post(deployed, pathParameters=plain) == (401, {"error": "not_authenticated"})
    secrets: Any = FakeSecretsManager(
        AWSCURRENT=json.dumps({"agora": {APP: {"webhook_secret": SIGNING_SECRET}}})
    )
    keyring = Keyring(Secret(secrets, "settings", deployed.world.clock))
    monkeypatch.setattr(wiring, "keyring", lambda: keyring)
    assert post(deployed, pathParameters=plain)[0] == 200
    assert post(deployed, pathParameters={**plain, "key": "no key is wanted"})[0] == 200


@pytest.mark.parametrize(
    ("query", "plan"),
    [
        (..., "default"),
        (None, "default"),
        ({}, "default"),
        ({"plan": "strict"}, "strict"),
        ({"x": "y"}, "default"),
    ],
)
def test_the_query_chooses_the_plan(deployed: Deployed, query: Any, plan: str) -> None:
    deployed.world.plans["strict"] = Plan()
    assert post(deployed, queryStringParameters=query)[0] == 200
    assert deployed.told[0][1]["plan"] == plan


def test_a_plan_of_streams_is_known_here(deployed: Deployed) -> None:
    deployed.world.plans["split"] = Plan(target="stream")
    deployed.hook.said = notice(NoticeKind.LEFT, 5, "user-7", stream_id="s1")
    post(deployed, queryStringParameters={"plan": "split"})
    assert [kind for kind, _ in deployed.told] == ["StreamStopped"]


def test_a_recorder_by_the_plans_range_is_nobody(deployed: Deployed) -> None:
    deployed.hook.said = entered(5, "4200000007")
    assert post(deployed)[0] == 200
    assert (deployed.told, notices(deployed)) == ([], [])


def test_a_departure_is_looked_after_when_the_deployments_grace_is_over(deployed: Deployed) -> None:
    deployed.hook.said = notice(NoticeKind.LEFT, 5, "user-7")
    post(deployed)
    (known,) = deployed.world.store._attendances.values()
    assert known.due_at == deployed.world.clock.now + 60_000


@pytest.mark.parametrize(
    "change",
    [
        {"headers": {}},
        {"headers": {"signature": signed("wrong")}},
        {"pathParameters": {"platform": "nobody", "app_id": APP, "key": URL_KEY}},
        {"pathParameters": {"platform": "agora", "app_id": "other", "key": URL_KEY}},
        {"pathParameters": {"platform": "agora", "app_id": APP, "key": "wrong"}},
    ],
)
def test_what_is_not_genuine_is_401_and_leaves_nothing(deployed: Deployed, change: dict[str, Any]) -> None:
    assert post(deployed, **change) == (401, {"error": "not_authenticated"})
    assert (deployed.told, notices(deployed)) == ([], [])


@pytest.mark.parametrize("age_s", [901, -301])
def test_what_is_not_fresh_is_401(deployed: Deployed, age_s: int) -> None:
    deployed.hook.sent_at = deployed.world.clock.now - age_s * 1000
    assert post(deployed) == (401, {"error": "not_fresh"})
    assert (deployed.told, notices(deployed)) == ([], [])


def test_what_is_too_large_is_413(deployed: Deployed) -> None:
    status, said = post(deployed, body="x" * 131_073)
    assert (status, set(said)) == (413, {"error"})
    assert notices(deployed) == []


def test_what_is_not_understood_is_kept_and_acknowledged(deployed: Deployed) -> None:
    deployed.hook.said = NotUnderstood("room_id: is missing")
    assert post(deployed) == (200, json.loads(deployed.hook.ANSWER))
    assert [kept.body for kept in notices(deployed)] == [BODY]


@pytest.mark.parametrize("method", ["knows_notice", "see_person", "room", "put_notice"])
def test_what_was_not_taken_is_to_be_sent_again(deployed: Deployed, method: str, notes: Notes) -> None:
    def busy() -> None:
        raise RetryLater("table_busy")

    meanwhile(deployed.world.store, method, busy)
    assert post(deployed) == (503, {"error": "table_busy"})
    assert notes.of("ES605")["reason"] == "table_busy"
    assert post(deployed)[0] == 200
    assert {kind for kind, _ in deployed.told} == {"RoomOpened"}


def test_what_the_bus_did_not_take_is_to_be_sent_again(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(**_: Any) -> dict[str, Any]:
        return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}

    with monkeypatch.context() as once:
        once.setattr(deployed.clients, "put_events", refuses)
        assert post(deployed) == (503, {"error": "bus_busy"})
    assert notices(deployed) == []
    assert post(deployed)[0] == 200
    assert [kind for kind, _ in deployed.told] == ["RoomOpened"]


@pytest.mark.parametrize("said", [entered(5, "s3cret"), NotUnderstood("x"), None])
def test_no_answer_quotes_what_was_sent(deployed: Deployed, said: Any) -> None:
    deployed.hook.said = said
    for change in ({}, {"headers": {"signature": "s3cret"}}, {"body": "s3cret" * 30_000}):
        assert "s3cret" not in json.dumps(post(deployed, **change))
