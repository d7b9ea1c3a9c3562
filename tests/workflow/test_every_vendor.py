"""The same evening, whoever listens: one verdict stream, one finished task, and nothing left that bills."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.workflow.bundle import QUICK, Bundle, bundle
from tests.workflow.wire import SECRETS
from tests.workflow.yidun_rooms import SAMPLES, scenario

ACCOUNTS = {**SAMPLES, "zego": SECRETS["zego"], "shumei": SECRETS["shumei"], "yidun": SECRETS["yidun"]}
EVENINGS = ("abusive-speaker", "mixed-bag", "quiet-room")
ZEGO_KEYS = {"app_id": "AppId", "room_id": "RoomId", "token": "Token"}


@dataclass(frozen=True)
class Ear:
    """One way to be heard. ``double`` plays the vendor, with ``settings``; ``words``: what its labels cannot tell
    apart, by ours; ``tells_end``: whether the vendor says when a stream is over."""

    vendor: str
    double: str
    platform: str = "zego"
    options: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    target: str = "room_mixed"

    @property
    def plan(self) -> dict[str, Any]:
        chosen = {"vendor": self.vendor, "target": self.target, "vendors": {self.vendor: dict(self.options)}}
        return {"default": {**QUICK, **chosen}}

    @property
    def place(self) -> dict[str, Any]:
        app_id = next(iter(ACCOUNTS.get(self.platform, {"site": {}})))
        address = {"stream_url": "rtmp://live.example.com/app/room-7"} if self.platform == "url" else {}
        return {"platform": self.platform, "app_id": app_id, "room_id": "room-7", **address}


LABELS = {"100": "politics", "200": "sexual", "210": "abuse", "250": "moan", "520": "minor"}
"""What Volcengine's support would tell: its table is not public, and the plan has it."""
RTC_LABELS = {f"risk_{number}": label for number, label in LABELS.items()} | {"POLITY": "politics"}
SORTED_OUT = {"unknown": "other"}
"""A number that nobody has seen is another label to those whose labels are words."""
V4_WORDS = {"moan": "other", **SORTED_OUT}
TUPU_TASKS = {"tasks": ["moderation", "vulgar"]}
EARS: dict[str, Ear] = {
    "shumei": Ear("shumei", "shumei"),
    "shumei split": Ear("shumei", "shumei", target="room_split"),
    "shumei v4": Ear("shumei", "shumei", options={"generation": "v4"}, words=V4_WORDS),
    "shumei v4 video": Ear("shumei", "shumei", options={"generation": "v4_video"}, words=V4_WORDS),
    "yidun": Ear("yidun", "yidun", words={"moan": "sexual", "minor": "other"}),
    "tupu": Ear("tupu", "tupu", "url", TUPU_TASKS, words={"moan": "sexual", "minor": "other"}),
    "volcengine": Ear("volcengine", "volcengine_content", "url", {"labels": LABELS}, words=SORTED_OUT),
    "volcengine rtc": Ear(
        "volcengine",
        "volcengine",
        "volcengine",
        {"product": "rtc_audit", "labels": RTC_LABELS, "checksCallback": False, "Duration": 10_000},
        {"detection_warm_up": 0},
        SORTED_OUT,
    ),
    "volcengine_zego": Ear(
        "volcengine_zego",
        "volcengine_content",
        options={"app_id": 12345},
        settings={"room_keys": ZEGO_KEYS},
        words=dict.fromkeys(("politics", "moan", "sexual", "abuse", "minor", "unknown"), "other"),
    ),
    "yitu": Ear("yitu", "yitu", "url", words={"minor": "other", **SORTED_OUT}),
    "lyrebird": Ear("lyrebird", "lyrebird", words=SORTED_OUT),
}
over_all = pytest.mark.parametrize("ear", EARS.values(), ids=EARS)


def evening(name: str, ear: Ear, then: Callable[[Bundle], None] = lambda _: None) -> Any:
    """Opened, heard for a minute and a half, closed; the verdicts that accuse."""
    with bundle(scenario(name), ear.plan, accounts=ACCOUNTS) as b:
        b.doubles.worlds[ear.double].settings.update(dict(ear.settings))
        b.asks = True
        if ear.platform == "volcengine":
            for user in ("user-7", "user-8", "user-9"):
                b.doubles.drive("volcengine", "person_enters", "room-7", user)
                b.doubles.drive("volcengine", "publishes", "room-7", user)
        b.open(**ear.place)
        b.advance(95)
        b.close(**ear.place)
        b.advance(5)
        then(b)
        return accused(b)


def accused(b: Bundle) -> list[tuple[str, tuple[str, ...]]]:
    """How bad, and of what, in the order of the evening."""
    told = sorted(b.told("SegmentJudged"), key=lambda event: event["started_at"] or event["ended_at"])
    return [
        (event["risk_level"], tuple(label["code"] for label in event["labels"]))
        for event in told
        if event["risk_level"] != "PASS"
    ]


def in_words_of(ear: Ear, heard: list[tuple[str, tuple[str, ...]]]) -> list[tuple[str, tuple[str, ...]]]:
    return [(level, tuple(ear.words.get(code, code) for code in codes)) for level, codes in heard]


def tasks(b: Bundle, ear: Ear) -> list[dict[str, Any]]:
    """The double's own books."""
    found: list[dict[str, Any]] = b.doubles.worlds[ear.double].state(b.doubles.clock.now())["tasks"]
    return found


@over_all
@pytest.mark.parametrize("name", EVENINGS)
def test_every_vendor_tells_the_same_evening(name: str, ear: Ear) -> None:
    def over(b: Bundle) -> None:
        (task,) = tasks(b, ear)
        assert task["state"] != "running"
        assert task["end_reason"] == "finished"
        assert b.story() == ["Started", "Ended"]
        assert b.told("SegmentJudged"), "a quiet evening is told as one"
        ledger = b.ended()["ledger"]
        assert ledger["unfinished"] == ledger["unresolved"] == []
        assert [entry["vendor"] for entry in ledger["tasks"]] == [ear.vendor]
        assert json.dumps(b.events), "what is told is JSON"

    plainly = evening(name, EARS["shumei"])
    assert evening(name, ear, over) == in_words_of(ear, plainly)


@pytest.mark.parametrize("which", ["shumei", "shumei split", "shumei v4", "shumei v4 video", "lyrebird"])
def test_a_token_that_expires_costs_no_verdict(which: str) -> None:
    """Of the vendors that tell of it: another token, another task, and what is said after that."""
    ear = EARS[which]
    with bundle(scenario("expiring-token"), ear.plan, accounts=ACCOUNTS) as b:
        b.open(**ear.place)
        b.advance(33)
        b.wait_quiet()
        b.advance(60)
        b.close(**ear.place)
        b.advance(5)
        assert b.story() == ["Started", "Interrupted", "Resumed", "Ended"]
        assert accused(b) == [("REJECT", ("advert",))]
        ends = [task["end_reason"] for task in tasks(b, ear)]
        assert len(ends) == 2
        assert ends[-1] == "finished"
