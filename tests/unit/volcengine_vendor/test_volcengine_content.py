"""Content security: what is sent where, and what each answer comes to."""

import json
from typing import Any

import pytest
from earshot.errors import (
    BadInput,
    EarshotError,
    Exhausted,
    GiveUp,
    Misconfigured,
    OutcomeUnknown,
    Suspended,
)
from earshot.vendors.port import Accepted, Ending

from tests.unit.support import makers
from tests.unit.support.notes import Notes
from tests.unit.volcengine_vendor.test_volcengine_vectors import A1_BODY
from tests.unit.volcengine_vendor.volcengine_calls import (
    CALLBACK_URL,
    CONTENT,
    NOW,
    REF,
    SETTINGS,
    URL,
    ZEGO,
    Case,
    accepted,
    query,
    said,
    wired,
)

VIDEO = {"media": "video"}
ENDED = Ending("room-1-audio", "content_security/audio")
SECRETS = ("AKTEST", "c2Vjcm")


def parameters(monkeypatch: Any, case: Case) -> Any:
    client, wire = wired(monkeypatch, said())
    client.submit(case.submission())
    return json.loads(wire.sent()["Parameters"])


def refused(monkeypatch: Any, case: Case) -> BadInput:
    client, wire = wired(monkeypatch, said())
    with pytest.raises(BadInput) as error:
        client.submit(case.submission())
    assert wire.calls == []
    return error.value


# --- a submission


def test_the_request_of_the_vector(monkeypatch: Any) -> None:
    """A1, byte for byte but for the name of the task."""
    watch = {"account_id": "u1", "opened_at": NOW}
    client, wire = wired(monkeypatch, said())
    client.submit(URL.but(options={"biztype": "live"}, watch=watch).submission())
    ((method, url, request),) = wire.calls
    assert (method, query(url)) == ("POST", {"Action": "AsyncLiveAudioRisk", "Version": "2022-04-25"})
    assert url.startswith("https://riskcontrol.volcengineapi.com/?")
    assert request["body"].decode().replace(REF, "room-1-audio") == A1_BODY
    assert request["headers"]["Content-Type"] == "application/json"
    assert (
        "/BusinessSecurity/request, SignedHeaders=content-type;host;" in request["headers"]["Authorization"]
    )
    assert request["timeout_s"] == 5.0


@pytest.mark.parametrize(
    ("options", "action", "service", "endpoint"),
    [
        ({}, "AsyncLiveAudioRisk", "audio_live_risk", "content_security/audio"),
        (VIDEO, "AsyncLiveVideoRisk", "video_live_risk", "content_security/video"),
    ],
)
def test_each_medium_has_its_own_call(
    monkeypatch: Any, options: dict[str, Any], action: str, service: str, endpoint: str
) -> None:
    client, wire = wired(monkeypatch, said())
    case = URL.but(options=options)
    assert client.submit(case.submission()) == Accepted(REF, endpoint)
    assert client.endpoint(case.checked) == endpoint
    assert (wire.actions, wire.sent()["Service"], wire.sent()["AppId"]) == ([action], service, 12345)


def test_every_try_is_a_task_of_its_own(monkeypatch: Any) -> None:
    """The vendor hands out no id, and does not say whether it ran already: nothing is adopted."""
    case = URL.but(number=2)
    client, _ = wired(monkeypatch, said())
    assert client.named(case.submission()) == (f"{makers.WATCH_ID}-2a", "content_security/audio")
    assert accepted(monkeypatch, said(), case=case) == Accepted(
        f"{makers.WATCH_ID}-2a", "content_security/audio"
    )
    assert parameters(monkeypatch, case)["data_id"] == f"{makers.WATCH_ID}-2a"


def test_what_is_sent_by_default_is_what_samples_of_the_vendor_hold(monkeypatch: Any) -> None:
    sent = parameters(monkeypatch, URL.but(watch={"opened_at": 1_700_000_000_999}))
    assert sent == {
        "operate_time": 1_700_000_000,
        "account_id": "radio",
        "data_id": REF,
        "url": "rtmp://example.invalid/app/s",
    }


def test_keys_are_the_plans(monkeypatch: Any) -> None:
    keys = {"callback": "cb.url", "pass_through": "extra", "account_id": None, "data_id": "cb.id"}
    extra = {"language": "zh", "cb": {"seed": 1}}
    sent = parameters(monkeypatch, URL.but(options={"parameters": keys, "extraParameters": extra}))
    assert sent["cb"] == {"seed": 1, "url": CALLBACK_URL, "id": REF}
    assert (sent["extra"], sent["language"]) == (f"{makers.WATCH_ID}-1a", "zh")
    assert not {"account_id", "data_id"} & sent.keys()


def test_a_room_is_named_by_the_keys_of_the_plan(monkeypatch: Any) -> None:
    sent = parameters(monkeypatch, ZEGO)
    room = {"room": "room-42", "app": "1234567890", "token": "04AAA+BBB="}
    assert {name: sent[name] for name in room} == room
    assert not {"url", "token2", "biztype"} & sent.keys()


