"""What Yidun tells of a task when it is asked, as if it had pushed it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from earshot import http_client
from earshot.domain.verdict import Description, Label, RiskLevel, TaskEnd, Verdict
from earshot.errors import EarshotError, Exhausted, GiveUp, OutcomeUnknown, RetryLater
from earshot.http_client import Answer
from earshot.vendors import registry
from earshot.vendors.port import Auditor, Unreadable
from earshot.vendors.yidun.door import identify
from earshot.vendors.yidun.reader import read
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.shumei_calls import keyring
from tests.unit.yidun import yidun_results
from tests.unit.yidun.yidun_results import ANY, END, EVIDENCES, REVIEW, START, TASK_ID
from tests.unit.yidun.yidun_wire import ACCOUNT, answered, decoded, ok

MINUTE = 60_000
TOLD = {"taskId": TASK_ID, "startTime": START, "endTime": END, "speakerId": "u_1001"}
SENTENCE: dict[str, Any] = {
    **TOLD,
    "action": 2,
    "asrStatus": 3,
    "callback": "room-42:0007",
    "censorSource": 2,
    "segmentId": "seg-0012",
    "content": "示例",
    "segments": [{"label": 600, "level": 2, "evidence": "示例"}],
    "records": [],
}
ACTION = {name: REVIEW[name] for name in ("action", "actionTime", "spamType", "spamDetail")}
SAID = TOLD | {"content": "示例 😀"}
LANGUAGE = TOLD | {"content": "zh"}


@dataclass
class Archive:
    """The vendor's answers, by query; ``log`` has the queries and the pauses before them."""

    task: list[Any] = field(default_factory=list)
    segment: list[Any] = field(default_factory=list)
    monitor: Any = None
    extra: Any = None
    failures: dict[str, Any] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    spans: list[tuple[str, int, int]] = field(default_factory=list)

    def __call__(self, _method: str, url: str, **request: Any) -> Answer:
        product, _, name = url.split("/")[-3:]
        assert product == "liveaudio"
        form = decoded(request["body"])
        assert form["taskId"] == TASK_ID
        self.log.append(name)
        if "startTime" in form:
            self.spans.append((name, int(form["startTime"]), int(form["endTime"])))
        found = self.failures[name] if name in self.failures else ok(self._found(name, form))
        answer = answered(found)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _found(self, name: str, form: dict[str, str]) -> Any:
        held = getattr(self, name)
        if not isinstance(held, list):
            return held
        start, end = int(form["startTime"]), int(form["endTime"])
        begins = "startTime" if name == "task" else "beginTime"
        times = [one.get(begins) if isinstance(one, dict) else None for one in held]
        return [one for one, at in zip(held, times, strict=True) if at is None or start <= at <= end]

    def pace(self) -> None:
        self.log.append("pace")


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Archive:
    made = Archive()
    monkeypatch.setattr(http_client, "call", made)
    return made


def auditor(archive: Archive) -> Auditor:
    return registry.auditor("yidun", lambda _: "https://{host}", keyring({"yidun": ACCOUNT}), archive.pace)


def results(archive: Archive, start: int = START, end: int = START + MINUTE) -> list[bytes]:
    return list(auditor(archive).results(TASK_ID, "liveaudio", start, end, {}))


def runs(archive: Archive, since: int = START, now: int = START + 9 * MINUTE) -> bool | None:
    return auditor(archive).still_runs(TASK_ID, "liveaudio", since, now)


# --- whether it still runs


@pytest.mark.parametrize("minutes", [0, 4, 9])
def test_what_has_recorded_since_runs(archive: Archive, minutes: int) -> None:
    archive.segment = [{"beginTime": START + minutes * MINUTE, "url": "https://cdn.example.net/1.mp3"}]
    assert runs(archive) is True
    assert archive.log == ["pace", "segment"], "and nothing more is asked"


def test_what_has_judged_since_runs(archive: Archive) -> None:
    archive.task = [SENTENCE | {"startTime": START + 1, "action": 0}]
    assert runs(archive) is True
    assert archive.log == ["pace", "segment", "pace", "task"]


