"""What is refused before anything is sent: each rule of the page's tables, told by field."""

import json
from dataclasses import replace
from typing import Any

import pytest
from earshot.contract import plan as plans
from earshot.errors import BadInput, Misconfigured
from earshot.vendors.shumei.options import ShumeiOptions
from earshot.vendors.shumei.streams import stream_fields

from tests.unit.support.shumei_streams import AGORA, ALI, ALL, GIN, TARGETS, TRTC, URL, VOLC, ZEGO, Case

NAMED = TRTC.but(secrets={"room_id_kind": "string"})

TRUST = {"subscribeMode": "TRUSTED", "trustedUserIdList": ["1"]}
DISTRUST = {"subscribeMode": "UNTRUSTED", "untrustedUserIdList": ["1", "2"]}
A, V = "agoraParam", "volcParam"
REFUSED: list[tuple[Case, str]] = [
    # the plan: values
    *(
        (AGORA.but(target="room_split", options={A: options}), f"{A}.{name}")
        for name, options in [
            ("channelProfile", {"channelProfile": 2}),
            ("channelProfile", {"channelProfile": -1}),
            ("channelProfile", {"channelProfile": "1"}),
            ("channelProfile", {"channelProfile": True}),
            ("subscribeMode", {"subscribeMode": "trusted"}),
            ("subscribeMode", {"subscribeMode": ""}),
            ("trustedUserIdList.0", {**TRUST, "trustedUserIdList": ["anna"]}),
            ("trustedUserIdList.1", {**TRUST, "trustedUserIdList": ["1", "4294967296"]}),
            ("trustedUserIdList.0", {**TRUST, "trustedUserIdList": ["-1"]}),
            ("trustedUserIdList.0", {**TRUST, "trustedUserIdList": ["012"]}),
            ("trustedUserIdList.0", {**TRUST, "trustedUserIdList": [""]}),
            ("trustedUserIdList.0", {**TRUST, "trustedUserIdList": [1]}),
            ("trustedUserIdList", {**TRUST, "trustedUserIdList": "1"}),
            ("untrustedUserIdList.0", {**DISTRUST, "untrustedUserIdList": ["１"]}),
            ("appId", {"appId": "mine"}),
            ("isMixingEnabled", {"isMixingEnabled": False}),
        ]
    ),
    *(
        (VOLC.but(options={V: options}), f"{V}.{name}")
        for name, options in [
            ("subscribeMode", {"subscribeMode": "ALL"}),
            ("trustedUserIdList.0", {**TRUST, "trustedUserIdList": [""]}),
            ("untrustedUserIdList.0", {**DISTRUST, "untrustedUserIdList": [7]}),
            ("isMixingEnabled", {"isMixingEnabled": True}),
        ]
    ),
    (TRTC.but(options={"trtcParam": {"uid": ""}}), "trtcParam.uid"),
    (TRTC.but(options={"trtcParam": {"uid": 7}}), "trtcParam.uid"),
    (TRTC.but(options={"trtcParam": {"uid": 1}}), "trtcParam.uid"),
    (TRTC.but(options={"trtcParam": {"demoSences": 2}}), "trtcParam.demoSences"),
    (ALI.but(options={"aliParam": {"mixingAsText": "true"}}), "aliParam.mixingAsText"),
    (GIN.but(options={"ginParam": {}}), "ginParam"),
    # the plan: lists and their modes
    *(
        (case.but(target="room_split", options={name: options}), f"{name}.{row}")
        for case, name in ((AGORA, A), (VOLC, V))
        for row, options in [
            ("untrustedUserIdList", {"subscribeMode": "UNTRUSTED"}),
            ("untrustedUserIdList", {"subscribeMode": "UNTRUSTED", "untrustedUserIdList": []}),
            ("untrustedUserIdList", {"untrustedUserIdList": ["1"]}),
            ("untrustedUserIdList", {"subscribeMode": "AUTO", "untrustedUserIdList": ["1"]}),
            ("untrustedUserIdList", {**TRUST, "untrustedUserIdList": ["1"]}),
            ("trustedUserIdList", {"trustedUserIdList": ["1"]}),
            ("trustedUserIdList", {"subscribeMode": "AUTO", "trustedUserIdList": []}),
            ("trustedUserIdList", {**DISTRUST, "trustedUserIdList": ["1"]}),
        ]
    ),
    # the plan: options that its target does not allow
    (AGORA.but(options={A: TRUST}), f"{A}.subscribeMode"),
    (AGORA.but(options={A: DISTRUST}), f"{A}.subscribeMode"),
    *(
        (case.but(target="stream", options={name: options}), f"{name}.subscribeMode")
        for case, name in ((AGORA, A), (VOLC, V))
        for options in (TRUST, DISTRUST, {"subscribeMode": "AUTO"})
    ),
    (TRTC.but(target="stream", options={"trtcParam": {"uid": "bert"}}), "trtcParam.uid"),
    # the room's event
    *((case.but(target="stream", stream_id=None), "stream_id") for case in (AGORA, TRTC, VOLC, ZEGO)),
    *((case.but(target="stream"), "target") for case in (GIN, ALI)),
    *(
        (AGORA.but(target="stream", stream_id=user), f"{A}.untrustedUserIdList")
        for user in ("anna", "4294967296", "-1", "07", "4000000001")
    ),
    *(
        (TRTC.but(app_id=app_id), "trtcParam.sdkAppId")
        for app_id in ("app", "0", "4294967296", "-1", "1.5", "0140", "１４００")
    ),
    *((NAMED.but(room_id=room), "trtcParam.strRoomId") for room in ("room 1", "房间", "a/b", "1.5", "a\n")),
    (URL.but(stream_url=None), "stream_url"),
    (URL.but(stream_url="rtsp://live.example.com/a"), "url"),
    (Case("yunxin", "key", "room", {}, None), "platform"),
    # the credential
    *(
        (AGORA.but(secrets={"uid": uid}), f"{A}.uid")
        for uid in ("", "bot", "4294967296", "-1", "1.0", 7, ...)
    ),
    (AGORA.but(secrets={"token": 7}), f"{A}.token"),
    *((AGORA.but(secrets={"token": ..., "uid": uid}), f"{A}.uid") for uid in ("bot", "4294967296")),
    *(
        (TRTC.but(secrets={"user_id": who}), "trtcParam.userId")
        for who in ("", "a b", "机器人", "a" * 33, ...)
    ),
    *((TRTC.but(secrets={"user_sig": sig}), "trtcParam.userSig") for sig in ("", ...)),
    *((TRTC.but(room_id=room), "trtcParam.roomId") for room in ("0", "007", "evening", "4294967295")),
    *(
        (case.but(secrets={name: value}), field)
        for case, name, field in [
            (VOLC, "token", f"{V}.token"),
            (VOLC, "user_id", f"{V}.userId"),
            (GIN, "token", "ginParam.tokenId"),
            (GIN, "ip", "ginParam.ip"),
            (GIN, "port", "ginParam.port"),
            (ALI, "token", "aliParam.token"),
            (ALI, "user_id", "aliParam.userId"),
            (ZEGO, "identify_token", "zegoParam.tokenId"),
        ]
        for value in ("", ...)
    ),
    *((GIN.but(secrets={"ip": ip}), "ginParam.ip") for ip in ("gin.example.com", "300.0.0.1", "10.0.0.1:80")),
    *((GIN.but(secrets={"port": port}), "ginParam.port") for port in (8443, "0", "65536", "080", "http")),
]


