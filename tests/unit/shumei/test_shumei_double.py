"""Our bodies at the double, which holds the same page's rules and was written without a look at ours."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from earshot import http_client
from earshot.domain.verdict import Verdict
from earshot.errors import BadInput
from earshot.vendors.port import Accepted
from earshot.vendors.shumei.client import ShumeiClient
from earshot.vendors.shumei.reader import read
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st
from pydantic import ValidationError

from local.doubles.accounts import Accounts
from local.doubles.scenario import parse
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.world import ShumeiWorld
from tests.unit.support.shumei_streams import (
    AGORA,
    ALI,
    ALL,
    GIN,
    TARGETS,
    TRTC,
    VOLC,
    ZEGO,
    Case,
    every_case,
    settings,
)
from tests.workflow.wire import SECRETS, SHUMEI_URL, Clock, Doubles, Wire

NOBODY_LIMITS = {"max_qps": 1_000_000, "max_streams": 1_000_000, "ten_ms_rule": False}
SPEECH = {
    "name": "two",
    "rooms": {
        "*": {
            "lines": [
                {"at": 2, "speaker": "7", "text": "hello"},
                {"at": 3, "speaker": "77", "text": "滚", "risk_level": "REJECT", "risk_type": 210},
            ]
        }
    },
}


class Vendor:
    """A Shumei double and our client of it."""

    def __init__(self, script: dict[str, Any] | None = None, **changes: Any) -> None:
        self.doubles = Doubles(Clock())
        behaviour = ShumeiSettings(**{**NOBODY_LIMITS, **changes})
        self.world = self.doubles.shumei = ShumeiWorld(Accounts.read(SECRETS), behaviour)
        self.doubles.worlds["shumei"] = self.world
        if script:
            self.world.runner.play(parse(script), self.doubles.clock.now())
        http_client._session.cache_clear()
        http_client._session().mount("http://", Wire(self.doubles))
        self.client = ShumeiClient(SHUMEI_URL, settings())

    def submit(self, case: Case) -> Accepted:
        return self.client.submit(case.submission())

    def last(self) -> Any:
        """The double's opinion of the last call: code, field, warnings."""
        return self.doubles.calls("submit")[-1]["verdict"]

    def heard(self) -> list[Verdict]:
        """What the callbacks of the first ten seconds come to."""
        self.doubles.clock.second += 11
        found = [read(push.body.encode(), {}) for _, push in self.doubles.due()]
        return [finding for findings in found for finding in findings if isinstance(finding, Verdict)]


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    http_client._session.cache_clear()


PLANNED = [(kind, case) for kind, case in every_case() if not case.refusal()]
IDS = [f"{kind}-{case.target}-{json.dumps(case.options)}" for kind, case in PLANNED]


@pytest.mark.parametrize(("kind", "case"), PLANNED, ids=IDS)
def test_what_we_send_is_taken_without_a_complaint(kind: str, case: Case) -> None:
    vendor = Vendor()
    assert vendor.submit(case).vendor_task_id
    verdict = vendor.last()
    assert (verdict["ok"], verdict["code"], verdict["warnings"]) == (True, 1100, [])
    (task,) = vendor.doubles.tasks()
    assert task["stream_type"] == kind
    assert task["split"] is (
        kind == "VOLC" or (kind != "NORMAL" and case.target == "room_split") or _one_user(kind, case)
    )


def _one_user(kind: str, case: Case) -> bool:
    return case.target == "stream" and kind in {"AGORA", "TRTC"}


# --- what the double refuses is refused by us

WORDS = [
    "",
    "1",
    "0",
    "007",
    "4294967294",
    "4294967295",
    "4294967296",
    "-1",
    "1.5",
    "a-B_9",
    "房 间",
    "a" * 33,
]
TEXT = st.sampled_from(WORDS) | st.text(max_size=6)
ODD: st.SearchStrategy[Any] = TEXT | st.none() | st.integers(-1, 2**32) | st.booleans() | st.lists(TEXT)
MODES = st.sampled_from(["AUTO", "TRUSTED", "UNTRUSTED", "", "ALL", None])
USERS = st.lists(TEXT, max_size=3) | st.none() | ODD


def _chosen(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=values)