def test_what_was_silent_since_does_not(archive: Archive) -> None:
    assert runs(archive) is False
    archive.segment = [{"beginTime": START - 1, "endTime": START + MINUTE}, {"endTime": START + 1}, {}, "?"]
    archive.task = [SENTENCE | {"startTime": START - 1}, SENTENCE | {"startTime": None}]
    assert runs(archive) is False


def test_an_answer_that_goes_back_further_than_asked_proves_nothing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = {"segment": [{"beginTime": START - 1}], "task": [SENTENCE | {"startTime": START - 1}]}
    monkeypatch.setattr(archive, "_found", lambda name, form: early[name])
    assert runs(archive) is False


def test_a_long_time_is_asked_about_in_pieces(archive: Archive) -> None:
    archive.task = [SENTENCE | {"startTime": START + 34 * MINUTE}]
    assert runs(archive, START, START + 35 * MINUTE) is True
    assert archive.log == ["pace", "segment", "pace", "task"] * 4
    pieces = [(start - START, end - START) for name, start, end in archive.spans if name == "task"]
    bounds = [minute * MINUTE for minute in (0, 10, 20, 30, 35)]
    assert pieces == list(pairwise(bounds))
    assert [span[1:] for span in archive.spans[::2]] == [span[1:] for span in archive.spans[1::2]]


# --- what it knows


def test_a_task_is_told_whole(archive: Archive) -> None:
    archive.task = [SENTENCE, SENTENCE | {"action": 0, "startTime": START + 1, "segments": []}]
    archive.monitor = {"status": 0, "monitors": [ACTION]}
    archive.extra = {"asr": [SAID], "language": [LANGUAGE]}
    hit, passed, review, said, language = [one for raw in results(archive) for one in read(raw, {})]
    assert isinstance(hit, Verdict)
    assert (hit.vendor_task_id, hit.risk_level, hit.speaker_id) == (TASK_ID, RiskLevel.REJECT, "u_1001")
    assert (hit.segment_id, hit.started_at, hit.ended_at, hit.text) == ("seg-0012", START, END, "示例")
    assert [(label.code, label.vendor_code) for label in hit.labels] == [(Label.ABUSE, "600")]
    assert isinstance(passed, Verdict)
    assert (passed.risk_level, passed.labels) == (RiskLevel.PASS, ())
    assert isinstance(review, Verdict)
    assert review.review
    assert review.review.acted_at == REVIEW["actionTime"]
    assert isinstance(said, Description)
    assert (said.text, said.started_at, said.speaker_id) == ("示例 😀", START, "u_1001")
    assert isinstance(language, Description)
    assert language.language == "zh"
    assert archive.log == ["pace", "task", "pace", "monitor", "pace", "extra"]


PUSHED = {
    "task": yidun_results.hit(),
    "a pass": yidun_results.hit(suggestion=0, labels=[], label=...),
    "off-line analysis": yidun_results.hit(suggestion=1, segmentId="seg-0013", url=...),
    "monitor": yidun_results.review(),
    "the customer's reviewer": yidun_results.review(1, speakerId="", segments=[]),
    "asr": yidun_results.beside(
        "asr", content="示例", dataId="room-42:0007", url="https://cdn.example.net/1"
    ),
    "language": yidun_results.beside("language", content="zh", segmentId="seg-0012"),
}


@pytest.mark.parametrize("pushed", PUSHED)
def test_what_was_pushed_is_known_again(archive: Archive, pushed: str) -> None:
    """The queries tell less than a push, so the whole name is another; what it is about has the same."""
    archive.task, archive.monitor = [SENTENCE], {"monitors": [ACTION]}
    archive.extra = {"asr": [SAID], "language": [LANGUAGE]}
    families = [identify(raw).family for raw in results(archive)]
    assert len(set(families)) == 4
    assert families.count(identify(PUSHED[pushed]).family) == 1
    for raw in results(archive):
        delivery = identify(raw)
        assert delivery.body == raw
        assert delivery.task_ref is None
        assert delivery.key.startswith(str(delivery.family))


def test_names_are_the_same_at_every_asking(archive: Archive) -> None:
    archive.task, archive.extra = [SENTENCE], {"asr": [SAID]}
    assert [identify(raw).key for raw in results(archive)] == [identify(raw).key for raw in results(archive)]