@pytest.mark.parametrize(("case", "field"), REFUSED)
def test_what_is_not_sent(case: Case, field: str) -> None:
    refused = case.refusal()
    assert refused, "was not refused"
    assert refused[0] == field
    assert len(refused[1]) > 10, "the rule is told"


@pytest.mark.parametrize(
    ("case", "field"), [row for row in REFUSED if row[0].secrets != ALL.get(row[0].platform, row[0]).secrets]
)
def test_no_part_of_a_credential_is_told(case: Case, field: str) -> None:
    del field
    _, rule = case.refusal() or ("", "")
    assert [value for value in map(str, case.secrets.values()) if len(value) > 4 and value in rule] == []


# --- when the plan is read


@pytest.mark.parametrize(
    ("target", "options", "where"),
    [
        ("room_mixed", {A: TRUST}, f"{A}.subscribeMode"),
        ("room_split", {A: {"subscribeMode": "UNTRUSTED"}}, f"{A}.untrustedUserIdList"),
        ("stream", {V: TRUST}, f"{V}.subscribeMode"),
        ("stream", {"trtcParam": {"uid": "x"}}, "trtcParam.uid"),
        ("room_mixed", {"ip": "somewhere"}, "ip"),
    ],
)
def test_a_plan_that_can_never_be_sent_is_found_when_it_is_read(
    target: str, options: dict[str, Any], where: str
) -> None:
    text = json.dumps({"default": {"target": target, "vendors": {"shumei": options}}})
    with pytest.raises(Misconfigured) as refused:
        plans.parse(text)
    assert refused.value.setting == f"plan default.vendors.shumei.{where}"
    assert where not in refused.value.detail.partition(": ")[2], "the field is named once"


@pytest.mark.parametrize("target", TARGETS)
def test_a_watch_that_was_made_before_a_rule_is_held_to_it(target: str) -> None:
    """The options of a watch are checked once more, with its room."""
    case = AGORA.but(target="room_split", options={A: TRUST}).submission()
    plan = {**case.watch.plan, "target": target}
    again = replace(case, watch=replace(case.watch, plan=plan))
    options = ShumeiOptions.model_validate(plan["vendor_options"])
    if target == "room_split":
        assert stream_fields(again, options)["agoraParam"]["subscribeMode"] == "TRUSTED"
    else:
        with pytest.raises(BadInput, match=r"agoraParam\.subscribeMode"):
            stream_fields(again, options)
