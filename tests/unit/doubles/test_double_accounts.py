"""Settings file, default account, wiring, README."""

import json
from pathlib import Path

import pytest

from local.doubles import __main__ as command
from local.doubles.accounts import Accounts, load
from local.doubles.agora.settings import AgoraSettings
from local.doubles.gin.settings import GinSettings
from local.doubles.settings import BadField, Settings
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.world import ShumeiWorld
from local.doubles.trtc.settings import TrtcSettings
from local.doubles.volcengine.settings import VolcengineSettings
from local.doubles.wiring import NAMES, worlds
from local.doubles.yunxin.settings import YunxinSettings
from local.doubles.zego.settings import ZegoSettings

ROOT = Path(__file__).parents[3]
SECRET = {
    "zego": {"1": {"server_secret": "a", "callback_secret": "x"}, "2": {"server_secret": ["b", "c"]}},
    "agora": {"app": {"app_certificate": "z"}},
    "shumei": {"access_key": ["k1", "k2"], "app_id": "mine"},
}


def test_accounts_have_the_shape_of_the_secret() -> None:
    known = Accounts.read(SECRET)
    assert known.zego == {"1": ("a",), "2": ("b", "c")}
    assert (known.shumei_keys, known.shumei_app_id) == (("k1", "k2"), "mine")


@pytest.mark.parametrize("secret", [None, 5, [], [""], "", {}])
def test_wrong_secret_names_the_field(secret: object) -> None:
    with pytest.raises(BadField) as wrong:
        Accounts.read({"zego": {"7": {"server_secret": secret}}})
    assert wrong.value.field == "zego.7.server_secret"


def test_a_file_carries_behaviour_too(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    behaviour = {"zego": {"rate_limit": 5}, "shumei": {"dialect": "seed"}}
    file.write_text(json.dumps(SECRET | {"doubles": behaviour}))
    assert load(file)[1] == behaviour
    both = worlds(file)
    assert (both["zego"].settings.view()["rate_limit"], both["shumei"].settings.view()["dialect"]) == (
        5,
        "seed",
    )


def test_without_a_file_there_is_an_account() -> None:
    known, behaviour = load(None)
    assert known.shumei_keys == ("AK_EXAMPLE",)
    assert behaviour == {}


def test_all_or_some_or_one() -> None:
    assert list(worlds()) == list(NAMES)
    assert list(worlds(only="zego")) == ["zego"]
    assert list(worlds(only=["shumei", "agora"])) == ["agora", "shumei"]
    assert list(worlds(only="shumei")) == ["shumei"]


def test_scenario_file_is_played() -> None:
    shumei = worlds(played=ROOT / "local/scenarios/quiet-room.yaml")["shumei"]
    assert isinstance(shumei, ShumeiWorld)
    assert shumei.runner.scenario.name == "quiet room"


def test_command_line_defaults_to_loopback_and_real_time() -> None:
    options = command.arguments().parse_args([])
    assert (options.host, options.zego_port, options.shumei_port) == ("127.0.0.1", 9101, 9102)
    assert (options.agora_port, options.gin_port) == (0, 0)
    assert (options.time_scale, options.no_zego_tokens) == (1.0, False)
    assert command.arguments().parse_args(["--only", "zego", "gin"]).only == ["zego", "gin"]


def test_ready_file_is_whole(tmp_path: Path) -> None:
    command.ready(tmp_path / "ready.json", {"zego": "http://127.0.0.1:1"})
    assert json.loads((tmp_path / "ready.json").read_text()) == {"zego": "http://127.0.0.1:1"}
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("name", ["agora", "trtc", "volcengine", "yunxin", "gin"])
def test_every_platform_has_an_account_without_a_file_and_in_the_samples(name: str) -> None:
    sample = load(ROOT / "local/settings.json")[0].apps[name]
    assert load(None)[0].apps[name] == sample


ALL = [
    *(ZegoSettings, AgoraSettings, TrtcSettings, VolcengineSettings, YunxinSettings, GinSettings),
    ShumeiSettings,
]


@pytest.mark.parametrize("settings", ALL)
def test_readme_lists_every_setting_with_default_and_mark(settings: type[Settings]) -> None:
    text = (ROOT / "local/doubles/README.md").read_text("utf-8")
    for name, default, mark, meaning in settings.describe():
        assert f"| `{name}` | `{json.dumps(default)}` | {mark} | {meaning} |" in text
