"""Who was heard in a mixed room: nobody is blamed, and nothing that the vendor told is thrown away."""

from typing import Any

import pytest
from earshot.domain.verdict import Heard, Verdict
from earshot.vendors.shumei.reader import read
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support import pushes

MIXED = {"strUserId": ..., "userId": ...}


def verdict(**detail: Any) -> Verdict:
    (finding,) = read(pushes.segment(detail={**MIXED, **detail}), {})
    assert isinstance(finding, Verdict)
    return finding


def sample(uid: Any, volume: Any = 100) -> dict[str, Any]:
    return {"uid": uid, "volume": volume}


def test_everybody_with_the_loudest_second_first() -> None:
    seconds = [[sample(2, 100), sample(4, 30)], [], [sample(4, 255), sample(2, 90)], [sample(9, 0)]]
    judged = verdict(speakers=seconds)
    assert judged.speakers == (Heard("4", 255), Heard("2", 100), Heard("9", 0))
    assert judged.speaker_id is None


def test_a_single_voice_is_not_blamed_either() -> None:
    """Ten seconds of everybody were judged; that one of them was loud enough to be measured proves nothing."""
    assert verdict(speakers=[[sample(2)]]).speaker_id is None


def test_a_split_room_names_its_speaker_whoever_else_was_heard() -> None:
    judged = verdict(userId=7, speakers=[[sample(2)]])
    assert (judged.speaker_id, judged.speakers) == ("7", (Heard("2", 100),))


@pytest.mark.parametrize(
    ("speakers", "heard"),
    [
        (..., ()),
        (None, ()),
        ([], ()),
        ([[]], ()),
        ("everybody", ()),
        ({"uid": 1}, ()),
        ([None, [sample(1)]], (Heard("1", 100),)),
        ([sample(2), [sample(1)]], (Heard("1", 100),)),
        ([[None, "x", 3, sample(1)]], (Heard("1", 100),)),
        ([[sample(None), sample(""), sample([]), sample(1)]], (Heard("1", 100),)),
        ([[sample(1, None)], [sample(1, "loud")]], (Heard("1", None),)),
        ([[sample(1, None)], [sample(1, 5)], [sample(1, 1.5)]], (Heard("1", 5),)),
        ([[sample(1, -1)], [sample(2, 256), sample(3, 10**400)]], tuple(Heard(n) for n in "123")),
        ([[sample("4294967295", "7")]], (Heard("4294967295", 7),)),
        ([[{"volume": 3}, {"uid": 1}]], (Heard("1", None),)),
    ],
)
def test_an_odd_sample_costs_itself_alone(speakers: Any, heard: tuple[Heard, ...]) -> None:
    assert verdict(speakers=speakers).speakers == heard


def test_any_number_of_odd_samples_leaves_the_verdict() -> None:
    seconds = [[sample(uid, "loud") for uid in range(17)] for _ in range(10)]
    assert len(verdict(speakers=seconds).speakers) == 17


SAMPLES = st.lists(
    st.lists(st.builds(sample, st.integers(0, 5), st.integers(0, 255)), max_size=6), max_size=10
)


@given(SAMPLES)
def test_nobody_is_lost_and_nobody_comes_twice(seconds: list[list[dict[str, Any]]]) -> None:
    judged = verdict(speakers=seconds)
    flat = [one for second in seconds for one in second]
    peaks = {
        str(uid): max(one["volume"] for one in flat if one["uid"] == uid)
        for uid in {one["uid"] for one in flat}
    }
    assert {heard.speaker_id: heard.volume for heard in judged.speakers} == peaks
    volumes = [heard.volume or 0 for heard in judged.speakers]
    assert volumes == sorted(volumes, reverse=True)
