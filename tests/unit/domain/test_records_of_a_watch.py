"""Properties of watches, tasks, credentials and verdicts that the rules rely on."""

import pytest
from earshot.domain.verdict import LabelHit, RiskLevel
from earshot.domain.watch import Credential, Signal, SignalName, Status, TaskState
from earshot.vendors.shumei.labels import RISK_TYPES, label_of

from tests.unit.support.makers import START, signal, task, watch


@pytest.mark.parametrize(
    ("name", "is_last"),
    [
        (SignalName.ROOM_CLOSED, True),
        (SignalName.STOP_REQUESTED, True),
        (SignalName.TASK_ENDED, False),
        (SignalName.STRAY_TASK, False),
    ],
)
def test_last_words(name: SignalName, is_last: bool) -> None:
    assert Signal("id", name, START, "why").is_last is is_last
    assert (watch(signal=signal(name)).last_word is not None) is is_last


@pytest.mark.parametrize("status", list(Status))
def test_only_an_ended_watch_is_over(status: Status) -> None:
    assert watch(status=status).is_over is (status is Status.ENDED)


def test_what_listens_and_what_is_unresolved() -> None:
    lost = task(state=TaskState.UNKNOWN, vendor_task_id=None)
    learned = task(state=TaskState.UNKNOWN)
    assert [task().is_live, lost.is_live, learned.is_live] == [True, False, False]
    assert [task().is_unresolved, lost.is_unresolved, learned.is_unresolved] == [False, True, False]
    assert not task(state=TaskState.REFUSED, vendor_task_id=None).is_unresolved
    assert not task(ended_at=START).is_live
    assert not task(finished_at=START).is_live


def test_a_credential_does_not_show_its_secrets() -> None:
    credential = Credential("w", 1, "zego", None, {"identify_token": "s3cret"})
    assert "s3cret" not in repr(credential)


def test_labels_have_words_of_ours_for_every_number_of_the_vendor() -> None:
    assert len(RISK_TYPES) == 19
    assert label_of(12345).value == "unknown"
    assert LabelHit(label_of(210), "210").score is None
    assert {level.value for level in RiskLevel} == {"PASS", "REVIEW", "REJECT"}
