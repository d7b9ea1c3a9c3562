"""Events out: strict models, and schemas that are not stale."""

import json
import subprocess
import sys
from typing import Any

import pytest
from earshot.contract import moderation_events as out
from earshot.domain.ledger import settle
from earshot.domain.orphans import Orphan, OrphanKind, Price
from earshot.domain.verdict import Description, Heard, Label, LabelHit, RiskLevel, Verdict
from earshot.domain.watch import Status
from earshot.store.port import Segment
from earshot.usecases.outgoing import description_event, orphan_event, segment_event, watch_events
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from events import generate_schemas
from tests.unit.support.makers import START, plan, signal, task, watch
from tests.unit.support.root import ROOT

PROMISED = {
    "ModerationStarted",
    "SegmentJudged",
    "SegmentDescribed",
    "ModerationInterrupted",
    "ModerationResumed",
    "ModerationEnded",
    "ModerationFailed",
    "ModerationDegraded",
    "ModerationRestored",
    "LedgerDiffers",
    "EnforcementRequested",
    "OrphanFound",
}
SPEND = {"cap": "app", "step": "mixed", "limit_hours": 40.0, "spent_hours": 38.5, "at": START}
COMMON = {
    "schema_version",
    "event_id",
    "session_id",
    "watch_id",
    "room",
    "occurred_at",
    "attributes",
}


def schema(name: str) -> Draft202012Validator:
    made = json.loads(generate_schemas.FOLDER.joinpath(f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made)


BILLED = settle(watch(), [task(vendor_seconds=99.0, ended_at=START + 9_000)], START + 9_000)
OF_A_CHANGE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "ModerationDegraded": ({"level": 2}, {"level": 3, "spend": SPEND}),
    "ModerationRestored": ({"level": 2}, {"level": 0, "spend": {"at": START}}),
    "LedgerDiffers": ({}, {"ledger": BILLED}),
    "EnforcementRequested": ({}, {"unheard_at": START, "plan": plan(when_unheard="closed")}),
}
"""A watch before and after, where it is told of more than its status."""


def told(kind: str) -> dict[str, Any]:
    """One real event of each kind."""
    if kind == "SegmentJudged":
        labels, heard = (LabelHit(Label.ABUSE, "210", 0.5),), (Heard("7", 200), Heard("9"))
        verdict = Verdict("t_1", "t", RiskLevel.REVIEW, labels, START, None, speakers=heard)
        event = segment_event(watch(), Segment("ref", "t_1", "shumei", b"", START), verdict)
    elif kind == "SegmentDescribed":
        description = Description(
            "t", START, None, "7", "hello", "en", False, {"gender": "female", "minor": False}
        )
        event = description_event(watch(), Segment("ref", "asr#1", "yidun", b"", START), description)
    elif kind == "OrphanFound":
        orphan = Orphan(
            OrphanKind.STUCK, watch(), "shumei", "ref", "t", START, START + 9_000, Price(3.6, "CNY")
        )
        event = orphan_event(orphan)
    elif kind in OF_A_CHANGE:
        (event,) = watch_events(watch(**OF_A_CHANGE[kind][0]), watch(**OF_A_CHANGE[kind][1]))
    else:
        before, after = {
            "ModerationStarted": (Status.OPENING, Status.MODERATING),
            "ModerationResumed": (Status.INTERRUPTED, Status.MODERATING),
            "ModerationInterrupted": (Status.MODERATING, Status.INTERRUPTED),
            "ModerationFailed": (Status.OPENING, Status.FAILED),
            "ModerationEnded": (Status.MODERATING, Status.ENDED),
        }[kind]
        ledger = settle(watch(), [task()], START + 1_000)
        now = watch(status=after, status_seq=1, reason="why", ledger=ledger)
        (event,) = watch_events(watch(status=before), now)
    assert event[0] == kind
    detail: dict[str, Any] = json.loads(event[1])
    return detail


def test_the_contracts_events_are_all_there() -> None:
    assert {event.__name__ for event in out.EVENTS} == PROMISED


@pytest.mark.parametrize("kind", sorted(PROMISED))
def test_every_event_is_what_its_schema_says(kind: str) -> None:
    detail = told(kind)
    assert set(detail) >= COMMON
    assert list(schema(kind).iter_errors(detail)) == []
    for name in COMMON - {"schema_version"}:
        assert list(schema(kind).iter_errors({k: v for k, v in detail.items() if k != name}))
    assert list(schema(kind).iter_errors({**detail, "surprise": 1}))


@pytest.mark.parametrize("kind", sorted(PROMISED))
def test_models_are_strict_about_what_goes_out(kind: str) -> None:
    model = getattr(out, kind)
    with pytest.raises(ValidationError):
        model.model_validate({**told(kind), "surprise": 1})


