"""The command that checks and builds descriptions."""

import json
from pathlib import Path
from typing import Any

import pytest

from operations import describe
from tests.unit.declared.declared_parts import said
from tests.unit.support.root import ROOT

LYREBIRD = ROOT / "vendors" / "lyrebird.yaml"
EXAMPLES: dict[str, Any] = {
    "given": {"room": {"platform": "url", "room_id": "r"}, "task": {"id": "t"}},
    "requests": [
        {"call": "submit", "json": {"id": "ref", "room": "r"}},
        {"call": "finish", "url": "https://api.wren.example/stop/t"},
    ],
    "answers": [
        {"call": "submit", "json": {"code": 0, "task": "t"}, "outcome": "accepted", "vendor_task_id": "t"}
    ],
    "callbacks": [
        {
            "json": {"id": "e", "task": "t", "verdict": "bad"},
            "key": "e",
            "findings": [{"type": "Verdict", "risk_level": "REJECT"}],
        }
    ],
}


def written(folder: Path, *changes: tuple[str, Any]) -> Path:
    """JSON is YAML."""
    path = folder / "wren.yaml"
    path.write_text(json.dumps(said(("examples", EXAMPLES), *changes), ensure_ascii=False))
    return path


def test_a_sound_one_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert describe.main(["check", str(written(tmp_path))]) == 0
    shown = capsys.readouterr().out
    for line in (
        "submit: POST https://api.wren.example/start",
        "verified: none",
        "songs: audio of zego, url (assumed)",
    ):
        assert line in shown


def test_what_is_still_to_be_asked_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assumed = {"type": "string", "default": "x", "assumed": "nobody said so"}
    path = written(tmp_path, ("unknown", ["What is it?"]), ("settings.odd", assumed))
    assert describe.main(["check", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "What is it?" in shown
    assert "setting odd, by default 'x': nobody said so" in shown


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ("submit.json.id", {"$": "task.reff"}, "submit.json.id: there is no task.reff"),
        ("name", "other", "name: must be the file's: wren"),
        ("name", "shumei", "name"),
        ("examples.requests", [], "examples"),
        ("examples.requests", [{"call": "submit", "json": {"id": "no"}}], "examples.requests[0].json"),
        ("examples.requests", [{"call": "submit", "url": "https://x"}], "examples.requests[0].url"),
        (
            "examples.requests",
            [{"call": "submit", "given": {"room": {"platform": "trtc"}}}],
            "examples.requests[0]",
        ),
        ("examples.requests", [{"call": "poll"}], "examples"),
        (
            "examples.answers",
            [{"call": "submit", "json": {}, "outcome": "accepted"}],
            "examples.answers[0].outcome",
        ),
        ("examples.callbacks", [{"json": {"id": "e"}, "refused": True}], "examples.callbacks[0].refused"),
        ("examples.callbacks", [{"json": {"id": ""}}], "examples.callbacks[0]"),
        ("examples.callbacks", [{"json": {"id": "e", "task": "t"}, "key": "f"}], "examples.callbacks[0].key"),
        (
            "examples.callbacks",
            [{"json": {"id": "e", "task": "t"}, "findings": [{"risk_level": "PASS"}]}],
            "examples.callbacks[0].findings[0].risk_level",
        ),
        ("token", {"trtc": ["user_sig"]}, "token: no capability hears trtc"),
        ("capabilities.media", [], "capabilities.media"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    place: str, value: Any, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert describe.main(["check", str(written(tmp_path, (place, value)))]) == 1
    assert told in capsys.readouterr().err


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert describe.main(["check", "no/such.yaml"]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_secrets_and_credentials_are_masked(capsys: pytest.CaptureFixture[str]) -> None:
    assert describe.main(["check", str(LYREBIRD)]) == 0
    shown = capsys.readouterr().out
    assert "lyrebird-sample" not in shown
    assert "lb-10001" not in shown
    assert "token-of-zego" not in shown
    assert "b23ee2d07b18540d2b72127dac82b67ba7f4c4a22d06788f0c32f000124daaca" not in shown


def test_building_writes_compares_and_takes_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources, folder = tmp_path / "vendors", tmp_path / "made"
    sources.mkdir()
    folder.mkdir()
    (folder / "gone.json").write_text("{}")
    written(sources)
    assert describe.build(only_compare=True, sources=sources, folder=folder) == 1
    assert describe.build(only_compare=False, sources=sources, folder=folder) == 0
    assert [path.name for path in folder.iterdir()] == ["wren.json"]
    assert describe.build(only_compare=True, sources=sources, folder=folder) == 0
    written(sources, ("format", 9))
    assert describe.build(only_compare=False, sources=sources, folder=folder) == 1
    assert "format" in capsys.readouterr().err
