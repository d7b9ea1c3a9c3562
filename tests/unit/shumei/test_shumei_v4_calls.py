"""Where V4's calls go, and what their answers mean."""

from typing import Any

import pytest
from earshot import http_client
from earshot.errors import (
    AlreadyDone,
    EarshotError,
    Exhausted,
    GiveUp,
    Misconfigured,
    OutcomeUnknown,
    RetryLater,
    Suspended,
)
from earshot.vendors import registry
from earshot.vendors.port import Accepted, Ending
from earshot.vendors.shumei.client import ShumeiClient, connect

from tests.unit.support.makers import TASK_ID
from tests.unit.support.notes import Notes
from tests.unit.support.shumei_calls import BASE, SETTINGS, Wire, keyring, submission, wired

VIDEO_BASE = "http://api-videostream-{cluster}.fengkongcloud.com"
ADDRESSES = {"SHUMEI_BASE_URL": BASE, "SHUMEI_VIDEO_BASE_URL": VIDEO_BASE}
CALLS = {
    "v4": (
        "http://api-audiostream-{}.fengkongcloud.com",
        "/audiostream/v4",
        "/finish_audiostream/v4",
        5.0,
        1.0,
    ),
    "v4_video": (
        "http://api-videostream-{}.fengkongcloud.com",
        "/videostream/v4",
        "/finish_videostream/v4",
        6.0,
        3.0,
    ),
}
ACCEPTED = {"code": 1100, "message": "成功", "requestId": TASK_ID}


def connected(monkeypatch: pytest.MonkeyPatch, answer: Any) -> tuple[ShumeiClient, Wire, list[str]]:
    """A client of the registry's, what it sends, and the addresses that it asked for."""
    _, wire = wired(monkeypatch, answer)
    monkeypatch.setattr(http_client, "call", wire)
    asked: list[str] = []

    def address(name: str) -> str:
        asked.append(name)
        return ADDRESSES[name]

    return connect(address, keyring(SETTINGS)), wire, asked


@pytest.mark.parametrize("cluster", ["sh", "gg", "xjp"])
@pytest.mark.parametrize("generation", CALLS)
def test_a_submission_goes_to_its_generation_and_cluster(
    monkeypatch: Any, generation: str, cluster: str
) -> None:
    client, wire, asked = connected(monkeypatch, ACCEPTED)
    options = {"generation": generation, "cluster": cluster}
    accepted = client.submit(submission(vendor_options=options))
    assert accepted == Accepted(TASK_ID, f"{generation}:{cluster}", signs_every_s=10)
    host, path, _, waits_s, _ = CALLS[generation]
    ((method, url, request),) = wire.calls
    assert (method, url, request["timeout_s"]) == ("POST", host.format(cluster) + path, waits_s)
    assert request["headers"] == {"Content-Type": "application/json; charset=utf-8"}
    assert ("SHUMEI_VIDEO_BASE_URL" in asked) is (generation == "v4_video")
    assert client.endpoint(options) == accepted.endpoint


@pytest.mark.parametrize("generation", ["v2", "v4"])
def test_nobody_asks_for_an_address_that_is_not_needed(monkeypatch: Any, generation: str) -> None:
    client, _, asked = connected(monkeypatch, ACCEPTED)
    client.submit(submission(vendor_options={"generation": generation}))
    client.finish([Ending(TASK_ID, "sh"), Ending(TASK_ID, "v4:sh")])
    assert set(asked) == {"SHUMEI_BASE_URL"}


def test_a_missing_address_is_named(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch, ACCEPTED)
    with pytest.raises(Misconfigured, match="SHUMEI_VIDEO_BASE_URL"):
        client.submit(submission(vendor_options={"generation": "v4_video"}))
    assert wire.calls == []


