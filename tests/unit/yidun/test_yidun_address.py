"""The address: the page's own forms, and any text in them comes out as it went in."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from earshot.errors import BadInput
from earshot.vendors.yidun.address import address
from earshot.vendors.yidun.options import YidunOptions, check
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.yidun.yidun_wire import AGORA, RTC, URL, VOLC, WITH_UID, YUNXIN, ZEGO, Case

TOKEN_API = {"longRooms": "token_api"}
TEST = {"zegoTestEnv": True}
PAGE: list[tuple[Case, dict[str, Any], str, int | None]] = [
    (ZEGO, {}, "rtc://room.zego.im/room-42?identify_token=04AAA%2BBBB%3D", 3_600),
    (ZEGO, TEST, "rtc://room.zego.im/room-42?identify_token=04AAA%2BBBB%3D&testenv=true", 3_600),
    (ZEGO, TOKEN_API, "rtc://room.zego.im/room-42", None),
    (ZEGO, TOKEN_API | TEST, "rtc://room.zego.im/room-42&testenv=true", None),
    (
        ZEGO,
        TOKEN_API | TEST | {"rtcTestAddress": "?testenv=true"},
        "rtc://room.zego.im/room-42?testenv=true",
        None,
    ),
    (ZEGO, TOKEN_API | {"rtcTestAddress": "?testenv=true"}, "rtc://room.zego.im/room-42", None),
    (AGORA, {}, "agora://4200000001:007eJx%2FT@970ca35de60c44645bbae8a215061b33/evening", 86_400),
    (
        AGORA,
        {"agoraLowStream": True},
        "agora://4200000001:007eJx%2FT@970ca35de60c44645bbae8a215061b33/evening?videoStreamType=1",
        86_400,
    ),
    (
        AGORA.but(secrets={"uid": "4200000001"}),
        {},
        "agora://4200000001@970ca35de60c44645bbae8a215061b33/evening",
        None,
    ),
    (
        AGORA.but(secrets={"uid": "1", "token": ""}),
        {"agoraLowStream": True},
        "agora://1@970ca35de60c44645bbae8a215061b33/evening?videoStreamType=1",
        None,
    ),
    (AGORA.but(secrets={}), TOKEN_API, "agora://970ca35de60c44645bbae8a215061b33/evening", None),
    (
        YUNXIN,
        {},
        "yunxin://999000000001:a%2Bb%2Fc%3D@6acf024e190215b685905444b6e57dd7/evening",
        2_592_000,
    ),
    (YUNXIN.but(secrets={}), TOKEN_API, "yunxin://6acf024e190215b685905444b6e57dd7/evening", None),
    (
        VOLC,
        {},
        "rtc://earshot_1:001%2F%2B%3D@volcengine.com/661e2a8f0a1b2c3d4e5f6071/room%201",
        86_400,
    ),
    (VOLC.but(secrets={}), TOKEN_API, "rtc://volcengine.com/661e2a8f0a1b2c3d4e5f6071/room%201", None),
    (URL, {}, "rtmp://live.example.com/app/one?k=v%20w", None),
    (URL, TOKEN_API | TEST | {"agoraLowStream": True}, "rtmp://live.example.com/app/one?k=v%20w", None),
]


@pytest.mark.parametrize(("case", "options", "url", "lasts_s"), PAGE)
def test_the_forms_of_the_page(case: Case, options: dict[str, Any], url: str, lasts_s: int | None) -> None:
    built = case.but(options=options).form()
    assert (built.fields["url"], built.lasts_s) == (url, lasts_s)


@pytest.mark.parametrize("case", RTC, ids=lambda case: case.platform)
def test_an_operator_may_lower_how_long_a_short_room_lasts(case: Case) -> None:
    lower = case.but(options={"shortRoomLimits": {case.platform: 1}})
    assert lower.form().lasts_s == 1
    assert lower.but(options=TOKEN_API).form().lasts_s is None


# --- whatever the parts are made of

WORDS = st.text(min_size=1, max_size=40) | st.text("/:@?#&=%+ .;,", min_size=1, max_size=12)


def sent(case: Case, **options: Any) -> str:
    wide = YidunOptions.model_validate(check("room_mixed", {"urlMaxLength": 2_048, **options}))
    return address(case.submission(), wide).url


def ascii_only(url: str) -> bool:
    return url.isascii() and url.isprintable() and " " not in url


@given(room=WORDS, token=WORDS)
def test_a_zego_room_and_its_token_come_back(room: str, token: str) -> None:
    url = sent(ZEGO.but(room_id=room, secrets={"identify_token": token}))
    parts = urlsplit(url)
    assert ascii_only(url)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("rtc", "room.zego.im", "")
    assert unquote(parts.path.removeprefix("/"), errors="strict") == room
    assert parts.path.count("/") == 1
    assert parse_qs(parts.query, strict_parsing=True, keep_blank_values=True) == {"identify_token": [token]}


@given(room=WORDS)
def test_a_zego_room_comes_back_from_the_test_forms(room: str) -> None:
    case = ZEGO.but(room_id=room)
    marked = urlsplit(sent(case, zegoTestEnv=True, longRooms="token_api", rtcTestAddress="?testenv=true"))
    assert (unquote(marked.path[1:]), marked.query) == (room, "testenv=true")
    printed = urlsplit(sent(case, zegoTestEnv=True, longRooms="token_api"))
    assert unquote(printed.path[1:].removesuffix("&testenv=true")) == room
    assert "&" not in printed.path[1:].removesuffix("&testenv=true")
    short = parse_qs(urlsplit(sent(case, zegoTestEnv=True)).query, strict_parsing=True)
    assert short == {"identify_token": ["04AAA+BBB="], "testenv": ["true"]}


@given(app=WORDS, room=WORDS, token=WORDS, uid=st.integers(1, 2**32 - 1), low=st.booleans())
def test_an_agora_channel_comes_back(app: str, room: str, token: str, uid: int, low: bool) -> None:
    url = sent(
        AGORA.but(app_id=app, room_id=room, secrets={"uid": str(uid), "token": token}), agoraLowStream=low
    )
    parts = urlsplit(url)
    user, _, key = parts.netloc.partition("@")[0].partition(":")
    assert ascii_only(url)
    assert (parts.scheme, parts.netloc.count("@"), parts.path.count("/")) == ("agora", 1, 1)
    assert (user, unquote(key)) == (str(uid), token)
    assert (unquote(parts.netloc.partition("@")[2]), unquote(parts.path[1:])) == (app, room)
    assert (parts.query, parts.fragment) == ("videoStreamType=1" if low else "", "")


@given(app=WORDS, room=WORDS, token=WORDS, uid=st.integers(1, 10**12 - 1))
def test_a_yunxin_channel_comes_back(app: str, room: str, token: str, uid: int) -> None:
    url = sent(YUNXIN.but(app_id=app, room_id=room, secrets={"uid": str(uid), "checksum": token}))
    scheme, _, rest = url.partition("://")
    entrance, _, place = rest.partition("@")
    assert ascii_only(url)
    assert scheme == "yunxin"
    assert [unquote(part) for part in entrance.split(":")] == [str(uid), token]
    assert [unquote(part) for part in place.split("/")] == [app, room]


@given(app=WORDS, room=WORDS, token=WORDS, user=WORDS.filter(lambda text: ":" not in text))
def test_a_volcengine_room_comes_back(app: str, room: str, token: str, user: str) -> None:
    url = sent(VOLC.but(app_id=app, room_id=room, secrets={"user_id": user, "token": token}))
    parts = urlsplit(url)
    entrance, _, host = parts.netloc.partition("@")
    assert ascii_only(url)
    assert (parts.scheme, host, parts.query, parts.fragment) == ("rtc", "volcengine.com", "", "")
    assert [unquote(part) for part in entrance.split(":")] == [user, token]
    assert [unquote(part) for part in parts.path[1:].split("/")] == [app, room]


def test_what_is_encoded_already_is_text_like_any_other() -> None:
    case = ZEGO.but(room_id="a%2Fb", secrets={"identify_token": "%3D"})
    assert sent(case) == "rtc://room.zego.im/a%252Fb?identify_token=%253D"


# --- pulled streams


@pytest.mark.parametrize(
    "scheme", ["rtp", "srtp", "rtmp", "rtmps", "mmsh", "mmst", "hls", "http", "tcp", "https", "RTMP", "Https"]
)
def test_every_protocol_of_the_page_is_pulled_as_it_is(scheme: str) -> None:
    given = f"{scheme}://h.example.com:1935/a%2Fb?x=%C3%A9&y=值#f"
    assert URL.but(watch={"stream_url": given}).url == given


@pytest.mark.parametrize(
    "given", ["rtsp://h/x", "ftp://h/x", "rtc://room.zego.im/x", "//h/x", "h/x", "rtmp:h/x", "://h/x"]
)
def test_another_protocol_is_not(given: str) -> None:
    error = URL.but(watch={"stream_url": given}).refused()
    assert error.field == "url"
    assert "rtmps" in error.rule


@pytest.mark.parametrize("odd", [" ", "\n", "\t", "\x00", "\x7f", "\ud83d"])
def test_an_address_has_no_blanks_and_no_halves(odd: str) -> None:
    assert URL.but(watch={"stream_url": f"rtmp://h/s3cret{odd}x"}).refused().field == "url"


@pytest.mark.parametrize("given", [None, ""])
def test_a_pulled_room_needs_an_address(given: str | None) -> None:
    assert URL.but(watch={"stream_url": given}).refused().field == "stream_url"


# --- what must not be sent


@pytest.mark.parametrize("platform", ["trtc", "gin", "ali", "nowhere"])
@pytest.mark.parametrize("options", [{}, TOKEN_API])
def test_a_platform_that_yidun_cannot_enter_is_told(platform: str, options: dict[str, Any]) -> None:
    error = ZEGO.but(platform=platform, options=options).refused()
    assert error.field == "platform"
    assert f"Yidun cannot be sent to a {platform} room" in error.rule


@pytest.mark.parametrize(
    ("case", "uids"),
    [
        (AGORA, ["0", "4294967296", "-1", "+1", "01", "1.0", "1e3", " 1", "1\n", "x", "٣", "¹"]),
        (YUNXIN, ["0", "1000000000000", "-1", "+1", "01", "1.0", "1e3", " 1", "1\n", "x", "٣", "¹"]),
        (VOLC, ["a:b", ":", ""]),
    ],
    ids=["agora", "yunxin", "volcengine"],
)
def test_a_recorders_id_keeps_its_platforms_rule(case: Case, uids: list[str]) -> None:
    name = "user_id" if case is VOLC else "uid"
    for uid in uids:
        error = case.but(secrets={**case.secrets, name: uid}).refused()
        assert error.field == "uid"
        assert f"credential's {name}" in error.rule


@pytest.mark.parametrize(
    ("case", "least", "most"), [(AGORA, "1", "4294967295"), (YUNXIN, "1", "999999999999")]
)
def test_the_ends_of_the_rule_are_good(case: Case, least: str, most: str) -> None:
    for uid in (least, most):
        assert f"://{uid}:" in case.but(secrets={**case.secrets, "uid": uid}).url
    assert f"from {least} to {most} " in case.but(secrets={**case.secrets, "uid": "0"}).refused().rule


@pytest.mark.parametrize("value", ["", None, 7])
@pytest.mark.parametrize(
    ("case", "name", "field"),
    [
        (ZEGO, "identify_token", "token"),
        (AGORA, "uid", "uid"),
        (YUNXIN, "uid", "uid"),
        (YUNXIN, "checksum", "token"),
        (VOLC, "token", "token"),
        (VOLC, "user_id", "uid"),
    ],
)
def test_a_part_of_the_credential_that_is_missing_is_named(
    case: Case, name: str, field: str, value: Any
) -> None:
    error = case.but(secrets={**case.secrets, name: value}).refused()
    assert (error.field, error.rule) == (field, f"is required (the credential's {name})")


def test_yunxins_join_token_is_not_the_recorders() -> None:
    assert YUNXIN.but(secrets={"uid": "7", "token": "join"}).refused().field == "token"
    assert "join" not in YUNXIN.but(secrets={**YUNXIN.secrets, "token": "join"}).url


@pytest.mark.parametrize(
    ("most", "option"), [(1_024, {}), (2_048, {"urlMaxLength": 2_048}), (80, {"urlMaxLength": 80})]
)
def test_an_address_has_the_length_of_the_setting(most: int, option: dict[str, Any]) -> None:
    room = len("rtc://room.zego.im/room-42?identify_token=")
    fits = ZEGO.but(secrets={"identify_token": "t" * (most - room)}, options=option)
    assert len(fits.url) == most
    error = fits.but(secrets={"identify_token": "t" * (most - room + 1)}).refused()
    assert error.field == "url"
    assert str(most) in error.rule
    pulled = URL.but(watch={"stream_url": "rtmp://h/".ljust(most, "x")}, options=option)
    assert len(pulled.url) == most
    assert pulled.but(watch={"stream_url": "rtmp://h/".ljust(most + 1, "x")}).refused().field == "url"


LEAKS: list[Case] = [
    *(case.but(secrets={**case.secrets, name: "s3cret" * 400}) for case in RTC for name in case.secrets),
    *(case.but(secrets={**case.secrets, "uid": "s3cret", "user_id": "s3:cret"}) for case in WITH_UID),
    *(case.but(secrets=dict.fromkeys(case.secrets, "s3cret\ud83d")) for case in RTC),
    *(URL.but(watch={"stream_url": f"rtmp://h/s3cret{tail}"}) for tail in (" ", "\ud83d", "x" * 1_024)),
    URL.but(watch={"stream_url": "gopher://s3cret"}),
]


@pytest.mark.parametrize("case", LEAKS)
def test_no_error_tells_a_token_or_an_address(case: Case) -> None:
    with pytest.raises(BadInput) as error:
        case.form()
    assert "s3cret" not in f"{error.value} {error.value.args} {error.value.detail}"
    assert error.value.__cause__ is None
    assert error.value.__context__ is None or error.value.__suppress_context__


@pytest.mark.parametrize("case", [*RTC, URL], ids=lambda case: case.platform)
def test_what_is_built_does_not_show_its_token(case: Case) -> None:
    built = case.form()
    assert built.fields["url"] not in repr(built)
    found = address(case.submission(), YidunOptions())
    assert found.url not in repr(found)
