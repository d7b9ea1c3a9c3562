"""The webhook's handler: an HTTP event in, exactly the right status out."""

import base64
import json
from typing import Any

import pytest
from earshot.errors import EarshotError, Misconfigured, RetryLater
from earshot.store.port import Segment

from tests.unit.support import pushes
from tests.unit.support.apps import Deployment
from tests.unit.support.notes import Notes
from tests.unit.support.samples import load

REJECT = load("api", "receive_callback.reject.json")


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    return Deployment(monkeypatch)


def request(**changes: Any) -> dict[str, Any]:
    return {**REJECT, **changes}


def push(deployed: Deployment, **changes: Any) -> tuple[int, dict[str, str]]:
    answer = deployed.handler("receive_callback")(request(**changes), None)
    assert answer["headers"] == {"Content-Type": "application/json"}
    return answer["statusCode"], json.loads(answer["body"])


def kept(deployed: Deployment) -> list[Segment]:
    return list(deployed.world.store._segments.values())


def test_a_push_is_kept_and_said_so(deployed: Deployment) -> None:
    assert push(deployed) == (200, {"status": "stored"})
    assert kept(deployed)[0].body == REJECT["body"].encode()
    assert push(deployed) == (200, {"status": "duplicate"})


def test_a_base64_body_is_the_same_body(deployed: Deployment) -> None:
    raw = pushes.segment() + b"\r\n"
    assert push(deployed, body=base64.b64encode(raw).decode(), isBase64Encoded=True)[0] == 200
    assert kept(deployed)[0].body == raw


def test_bytes_that_are_no_text_come_as_base64_and_are_quarantined(deployed: Deployment) -> None:
    status, said = push(deployed, body=base64.b64encode(b"\xff\xfe\x00").decode(), isBase64Encoded=True)
    assert (status, said["status"]) == (200, "quarantined")
    assert kept(deployed)[0].body == b"\xff\xfe\x00"


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "application/x-www-form-urlencoded", "x" * 300]
)
def test_the_content_type_does_not_matter(deployed: Deployment, content_type: str | None) -> None:
    """The vendor documents none."""
    headers = {} if content_type is None else {"content-type": content_type}
    assert push(deployed, headers=headers)[0] == 200


@pytest.mark.parametrize(
    "change", [{"mac": "a" * 32}, {"mac": ""}, {"vendor": "nobody"}, {"task_ref": "other-1a"}]
)
def test_a_bad_address_is_401_and_leaves_nothing(deployed: Deployment, change: dict[str, str]) -> None:
    path = {**REJECT["pathParameters"], **change}
    assert push(deployed, pathParameters=path) == (401, {"error": "not_authenticated"})
    assert kept(deployed) == []


@pytest.mark.parametrize("body", ["", None, ...])
def test_an_empty_body_is_400(deployed: Deployment, body: Any) -> None:
    event = request(body=body)
    if body is ...:
        del event["body"]
    answer = deployed.handler("receive_callback")(event, None)
    assert answer["statusCode"] == 400
    assert json.loads(answer["body"])["field"] == "body"


def test_five_megabytes_are_413(deployed: Deployment) -> None:
    status, said = push(deployed, body="x" * 5_000_000)
    assert (status, said["field"]) == (413, "body")
    assert kept(deployed) == []


@pytest.mark.parametrize(
    "body",
    ["{", "[]", "null", '{"code": 1100}', load("api", "receive_callback.vendor-page-sample.json")["body"]],
)
def test_what_cannot_be_read_is_kept_and_acknowledged(deployed: Deployment, body: str) -> None:
    status, said = push(deployed, body=body)
    assert (status, said["status"]) == (200, "quarantined")
    assert kept(deployed)[0].body == body.encode()


@pytest.mark.parametrize(
    ("error", "status"), [(RetryLater("table_busy"), 503), (Misconfigured("secret", "has no value yet"), 500)]
)
def test_what_was_not_kept_is_to_be_sent_again(
    deployed: Deployment, error: EarshotError, status: int, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_: Segment) -> bool:
        raise error

    monkeypatch.setattr(deployed.world.store, "put_segment", refuses)
    assert push(deployed) == (status, {"error": error.reason})
    assert notes.of("ES303")["reason"] == error.reason


def test_no_answer_quotes_what_was_sent(deployed: Deployment) -> None:
    for body in ('{"code": "s3cret"}', "s3cret", '{"requestId": "t", "code": "s3cret"}'):
        assert "s3cret" not in json.dumps(push(deployed, body=body))
