"""What is asked of each stream type, against the tables of the page, field by field."""

import json
from typing import Any

import pytest
from earshot.vendors.shumei.options import check
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.support.shumei_streams import (
    AGORA,
    ALI,
    ALL,
    GIN,
    NEWER,
    ROWS,
    TRTC,
    URL,
    VOLC,
    Case,
    every_case,
)

PARAMS = {name: name.removesuffix("Param").upper() for name in (*ROWS, *NEWER)}

AGORA_BASE = {
    "appId": "970ca35de60c44645bbae8a215061b33",
    "channel": "evening",
    "channelProfile": 0,
    "token": "007eJxT",
    "uid": 4_000_000_001,
}
TRTC_BASE = {"sdkAppId": 1_400_498_247, "userId": "earshot-1_a", "userSig": "eJyrV", "roomId": 517_067_780}
VOLC_BASE = {"appId": "661e2a8f", "roomId": "room 1", "token": "001661e", "userId": "earshot-1"}
GIN_BASE = {"tokenId": "gin-token", "roomId": "room-1", "ip": "203.0.113.7", "port": "8443"}
ALI_BASE = {"token": "ali-token", "room": "room-1", "userId": "robot"}
TRUST = {"subscribeMode": "TRUSTED", "trustedUserIdList": ["1"]}
DISTRUST = {"subscribeMode": "UNTRUSTED", "untrustedUserIdList": ["1", "2"]}


def one(user: str) -> dict[str, Any]:
    return {"subscribeMode": "UNTRUSTED", "untrustedUserIdList": [user]}


SENT: list[tuple[Case, dict[str, Any]]] = [
    (AGORA, {**AGORA_BASE, "isMixingEnabled": True}),
    (AGORA.but(target="room_split"), {**AGORA_BASE, "isMixingEnabled": False}),
    (AGORA.but(target="stream"), {**AGORA_BASE, "isMixingEnabled": False, **one("77")}),
    (
        AGORA.but(target="room_split", options={"agoraParam": {**TRUST, "channelProfile": 1}}),
        {**AGORA_BASE, "isMixingEnabled": False, "channelProfile": 1, **TRUST},
    ),
    (
        AGORA.but(target="room_split", options={"agoraParam": DISTRUST}),
        {**AGORA_BASE, "isMixingEnabled": False, **DISTRUST},
    ),
    (TRTC, {**TRTC_BASE, "demoSences": 4}),
    (TRTC.but(target="room_split"), {**TRTC_BASE, "demoSences": 2}),
    (TRTC.but(target="stream"), {**TRTC_BASE, "demoSences": 2, "uid": "anna"}),
    (TRTC.but(options={"trtcParam": {"uid": "bert"}}), {**TRTC_BASE, "demoSences": 4, "uid": "bert"}),
    *((VOLC.but(target=target), VOLC_BASE) for target in ("room_mixed", "room_split")),
    (VOLC.but(target="stream"), {**VOLC_BASE, **one("anna")}),
    (VOLC.but(options={"volcParam": TRUST}), {**VOLC_BASE, **TRUST}),
    (VOLC.but(target="room_split", options={"volcParam": DISTRUST}), {**VOLC_BASE, **DISTRUST}),
    (GIN, {**GIN_BASE, "isMixingEnabled": True}),
    (GIN.but(target="room_split"), {**GIN_BASE, "isMixingEnabled": False}),
    (ALI, {**ALI_BASE, "isMixingEnabled": "true"}),
    (ALI.but(target="room_split"), {**ALI_BASE, "isMixingEnabled": "false"}),
    (ALI.but(options={"aliParam": {"mixingAsText": False}}), {**ALI_BASE, "isMixingEnabled": True}),
]


@pytest.mark.parametrize(("case", "param"), SENT)
def test_what_is_sent(case: Case, param: dict[str, Any]) -> None:
    data = case.data()
    name = next(name for name in PARAMS if name in data)
    assert data[name] == param
    assert data["streamType"] == PARAMS[name]
    assert "initDomain" not in data, "it is for ZEGO only"
    assert data["room"] == case.room_id


def test_one_parameter_object_goes_with_one_stream_type() -> None:
    for kind, case in ALL.items():
        data = case.data()
        assert data["streamType"] == kind
        assert {PARAMS[name] for name in PARAMS if name in data} == ({kind} - {"NORMAL"})
        assert ("url" in data) is (kind == "NORMAL")


