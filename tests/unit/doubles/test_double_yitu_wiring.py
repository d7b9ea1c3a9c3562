"""Account, wiring and README of the Yitu double."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.doubles.accounts import Accounts, load
from local.doubles.settings import BadField
from local.doubles.wiring import NAMES, worlds
from local.doubles.world import ReadsAnswers
from local.doubles.yitu.settings import NOTICE, YituSettings
from local.doubles.yitu.world import YituWorld

ROOT = Path(__file__).parents[3]
README = (ROOT / "local/doubles/README.md").read_text("utf-8")


def test_readme_lists_every_setting_with_default_and_mark() -> None:
    for name, default, mark, meaning in YituSettings.describe():
        assert f"| `{name}` | `{json.dumps(default)}` | {mark} | {meaning} |" in README


def test_readme_and_answers_say_what_is_invented() -> None:
    assert NOTICE.replace("by this double", "") in " ".join(README.split())
    assert NOTICE in YituSettings().success_message


def test_account_without_a_file_and_in_the_sample() -> None:
    sample = load(ROOT / "local/settings.json")[0].apps["yitu"]
    assert load(None)[0].apps["yitu"] == sample
    assert sample == {"12345": {"dev_key": ("devkey-test-example",)}}
    assert load(None)[0].secrets_of("yitu") == ["devkey-test-example"]


@pytest.mark.parametrize(("entry", "field"), [({"dev_key": "k"}, "dev_id"), ({"dev_id": "i"}, "dev_key")])
def test_wrong_account_names_the_field(entry: dict[str, str], field: str) -> None:
    with pytest.raises(BadField) as wrong:
        Accounts.read({"yitu": entry})
    assert wrong.value.field == f"yitu.{field}"


def test_it_is_played_and_takes_its_settings(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"doubles": {"yitu": {"max_streams": 7}}}))
    world = worlds(file, ROOT / "local/scenarios/quiet-room.yaml", only="yitu")["yitu"]
    assert isinstance(world, YituWorld)
    assert isinstance(world, ReadsAnswers)
    assert (world.settings.max_streams, world.runner.scenario.name) == (7, "quiet room")
    assert "yitu" in NAMES