def test_what_is_a_hit_is_a_hit(archive: Archive) -> None:
    archive.task = [SENTENCE | {"action": level, "segments": []} for level in (0, 1, 2)]
    archive.monitor, archive.extra = {"monitors": [ACTION]}, {"asr": [SAID]}
    assert [identify(raw).is_hit for raw in results(archive)] == [False, True, True, True, False]


def test_the_end_of_the_machines_work_is_one(archive: Archive) -> None:
    archive.monitor = {"monitors": [ACTION | {"action": 10}]}
    (raw,) = results(archive)
    assert read(raw, {}) == (TaskEnd(TASK_ID, code=None, seconds=None),)


def test_a_sentence_without_a_judgement_is_none(archive: Archive) -> None:
    archive.task = [SENTENCE | {"action": None}, "?", {"action": 2}]
    assert results(archive) == []


@pytest.mark.parametrize("status", [20, 30])
def test_what_has_expired_is_nothing(archive: Archive, status: int) -> None:
    archive.monitor = {"status": status}
    assert results(archive) == []


def test_a_long_task_is_asked_about_in_pieces(archive: Archive) -> None:
    archive.task = [SENTENCE | {"startTime": START + minute * MINUTE} for minute in (1, 11, 24)]
    found = results(archive, START, START + 25 * MINUTE)
    assert [json.loads(raw)["antispam"]["evidences"]["startTime"] for raw in found] == [
        START + minute * MINUTE for minute in (1, 11, 24)
    ]
    assert archive.log == ["pace", "task"] * 3 + ["pace", "monitor", "pace", "extra"]
    assert all(end - start <= 10 * MINUTE for query, start, end in archive.spans if query != "extra")


def test_results_come_as_they_are_asked_for(archive: Archive) -> None:
    """What was found before the vendor fails is kept."""
    archive.task, archive.failures = [SENTENCE], {"monitor": {"code": 411}}
    found: Iterator[bytes] = auditor(archive).results(TASK_ID, "liveaudio", START, START + MINUTE, {})
    assert archive.log == []
    assert identify(next(found)).family
    with pytest.raises(RetryLater):
        next(found)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [({"code": 411}, Exhausted), ({"code": 405}, GiveUp), (b"<html>", OutcomeUnknown)],
)
@pytest.mark.parametrize("query", ["task", "segment", "monitor", "extra"])
def test_the_vendors_trouble_is_told(
    archive: Archive, query: str, answer: Any, kind: type[EarshotError]
) -> None:
    archive.failures = {query: answer}
    ask = runs if query == "segment" else results
    with pytest.raises(EarshotError) as error:
        ask(archive)
    assert type(error.value) is kind


# --- of what


def test_a_task_without_a_known_product_is_asked_about_as_live_audio(archive: Archive) -> None:
    archive.task = [SENTENCE]
    assert auditor(archive).still_runs(TASK_ID, None, START, START + MINUTE) is True
    assert len(list(auditor(archive).results(TASK_ID, None, START, START + MINUTE, {}))) == 1


def test_of_the_solution_nothing_is_known_and_nothing_asked(archive: Archive) -> None:
    archive.task = archive.segment = [SENTENCE]
    assert auditor(archive).still_runs(TASK_ID, "livewall", START, START + MINUTE) is None
    assert list(auditor(archive).results(TASK_ID, "livewall", START, START + MINUTE, {})) == []
    assert archive.log == []


# --- whatever comes


@given(odd=st.dictionaries(st.sampled_from([*SENTENCE, *EVIDENCES]), ANY, max_size=4), said=ANY, review=ANY)
def test_whatever_is_told_has_a_name(odd: dict[str, Any], said: Any, review: Any) -> None:
    archive = Archive(task=[SENTENCE | odd | {"taskId": TASK_ID}])
    archive.extra, archive.monitor = {"asr": [said, SAID]}, {"monitors": [review, ACTION]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive, "_found", lambda name, form: getattr(archive, name))
        patch.setattr(http_client, "call", archive)
        found = results(archive)
    assert len(found) >= 2, "one that is odd does not cost the others"
    for raw in found:
        assert identify(raw).family
        try:
            read(raw, {})
        except Unreadable:
            assert json.loads(raw)["antispam"], "a judgement that no page knows is kept, and nothing told"
