"""One line per note, with its code; a metric per warning."""

import ast
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from earshot import telemetry
from earshot.log_codes import LogCode
from earshot.telemetry import note

from tests.unit.support.notes import Notes
from tests.unit.support.root import FUNCTIONS, PACKAGE


@pytest.mark.parametrize("code", list(LogCode), ids=lambda code: code.name)
def test_a_note_carries_its_code_level_and_text(code: LogCode, notes: Notes) -> None:
    note(code, task_ref="ref")
    (record,) = notes.records
    assert vars(record)["code"] == code.name
    assert (record.levelno, record.getMessage()) == (code.level, code.text)
    assert vars(record)["task_ref"] == "ref"


@pytest.mark.parametrize("code", list(LogCode), ids=lambda code: code.name)
def test_a_warning_counts_and_a_message_does_not(code: LogCode, monkeypatch: Any) -> None:
    counted: list[str] = []
    monkeypatch.setattr(telemetry, "count", counted.append)
    note(code)
    assert counted == ([code.name] if code.level >= logging.WARNING else [])


def test_a_metric_is_a_log_line_that_needs_no_setting(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.count("ES301", 2)
    line = json.loads(capsys.readouterr().out)
    assert line["ES301"] == [2.0]
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Earshot"


def test_codes_are_distinct_and_grouped() -> None:
    texts = [code.text for code in LogCode]
    assert len(set(texts)) == len(texts), "two codes of one text are one enum member under two names"
    assert len(LogCode.__members__) == len(list(LogCode))
    assert all(code.name[:2] == "ES" and code.name[2:].isdigit() for code in LogCode)


def calls_of_note() -> Iterator[tuple[Path, ast.Call]]:
    for path in [*PACKAGE.rglob("*.py"), *FUNCTIONS.rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "note":
                yield path, node


def test_no_field_is_a_word_of_the_logging_module() -> None:
    """``name``, ``message``, ``args`` … would raise KeyError, in the middle of an error path."""
    reserved = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "code"}
    used = {keyword.arg for _, call in calls_of_note() for keyword in call.keywords}
    assert used & reserved == set()


def test_every_code_is_used_and_every_note_has_one() -> None:
    used = set()
    for path, call in calls_of_note():
        names = {node.attr for node in ast.walk(call.args[0]) if isinstance(node, ast.Attribute)}
        names |= {node.id for node in ast.walk(call.args[0]) if isinstance(node, ast.Name)}
        assert names & (set(LogCode.__members__) | {"code"}), f"{path}: note without a code"
        used |= names
    everywhere = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    everywhere += "".join(path.read_text(encoding="utf-8") for path in FUNCTIONS.rglob("*.py"))
    unused = {name for name in LogCode.__members__ if f"LogCode.{name}" not in everywhere}
    assert unused == set(), "a code that nothing says is a line of the runbook about nothing"


SECRET_NAMES = {
    "secret",
    "token",
    "mac",
    "url",
    "callback_url",
    "body",
    "text",
    "credential",
    "stream_url",
    "key",
}


def test_no_field_is_named_after_what_must_not_be_logged() -> None:
    allowed = {("read_segment.py", "key")}  # the segment's, which is a vendor's id
    named = {(path.name, str(word.arg)) for path, call in calls_of_note() for word in call.keywords}
    assert {pair for pair in named if pair[1] in SECRET_NAMES} <= allowed