def test_every_row_of_the_tables_is_sent_by_something_with_its_type_and_no_other() -> None:
    seen: dict[str, dict[str, set[type]]] = {name: {} for name in PARAMS}
    extra = [TRTC.but(room_id="evening", secrets={"room_id_kind": "string"})]
    for case in [*(case for _, case in every_case()), *extra]:
        if case.refusal():
            continue
        data = case.data()
        for name in PARAMS:
            for row, value in data.get(name, {}).items():
                seen[name].setdefault(row, set()).add(type(value))
    seen["aliParam"]["isMixingEnabled"] -= {bool}  # V4's spelling, an option
    tables = {name: {**ROWS.get(name, {}), **NEWER.get(name, {})} for name in PARAMS}
    assert {name: set(rows) for name, rows in seen.items()} == {name: set(t) for name, t in tables.items()}
    assert {(name, row) for name, t in tables.items() for row in t if seen[name][row] != {t[row]}} == set()


# --- conditional rules


@pytest.mark.parametrize("target", ["room_mixed", "room_split"])
def test_an_agora_channel_without_a_token(target: str) -> None:
    param = AGORA.but(target=target, secrets={"token": ...}).data()["agoraParam"]
    assert ("token" in param, param["uid"]) == (False, 4_000_000_001)
    param = AGORA.but(target=target, secrets={"token": ..., "uid": ...}).data()["agoraParam"]
    assert not {"token", "uid"} & set(param)


@pytest.mark.parametrize("users", [..., []])
def test_nobody_need_be_trusted(users: Any) -> None:
    chosen = {"subscribeMode": "TRUSTED", **({} if users is ... else {"trustedUserIdList": users})}
    for case, name in ((AGORA, "agoraParam"), (VOLC, "volcParam")):
        sent = case.but(target="room_split", options={name: chosen}).data()[name]
        assert sent.get("trustedUserIdList", ...) == users


WIRE = {"number": "roomId", "string": "strRoomId"}
ROOMS: list[tuple[str, str, dict[str, Any]]] = [
    ("1", "number", {"roomId": 1}),
    ("4294967294", "number", {"roomId": 4_294_967_294}),
    ("7", "string", {"strRoomId": "7"}),
    ("evening_Room-1", "string", {"strRoomId": "evening_Room-1"}),
]


@pytest.mark.parametrize(("room_id", "kind", "sent"), ROOMS)
def test_a_trtc_room_is_a_number_or_a_name_as_its_credential_is(
    room_id: str, kind: str, sent: dict[str, Any]
) -> None:
    param = TRTC.but(room_id=room_id, secrets={"room_id_kind": kind}).data()["trtcParam"]
    assert {name: param[name] for name in ("roomId", "strRoomId") if name in param} == sent


@given(
    st.text(min_size=1, max_size=12) | st.integers(-1, 2**33).map(str), st.sampled_from(["number", "string"])
)
@example("１２３", "number")
@example("1٣", "number")
@example("12\n", "string")
def test_a_trtc_room_says_the_same_on_the_wire_or_is_refused(room_id: str, kind: str) -> None:
    case, field = TRTC.but(room_id=room_id, secrets={"room_id_kind": kind}), WIRE[kind]
    refused = case.refusal()
    if refused:
        assert refused[0] == f"trtcParam.{field}"
        assert kind == "number" or not all(c.isascii() and (c.isalnum() or c in "_-") for c in room_id)
    else:
        param = case.data()["trtcParam"]
        assert str(param[field]) == room_id
        assert ({"roomId", "strRoomId"} & set(param)) == {field}


@pytest.mark.parametrize("scheme", ["http", "https", "rtmp", "rtmps", "rtp", "HTTP"])
def test_addresses_that_the_page_names(scheme: str) -> None:
    assert URL.but(stream_url=f"{scheme}://live.example.com/a").refusal() is None


def test_options_survive_the_table() -> None:
    """A watch carries them as JSON, and they are checked again by whoever reads them."""
    for _, case in every_case():
        if "." not in (case.refusal() or ("",))[0]:
            checked = check(case.target, case.options)
            assert check(case.target, json.loads(json.dumps(checked))) == checked