@pytest.mark.parametrize("generation", CALLS)
@pytest.mark.parametrize("known", [True, False])
def test_a_finish_goes_where_the_task_was_accepted_whatever_the_plan_says_by_now(
    monkeypatch: Any, generation: str, known: bool
) -> None:
    client, wire, _ = connected(monkeypatch, {"code": 1100})
    options = {"generation": generation, "cluster": "xjp"}
    ending = Ending(TASK_ID, f"{generation}:xjp", {}) if known else Ending(TASK_ID, None, options)
    assert client.finish([ending]) == [None]
    host, _, path, _, waits_s = CALLS[generation]
    ((_, url, request),) = wire.calls
    assert (url, request["timeout_s"]) == (host.format("xjp") + path, waits_s)
    assert wire.sent == {"accessKey": "AK_EXAMPLE", "requestId": TASK_ID}


def test_tasks_of_before_there_was_a_choice_are_finished_by_v2(monkeypatch: Any) -> None:
    client, wire, _ = connected(monkeypatch, {"code": 1100})
    client.finish([Ending(TASK_ID, "gg", {"generation": "v4_video"})])
    assert wire.calls[0][1].endswith("-gg.fengkongcloud.com/v2/saas/anti_fraud/finish_audiostream")


CLASSES: dict[int, type[EarshotError]] = {
    1901: Exhausted,
    1902: GiveUp,
    1903: RetryLater,
    1909: GiveUp,
    9100: Suspended,
    9101: Misconfigured,
    1999: OutcomeUnknown,
}


@pytest.mark.parametrize(
    ("generation", "code", "kind"),
    [
        *((generation, code, kind) for generation in CALLS for code, kind in CLASSES.items()),
        ("v4", 1904, RetryLater),
        ("v4_video", 1904, Exhausted),
    ],
)
def test_what_a_submissions_answer_means(
    monkeypatch: Any, notes: Notes, generation: str, code: int, kind: type[EarshotError]
) -> None:
    client, _, _ = connected(monkeypatch, {"code": code, "message": "x", "requestId": "x"})
    with pytest.raises(EarshotError) as error:
        client.submit(submission(vendor_options={"generation": generation}))
    assert type(error.value) is kind
    assert f"shumei_{code}" in str(error.value)


@pytest.mark.parametrize("generation", CALLS)
@pytest.mark.parametrize("spelling", ["errorcode", "errorCode"])
def test_a_duplicate_is_adopted(monkeypatch: Any, generation: str, spelling: str) -> None:
    detail = {spelling: 1001, "dupRequestId": f" {TASK_ID}"}
    client, _, _ = connected(monkeypatch, {"code": 1100, "requestId": "new", "detail": detail})
    accepted = client.submit(submission(vendor_options={"generation": generation}))
    assert accepted == Accepted(TASK_ID, f"{generation}:sh", adopted=True, signs_every_s=10)


@pytest.mark.parametrize("known_ended", [True, False])
@pytest.mark.parametrize("code", [1901, 1902, 1903, 1904, 1909, 9101])
@pytest.mark.parametrize("generation", CALLS)
def test_every_code_of_a_finish(monkeypatch: Any, generation: str, code: int, known_ended: bool) -> None:
    client, _, _ = connected(monkeypatch, {"code": code, "requestId": " x"})
    (error,) = client.finish([Ending(TASK_ID, f"{generation}:sh", known_ended=known_ended)])
    is_believed = known_ended and code in {1902, 1909}
    assert isinstance(error, AlreadyDone if is_believed else RetryLater)


def test_no_error_tells_the_key(monkeypatch: Any) -> None:
    for generation in CALLS:
        client, _, _ = connected(monkeypatch, {"code": 9101, "message": "AK_EXAMPLE"})
        with pytest.raises(EarshotError) as error:
            client.submit(submission(vendor_options={"generation": generation}))
        assert "AK_EXAMPLE" not in str(error.value)


def test_the_registry_connects_it(monkeypatch: Any) -> None:
    _, wire = wired(monkeypatch, ACCEPTED)
    client = registry.client("shumei", ADDRESSES.__getitem__, keyring(SETTINGS))
    client.submit(submission(vendor_options={"generation": "v4_video"}))
    assert wire.calls[0][1].startswith("http://api-videostream-sh.")
