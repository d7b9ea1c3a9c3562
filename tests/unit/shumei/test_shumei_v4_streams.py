"""What V4 asks of each stream type, against the tables of its pages."""

from typing import Any

import pytest

from tests.unit.shumei.shumei_v4 import SOUND, VIDEO, YUNXIN, of, refused, sent
from tests.unit.support.shumei_streams import AGORA, ALI, GIN, TARGETS, TRTC, ZEGO, Case


@pytest.mark.parametrize(("kind", "case"), SOUND.items())
@pytest.mark.parametrize("target", TARGETS)
def test_rooms_of_an_audio_stream(kind: str, case: Case, target: str) -> None:
    whole_only = target == "stream" and kind in {"GIN", "YUNXIN"}
    room = of(case, "v4").but(target=target)
    assert refused(room) == ("target" if whole_only else None)
    if whole_only:
        return
    data = sent(room)["data"]
    assert data["streamType"] == kind
    if kind not in {"ZEGO", "YUNXIN"}:
        ours = {name: data[name] for name in data if name.endswith("Param") or name == "url"}
        before = case.but(target=target).data()
        assert ours == {name: before[name] for name in ours}, "as in v2"


def test_a_zego_room_of_an_audio_stream() -> None:
    split = sent(of(ZEGO, "v4").but(target="room_split"))["data"]
    assert split["zegoParam"] == {"tokenId": "04AAAA", "roomId": "room-1001", "isMixingEnabled": False}
    one = sent(of(ZEGO, "v4", initDomain=5).but(target="stream"))["data"]
    assert (one["zegoParam"], one["initDomain"]) == ({"tokenId": "04AAAA", "streamId": "stream-7"}, 5)


@pytest.mark.parametrize("target", ["room_mixed", "room_split"])
@pytest.mark.parametrize(
    ("options", "token"), [({}, "join-token"), ({"tokenFrom": "checksum"}, "record-token")]
)
def test_a_yunxin_room(target: str, options: dict[str, Any], token: str) -> None:
    data = sent(of(YUNXIN, "v4", yunxinParam=options).but(target=target))["data"]
    assert data["yunxinParam"] == {
        "token": token,
        "cname": "evening",
        "uid": 999_000_000_042,
        "appKey": "fedcba9876543210fedcba9876543210",
    }


@pytest.mark.parametrize(
    ("secrets", "field"),
    [
        ({"uid": ...}, "yunxinParam.uid"),
        ({"uid": "007"}, "yunxinParam.uid"),
        ({"uid": "9223372036854775808"}, "yunxinParam.uid"),
        ({"token": ...}, "yunxinParam.token"),
        ({"uid": "9223372036854775807"}, None),
    ],
)
def test_what_a_yunxin_room_needs(secrets: dict[str, Any], field: str | None) -> None:
    assert refused(of(YUNXIN.but(secrets=secrets), "v4")) == field


@pytest.mark.parametrize(
    ("case", "generation"),
    [(YUNXIN, "v2"), (ALI, "v4"), (ALI, "v4_video"), (GIN, "v4_video"), (YUNXIN, "v4_video")],
)
def test_a_platform_of_another_page(case: Case, generation: str) -> None:
    assert refused(of(case, generation)) == "platform"


VIDEO_PARAMS: dict[str, dict[str, Any]] = {
    "AGORA": {
        "appId": "970ca35de60c44645bbae8a215061b33",
        "channel": "evening",
        "channelProfile": 0,
        "token": "007eJxT",
        "uid": 4_000_000_001,
    },
    "TRTC": {"sdkAppId": 1_400_498_247, "userId": "earshot-1_a", "userSig": "eJyrV", "roomId": 517_067_780},
    "VOLC": {"appId": "661e2a8f", "roomId": "room 1", "token": "001661e", "userId": "earshot-1"},
    "ZEGO": {"tokenId": "04AAAA", "roomId": "room-1001"},
}


@pytest.mark.parametrize(("kind", "case"), VIDEO.items())
@pytest.mark.parametrize("target", ["room_mixed", "room_split"])
def test_rooms_of_a_video_stream(kind: str, case: Case, target: str) -> None:
    data = sent(of(case, "v4_video").but(target=target))["data"]
    assert data["streamType"] == kind
    assert "initDomain" not in data
    if kind == "NORMAL":
        assert data["url"] == case.stream_url
        return
    scenes = {"TRTC": {"demoSences": 4 if target == "room_mixed" else 2}}
    assert data[f"{kind.lower()}Param"] == {**VIDEO_PARAMS[kind], **scenes.get(kind, {})}


@pytest.mark.parametrize("kind", ["TRTC", "VOLC", "ZEGO"])
def test_a_video_stream_has_no_single_users_there(kind: str) -> None:
    assert refused(of(VIDEO[kind], "v4_video").but(target="stream")) == "target"


def test_agoras_users_are_numbers_in_a_video_stream() -> None:
    one = sent(of(AGORA, "v4_video").but(target="stream"))["data"]["agoraParam"]
    assert (one["subscribeMode"], one["untrustedUserIdList"]) == ("UNTRUSTED", [77])
    chosen = {"subscribeMode": "TRUSTED", "trustedUserIdList": [7, 4_294_967_295], "enableH265Support": True}
    param = sent(of(AGORA, "v4_video", agoraParam=chosen))["data"]["agoraParam"]
    assert {name: param[name] for name in chosen} == chosen
    for user in ("anna", "4294967296", "4000000001"):
        field = refused(of(AGORA.but(stream_id=user), "v4_video").but(target="stream"))
        assert field == "agoraParam.untrustedUserIdList"


def test_a_trtc_room_of_a_video_stream_is_a_call_or_live() -> None:
    assert sent(of(TRTC, "v4_video", trtcParam={"appScene": 1}))["data"]["trtcParam"]["appScene"] == 1
