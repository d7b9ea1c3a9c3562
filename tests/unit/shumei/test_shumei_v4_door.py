"""What the webhook must know of V4's pushes, which share an address and, at their end, an id."""

import json
from itertools import product
from typing import Any

import pytest
from earshot.vendors.shumei.door import identify

from tests.unit.shumei.shumei_v4 import VIDEO_TASK, push


def key(**fields: Any) -> str:
    message = {"code": 1100, "requestId": "t_1", **fields}
    return identify(json.dumps({name: it for name, it in message.items() if it is not ...}).encode()).key


def test_pictures_and_sound_end_under_names_of_their_own() -> None:
    names = [identify(push(f"v4-video.end-of-{which}")).key for which in ("pictures", "sound")]
    assert names == [f"{VIDEO_TASK}#content1#stat1", f"{VIDEO_TASK}#content2#stat1"]


def test_every_kind_of_result_of_one_id_has_a_name_of_its_own() -> None:
    kinds = list(product((..., 1, 2), (0, 1), (1100, 1903, 1904)))
    names = {key(contentType=content, statCode=stat, code=code) for content, stat, code in kinds}
    assert len(names) == len(kinds)


@pytest.mark.parametrize("content", ["1", 1])
def test_a_content_in_another_type_is_the_same_content(content: Any) -> None:
    assert key(contentType=content) == "t_1#content1"


@pytest.mark.parametrize("content", [None, "", "video", 3, [1], {"a": 1}, 1.5, True])
def test_another_content_is_none(content: Any) -> None:
    assert key(contentType=content) == "t_1"


HITS = [
    ("v4.reject", {}, True),
    ("v4.reject", {"audioDetail__riskLevel": "REVIEW"}, True),
    ("v4.reject", {"audioDetail__riskLevel": "PASS"}, False),
    ("v4.reject", {"audioDetail__riskLevel": ...}, True),
    ("v4.reject", {"audioDetail__riskLevel": None}, True),
    ("v4.reject", {"audioDetail": "PASS"}, True),
    ("v4.reject", {"audioDetail": ...}, True),
    ("v4.silence", {}, False),
    ("v4.silence", {"code": 1904}, True),
    ("v4.silence", {"statCode": 1}, True),
    ("v4.end-of-stream", {}, True),
    ("v4.pull-failed", {}, True),
    ("v4-video.picture-pass", {}, False),
    ("v4-video.picture-pass", {"riskLevel": "PASS"}, False),
    ("v4-video.picture-pass", {"riskLevel": "REJECT"}, True),
    ("v4-video.picture-pass", {"audioDetail": {"riskLevel": "REJECT"}}, True),
    ("v4-video.picture-pass", {"frameDetail__riskLevel": "REVIEW", "riskLevel": "PASS"}, True),
    ("v4-video.picture-reject", {}, True),
    ("v4-video.sound-reject", {}, True),
    ("v4-video.sound-reject", {"audioDetail__riskLevel": "PASS"}, False),
    ("v4-video.end-of-pictures", {}, True),
]


@pytest.mark.parametrize(("name", "changes", "is_hit"), HITS)
def test_only_what_passes_everywhere_is_no_hit(name: str, changes: dict[str, Any], is_hit: bool) -> None:
    assert identify(push(name, **changes)).is_hit is is_hit