@pytest.mark.parametrize(
    ("platform", "secrets", "keys", "expected"),
    [
        ("zego", {"identify_token": "t"}, ("identify_token",), {"identify_token": "t"}),
        ("agora", {"token": "t", "uid": "7"}, ("token", "uid"), {"token": "t", "uid": "7"}),
        ("agora", {"uid": "7"}, ("token", "uid"), {"uid": "7"}),
        ("trtc", {"user_id": "u", "user_sig": "s"}, ("user_sig", "token"), {"user_sig": "s"}),
        ("volcengine", {"token": "t", "user_id": "u"}, ("token",), {"token": "t"}),
        ("yunxin", {"checksum": "c", "uid": "7"}, ("checksum", "uid"), {"checksum": "c", "uid": "7"}),
    ],
)
def test_parts_of_a_credential_go_where_the_platform_has_them(
    monkeypatch: Any, platform: str, secrets: dict[str, str], keys: tuple[str, ...], expected: dict[str, str]
) -> None:
    rooms = {"room_id": "r", "platform": "p", **{name: f"k.{name}" for name in keys}}
    case = Case(platform, "app", "room", secrets, options={"roomParameters": rooms})
    sent = parameters(monkeypatch, case)
    assert (sent["r"], sent["p"], sent["k"]) == ("room", platform, expected)


def test_a_single_stream(monkeypatch: Any) -> None:
    case = ZEGO.but(target="stream", watch={"stream_id": "s-7"})
    assert refused(monkeypatch, case).field == "roomParameters.stream_id"
    keys = {"roomParameters": {"stream_id": "stream"}}
    assert parameters(monkeypatch, case.but(options=keys))["stream"] == "s-7"
    assert refused(monkeypatch, case.but(options=keys, watch={"stream_id": None})).field == "stream_id"
    whole = case.but(options=keys, target="room_split")
    assert refused(monkeypatch, whole).field == "roomParameters.room_id"


@pytest.mark.parametrize(
    ("case", "field"),
    [
        (URL.but(watch={"stream_url": None}), "stream_url"),
        (URL.but(watch={"stream_url": "example.com/app"}), "url"),
        (URL.but(watch={"stream_url": "rtmp://example.com/a b"}), "url"),
        (URL.but(watch={"stream_url": "rtmp://example.com/\ud800"}), "url"),
        (URL.but(watch={"account_id": "\ud800"}), "Parameters"),
        (URL.but(options={"parameters": {"url": None}}), "parameters.url"),
        (ZEGO.but(options={"roomParameters": None}), "platform"),
        (ZEGO.but(platform="gin"), "platform"),
        (ZEGO.but(secrets={}), "identify_token"),
        (ZEGO.but(platform="volcengine"), "token"),
    ],
)
def test_what_cannot_be_heard_is_named_and_not_sent(monkeypatch: Any, case: Case, field: str) -> None:
    error = refused(monkeypatch, case)
    assert error.field == field
    assert "04AAA" not in str(error)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (1001, GiveUp),
        (1002, Misconfigured),
        (1003, Suspended),
        (1004, Exhausted),
        (1005, Suspended),
        (2000, OutcomeUnknown),
    ],
)
def test_business_codes(monkeypatch: Any, code: int, kind: type[EarshotError], notes: Notes) -> None:
    for written in (code, str(code)):
        with pytest.raises(EarshotError) as error:
            accepted(monkeypatch, said(written), case=URL)
        assert type(error.value) is kind
        assert f"volcengine_{code}" in str(error.value)
    assert notes.codes == []


@pytest.mark.parametrize("code", [7, -1, 1012, 2001, 99_999])
def test_an_undocumented_code_may_have_opened_it(monkeypatch: Any, code: int, notes: Notes) -> None:
    with pytest.raises(OutcomeUnknown):
        accepted(monkeypatch, said(code), case=URL)
    assert notes.codes == ["ES501"]


@pytest.mark.parametrize(
    "answer",
    [b"<html>", {}, {"Result": None}, {"Result": {}}, {"Result": {"Code": "x"}}, {"Result": [0]}, b"[]"],
)
def test_what_cannot_be_read_may_have_opened_it(monkeypatch: Any, answer: Any) -> None:
    with pytest.raises(OutcomeUnknown):
        accepted(monkeypatch, answer, case=URL)


def test_data_of_another_shape_does_not_hide_the_code(monkeypatch: Any) -> None:
    assert accepted(monkeypatch, said(0, ["x"]), case=URL).vendor_task_id == REF


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"app_id": "rtc-app"}, "app_id"),
        ({"app_id": None}, "app_id"),
        ({"access_key_id": ""}, "access_key_id"),
        ({"access_key_id": "a b"}, "access_key_id"),
        ({"secret_access_key": None}, "secret_access_key"),
    ],
)
def test_a_wrong_account_is_named(monkeypatch: Any, changes: dict[str, Any], setting: str) -> None:
    client, wire = wired(monkeypatch, said(), settings={"volcengine_content": {**CONTENT, **changes}})
    with pytest.raises(Misconfigured) as error:
        client.submit(URL.submission())
    assert error.value.setting == f"secret volcengine_content.{setting}"
    assert wire.calls == []


def test_keys_that_rotate_are_used_newest_first(monkeypatch: Any) -> None:
    account = {**CONTENT, "access_key_id": ["AKNEW", "AKOLD"], "secret_access_key": ["new", "old"]}
    client, wire = wired(monkeypatch, said(), settings={**SETTINGS, "volcengine_content": account})
    client.submit(URL.submission())
    assert "Credential=AKNEW/" in wire.calls[0][2]["headers"]["Authorization"]