def test_who_was_heard_is_told_and_nobody_is_blamed() -> None:
    detail = told("SegmentJudged")
    assert detail["speakers"] == [{"id": "7", "volume": 200}, {"id": "9", "volume": None}]
    assert detail["speaker_id"] is None


def test_a_segment_without_speakers_is_what_the_schema_says_with_the_field_and_without() -> None:
    """It came later than the event: who reads old ones finds none."""
    verdict = Verdict("t_1", "t", RiskLevel.PASS)
    detail = json.loads(segment_event(watch(), Segment("ref", "t_1", "shumei", b"", START), verdict)[1])
    assert detail["speakers"] == []
    del detail["speakers"]
    assert list(schema("SegmentJudged").iter_errors(detail)) == []


def test_times_are_utc_with_milliseconds() -> None:
    assert told("SegmentJudged")["started_at"] == "2026-11-21T02:00:00.000Z"


def test_a_verdict_from_year_one_is_told_without_its_time() -> None:
    """A zero time of the vendor's language, as wall-clock of UTC+8, lies before the calendar begins."""
    verdict = Verdict("t_1", "t", RiskLevel.REJECT, started_at=-62_135_625_600_000)
    event = segment_event(watch(), Segment("ref", "t_1", "shumei", b"", START), verdict)
    assert json.loads(event[1])["started_at"] is None


def test_late_is_by_our_clock_after_the_close() -> None:
    closed = watch(signal=signal(at=START))
    verdict = Verdict("t_1", "t", RiskLevel.PASS)
    for received, late in ((START, False), (START + 1, True)):
        event = segment_event(closed, Segment("ref", "k", "shumei", b"", received), verdict)
        assert json.loads(event[1])["late"] is late


def test_the_first_moment_of_the_epoch_is_a_moment() -> None:
    event = segment_event(
        watch(),
        Segment("ref", "t_1", "shumei", b"", START),
        Verdict("t_1", "t", RiskLevel.PASS, started_at=0),
    )
    assert json.loads(event[1])["started_at"] == "1970-01-01T00:00:00.000Z"


def test_a_task_that_ran_without_an_owner_is_told_with_what_it_cost() -> None:
    detail = told("OrphanFound")
    assert (detail["kind"], detail["seconds"], detail["cost"], detail["currency"]) == (
        "stuck",
        9.0,
        0.009,
        "CNY",
    )


def test_a_ledger_of_before_may_still_be_told() -> None:
    """The stream may hold one while a new version is deployed."""
    new = settle(watch(), [task()], START + 1_000)
    old = {name: value for name, value in new.items() if name in PROMISED_OF_A_LEDGER}
    old["calls"] = {"mint": 1, "submit": 1, "finish": 0, "unclaimed": 0}
    old["tasks"] = [{k: v for k, v in entry.items() if k in PROMISED_OF_A_TASK} for entry in new["tasks"]]
    ((_, detail),) = watch_events(watch(), watch(status=Status.ENDED, status_seq=1, ledger=old))
    assert json.loads(detail)["ledger"]["double_heard_s"] == 0


PROMISED_OF_A_LEDGER = {
    *("open_s", "audited_s", "unmoderated_s", "vendor_s"),
    *("calls", "unfinished", "unresolved", "tasks"),
}
PROMISED_OF_A_TASK = {"task_ref", "task_id", "audited_s", "vendor_s", "end_code", "finished"}


# --- schemas


def test_the_schemas_are_not_stale() -> None:
    assert generate_schemas.stale() == [], "run python -m events.generate_schemas"


def test_a_stale_a_missing_and_a_left_over_schema_are_found(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate_schemas, "FOLDER", tmp_path / "schemas")
    assert generate_schemas.main(["--check"]) == 1
    assert generate_schemas.main([]) == 0
    assert generate_schemas.main(["--check"]) == 0
    (tmp_path / "schemas" / "Old.json").write_text("{}")
    (tmp_path / "schemas" / "Plan.json").write_text("{}")
    capsys.readouterr()
    assert generate_schemas.main(["--check"]) == 1
    assert "Old.json" in (complaints := capsys.readouterr().err)
    assert "Plan.json" in complaints
    generate_schemas.write()
    assert generate_schemas.stale() == []


def test_the_command_runs_from_the_root_without_any_setting() -> None:
    command = [sys.executable, "-m", "events.generate_schemas", "--check"]
    assert subprocess.run(command, cwd=ROOT, env={}, check=False).returncode == 0


def test_the_room_event_schema_agrees_with_the_model() -> None:
    from tests.unit.support.makers import event

    check = schema("RoomEvent")
    assert list(check.iter_errors(event()["detail"])) == []
    for change in ({"room_id": ...}, {"room_id": ""}, {"room_id": 1}, {"roomId": "x"}, {"attributes": "x"}):
        assert list(check.iter_errors(event(**change)["detail"]))
