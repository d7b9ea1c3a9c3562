"""Room addresses (page "接口调用概述")."""

from __future__ import annotations

import pytest

from local.doubles.yidun.address import Address, BadAddress, parse
from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_yidun_caller import SUBMIT, Yidun

APP = "970CA35de60c44645bbae8a215061b33"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "rtc://room.zego.im/room-42?identify_token=04AAA%2BBBB%3D",
            Address("zego", "room-42", token="04AAA+BBB="),
        ),
        ("rtc://room.zego.im/r?identify_token=t&testenv=true", Address("zego", "r", token="t")),
        ("rtc://room.zego.im/r%2F1", Address("zego", "r/1", long=True)),
        ("rtc://room.zego.im/r&testenv=true", Address("zego", "r", long=True)),
        ("rtc://room.zego.im/r?testenv=true", Address("zego", "r", long=True)),
        (f"agora://7:007eJx%2B%2F%3D@{APP}/%E6%88%BF", Address("agora", "房", APP, "7", "007eJx+/=")),
        (f"agora://7:t@{APP}/c?videoStreamType=1", Address("agora", "c", APP, "7", "t")),
        (f"agora://7@{APP}/c", Address("agora", "c", APP, "7")),
        (f"agora://{APP}/c", Address("agora", "c", APP, long=True)),
        ("yunxin://900001:t@appkey/c", Address("yunxin", "c", "appkey", "900001", "t")),
        ("yunxin://appid/c", Address("yunxin", "c", "appid", long=True)),
        ("rtc://u%20v:t%2F@volcengine.com/app/c", Address("volcengine", "c", "app", "u v", "t/")),
        ("rtc://volcengine.com/app/c", Address("volcengine", "c", "app", long=True)),
    ],
)
def test_forms(text: str, address: Address) -> None:
    assert parse(text) == address


PULL = ["rtp", "srtp", "rtmp", "rtmps", "mmsh", "mmst", "hls", "http", "tcp", "https"]


@pytest.mark.parametrize("scheme", PULL)
def test_streams_that_are_pulled(scheme: str) -> None:
    text = f"{scheme}://live.example.com/app/one?x=1&y=%zz"
    assert parse(text) == Address("", text)


@pytest.mark.parametrize(
    "text",
    [
        "room.zego.im/r",
        "ftp://h/x",
        "https://",
        "https:///x",
        "https://h/a b",
        "rtc://",
        "rtc://room.zego.im",
        "rtc://room.zego.im/",
        "rtc://room.zego.im/?identify_token=t",
        "rtc://u:t@room.zego.im/r",
        "rtc://room.zego.im/r?identify_token=",
        "rtc://room.zego.im/r?identify_token=t&identify_token=u",
        "rtc://room.zego.im/r?token=t",
        "rtc://room.zego.im/r?identify_token=t&testenv=1",
        "rtc://room.zego.im/a/b",
        "rtc://room.zego.im/%E6%88",
        "rtc://example.com/app/c",
        "rtc://volcengine.com/app",
        "rtc://u@volcengine.com/app/c",
        "rtc://u%3Av:t@volcengine.com/app/c",
        "rtc://u:t@volcengine.com/app/c/d",
        "agora://7:a+b=@app/c",
        "agora://7:a/b@app/c",
        "agora://7:a:b@app/c",
        "agora://7:@app/c",
        "agora://:t@app/c",
        "agora://@app/c",
        "agora://7:t@app",
        "agora://7:t@/c",
        "agora://7:t@app/房",
        "agora://7:t@app/c?x",
        "yunxin://7@appkey/c",
        "yunxin://7:t@appkey/c?videoStreamType=1",
        "trtc://7:t@app/c",
    ],
)
def test_malformed(text: str) -> None:
    with pytest.raises(BadAddress):
        parse(text)


def test_plus_sign_in_an_identify_token_is_a_blank() -> None:
    assert parse("rtc://room.zego.im/r?identify_token=a+b").token == "a b"


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("agora://0:t@app/c", True),
        ("agora://name:t@app/c", True),
        ("agora://4294967295:t@app/c", False),
        ("yunxin://1234567890123:t@app/c", True),
        ("yunxin://123456789012:t@app/c", False),
    ],
)
def test_uids_that_the_page_advises_against(time: Time, url: str, warned: bool) -> None:
    yidun = Yidun(time)
    assert yidun.call(SUBMIT, url=url, dataId="d")["code"] == 200
    assert bool(yidun.verdict()["warnings"]) is warned