LISTS = {"subscribeMode": MODES, "trustedUserIdList": USERS, "untrustedUserIdList": USERS}
OPTIONS = _chosen(
    agoraParam=_chosen(channelProfile=st.integers(-1, 2) | ODD, **LISTS),
    volcParam=_chosen(**LISTS),
    trtcParam=_chosen(uid=ODD),
    aliParam=_chosen(mixingAsText=st.booleans()),
    initDomain=st.integers(-1, 8),
    audioDetectStep=st.integers(-1, 40),
    receiveTokenId=ODD,
    deviceId=ODD,
    ip=st.sampled_from(["10.0.0.1", "::1", "1.2.3", "", "x"]),
    level=st.integers(-1, 6) | ODD,
    gender=st.sampled_from(["male", "MALE", ""]),
    lang=st.sampled_from(["zh", "auto", "xx", ""]),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A stream type with up to a few things about it changed, sensible or not."""
    case = draw(st.sampled_from(list(ALL.values())))
    # An event's ids are not empty: the contract of the room events says so.
    ids = st.fixed_dictionaries(
        {},
        optional={
            "app_id": TEXT.filter(bool),
            "room_id": TEXT.filter(bool),
            "stream_id": TEXT | st.none(),
        },
    )
    secrets = {name: draw(ODD) for name in draw(st.sets(st.sampled_from(["-", *case.secrets]), max_size=1))}
    secrets.pop("-", None)
    options = draw(st.just({}) | OPTIONS)
    return case.but(target=draw(st.sampled_from(TARGETS)), options=options, secrets=secrets, **draw(ids))


def test_whatever_the_double_refuses_we_refuse_first() -> None:
    vendor = Vendor()
    seen = {"sent": 0, "refused": 0}

    @run(max_examples=500)
    @given(cases())
    def attempt(case: Case) -> None:
        refused = case.refusal()
        if refused:
            seen["refused"] += 1
            assert all(refused)
            with pytest.raises((BadInput, ValidationError)):
                vendor.submit(case)
            return
        seen["sent"] += 1
        vendor.submit(case)
        verdict = vendor.last()
        assert (verdict["code"], verdict["field"], verdict["warnings"]) == (1100, None, []), case

    attempt()
    assert min(seen.values()) > 20, f"both happen: {seen}"
    assert len(vendor.doubles.calls("submit")) == seen["sent"], "what is refused is not sent"


# --- the same stream twice


@pytest.mark.parametrize("dialect", ["seed", "current"])
@pytest.mark.parametrize(
    "case",
    [TRTC, TRTC.but(room_id="evening", secrets={"room_id_kind": "string"}), TRTC.but(target="room_split")],
    ids=["number", "name", "split"],
)
def test_a_trtc_duplicate_is_adopted(dialect: str, case: Case) -> None:
    """The documented key: sdkAppId, recorder, room. A retry has a new signature and the same recorder."""
    vendor = Vendor(dialect=dialect)
    first = vendor.submit(case)
    again = vendor.submit(case.but(secrets={"user_sig": "another"}))
    assert again == Accepted(first.vendor_task_id, "sh", adopted=True, signs_every_s=10)
    for other in (
        case.but(secrets={"user_id": "earshot-2"}),
        case.but(room_id="4711"),
        case.but(app_id="1400000001"),
    ):
        assert not vendor.submit(other).adopted
    assert len(vendor.doubles.running()) == 4


def test_a_number_and_its_name_are_one_room_to_the_double_and_to_nobody_else() -> None:
    """``roomId`` 7 and ``strRoomId`` "7" are two rooms of TRTC; what the vendor's key makes of them is unknown."""
    vendor = Vendor()
    vendor.submit(TRTC)
    named = TRTC.but(secrets={"user_id": "earshot-2", "room_id_kind": "string"})
    assert not vendor.submit(named).adopted


def test_one_trtc_user_is_heard_once_whoever_records_since_september_2023() -> None:
    one = TRTC.but(target="stream")
    another = one.but(secrets={"user_id": "earshot-2"})
    current = Vendor(dialect="current")
    assert current.submit(one).vendor_task_id == current.submit(another).vendor_task_id
    seed = Vendor(dialect="seed")
    assert seed.submit(one).vendor_task_id != seed.submit(another).vendor_task_id


@pytest.mark.parametrize("code", [1100, 1902, 1903])
@pytest.mark.parametrize("key", ["errorcode", "errorCode"])
def test_a_duplicate_is_adopted_under_any_code(code: int, key: str) -> None:
    vendor = Vendor(duplicate_code=code, duplicate_detail_key=key)
    assert vendor.submit(ALI).vendor_task_id == vendor.submit(ALI).vendor_task_id


# --- who spoke


@pytest.mark.parametrize("case", [AGORA, TRTC, VOLC, GIN, ALI, ZEGO], ids=lambda case: case.platform)
def test_a_split_room_tells_who_spoke(case: Case) -> None:
    vendor = Vendor(SPEECH)
    vendor.submit(case.but(target="room_split"))
    assert {v.speaker_id: v.risk_level for v in vendor.heard()} == {"7": "PASS", "77": "REJECT"}


@pytest.mark.parametrize("case", [AGORA, TRTC, VOLC], ids=lambda case: case.platform)
def test_a_single_stream_is_its_user(case: Case) -> None:
    vendor = Vendor(SPEECH)
    vendor.submit(case.but(target="stream", stream_id="77"))
    assert [(v.speaker_id, v.risk_level) for v in vendor.heard()] == [("77", "REJECT")]


@pytest.mark.parametrize("case", [AGORA, TRTC, GIN, ALI, ZEGO], ids=lambda case: case.platform)
def test_a_mixed_room_blames_nobody_and_agoras_tells_who_was_heard(case: Case) -> None:
    vendor = Vendor(SPEECH)
    vendor.submit(case)
    (verdict,) = vendor.heard()
    assert (verdict.risk_level, verdict.speaker_id) == ("REJECT", None)
    assert {heard.speaker_id for heard in verdict.speakers} == ({"7", "77"} if case is AGORA else set())


@pytest.mark.parametrize(
    ("case", "name"), [(AGORA, "agoraParam"), (VOLC, "volcParam")], ids=["agora", "volcengine"]
)
def test_trusted_users_are_not_listened_to(case: Case, name: str) -> None:
    for chosen, heard in (
        ({"subscribeMode": "TRUSTED", "trustedUserIdList": ["7"]}, {"77"}),
        ({"subscribeMode": "UNTRUSTED", "untrustedUserIdList": ["7"]}, {"7"}),
    ):
        vendor = Vendor(SPEECH)
        vendor.submit(case.but(target="room_split", options={name: chosen}))
        assert {v.speaker_id for v in vendor.heard()} == heard
