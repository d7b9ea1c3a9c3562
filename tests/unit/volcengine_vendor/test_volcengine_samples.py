"""The samples that stand for everybody to look at."""

import json
from typing import Any

import pytest
from earshot.domain.verdict import Media, RiskLevel, Verdict
from earshot.errors import Refused
from earshot.vendors.port import Unreadable
from earshot.vendors.volcengine.door import identify, split
from earshot.vendors.volcengine.options import check
from earshot.vendors.volcengine.reader import read

from tests.unit.support.root import EVENTS
from tests.unit.support.samples import load
from tests.unit.volcengine_vendor.volcengine_calls import AUDIT
from tests.unit.volcengine_vendor.volcengine_results import encoded, push

FOLDER = ("vendors", "volcengine")
READ = {
    "slice-block": ({}, "audio#u1#s1#BLOCK", RiskLevel.REJECT, Media.AUDIO),
    "slice-pass": ({}, "audio#u1#s2#PASS", RiskLevel.PASS, Media.AUDIO),
    "frame-review": ({"media": "video"}, "image#u1#f1#REVIEW", RiskLevel.REVIEW, Media.IMAGE),
    "stream-block": ({}, "stream##BLOCK", RiskLevel.REJECT, Media.AUDIO),
    "event-slice": (AUDIT, "event#e1", RiskLevel.REJECT, Media.AUDIO),
    "event-frame": (AUDIT, "event#e2", RiskLevel.REVIEW, Media.IMAGE),
    "event-pass": (AUDIT, "event#e3", RiskLevel.PASS, Media.AUDIO),
}
MALFORMED = {"malformed.no-decision": Unreadable, "malformed.event-signature": Refused}


def sample(name: str) -> Any:
    return load(*FOLDER, f"{name}.json")


def test_every_sample_is_read() -> None:
    there = {path.stem for path in EVENTS.joinpath(*FOLDER).iterdir()}
    assert there == {*READ, *MALFORMED, "several"}


@pytest.mark.parametrize("name", READ)
def test_what_it_comes_to(name: str) -> None:
    options, key, level, media = READ[name]
    delivery = push(sample(name))
    assert delivery.key == key
    (verdict,) = read(delivery.body, check("room_mixed", options))
    assert isinstance(verdict, Verdict)
    assert (verdict.risk_level, verdict.media) == (level, media)
    assert delivery.is_hit is (level is not RiskLevel.PASS)


def test_several_at_once() -> None:
    batch = push(sample("several"))
    assert batch.is_batch
    assert [identify(one).is_hit for one in split(batch.body)] == [True, True, False]
    assert json.loads(encoded(sample("several"))) == sample("several")


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_malformed(name: str) -> None:
    with pytest.raises(MALFORMED[name]):
        push(sample(name))
