"""``make up`` and ``make down``: what they promise to people and to programs."""

from __future__ import annotations

import json
import os
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from local import processes
from local.places import Home
from local.ports import taken
from local.stack import Stack, read
from local.template import DOUBLES
from tests.local.conftest import Make
from tests.local.emulator_client import eventually

pytestmark = pytest.mark.emulator

CONTRACT = {"endpoint_url", "region", "api_url", "bus_name", "table_name", "state_machine_arn", "doubles"}


def port_of(address: str) -> int:
    """The port in an address."""
    return int(address.rsplit(":", 1)[1].split("/", maxsplit=1)[0])


@pytest.fixture
def elsewhere(make: Make, tmp_path: Path) -> Home:
    """A second home, for stacks that are to fail."""
    return Home(tmp_path)


def test_the_stack_file_has_what_others_build_on(stack: Stack, home: Home) -> None:
    written = json.loads(home.stack_file.read_text("utf-8"))
    assert set(written) >= CONTRACT
    assert set(written["doubles"]) == set(DOUBLES)
    for address in (written["endpoint_url"], written["api_url"], *written["doubles"].values()):
        assert address.startswith("http://127.0.0.1:")  # reached without resolving a name


def test_the_stack_listens_on_the_loopback_address_only(stack: Stack) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; it only asks which of our addresses would
        except OSError:
            pytest.skip("this machine has no address but the loopback")
        outward = probe.getsockname()[0]
    for address in (stack.endpoint_url, *stack.doubles.values()):
        with socket.socket() as caller:
            caller.settimeout(1)
            assert caller.connect_ex((outward, port_of(address))) != 0


def test_the_secret_holds_the_sample_settings(stack: Stack) -> None:
    secret = stack.client("secretsmanager").get_secret_value(SecretId=stack.settings_secret)
    held = json.loads(secret["SecretString"])
    assert set(held) >= {"zego", "shumei"}
    assert {app["token_url"] for app in held["gin"].values()} == {f"{stack.doubles['gin']}/gin-tokens"}


def test_a_forged_callback_reaches_the_function_and_is_refused(stack: Stack) -> None:
    forged = urllib.request.Request(f"{stack.api_url}/callbacks/shumei/task/mac", b"{}", method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(forged)
    assert refused.value.code == 401


def test_up_again_keeps_the_stack_and_its_data(stack: Stack, make: Make, home: Home) -> None:
    item = {"pk": {"S": "KEEP"}, "sk": {"S": "KEEP"}}
    stack.client("dynamodb").put_item(TableName=stack.table_name, Item=item)
    again = make("up")
    assert again.returncode == 0, again.stderr
    assert read(home).pids == stack.pids
    assert stack.client("dynamodb").get_item(TableName=stack.table_name, Key=item)["Item"] == item


def test_somebody_elses_port_is_named(stack: Stack, make: Make, elsewhere: Home) -> None:
    port = port_of(stack.endpoint_url)
    failed = make("up", elsewhere, PORT=str(port))
    assert failed.returncode == 1
    assert f"port {port} is in use" in failed.stderr
    assert taken(port)


def test_a_wrong_file_is_named_before_anything_starts(make: Make, elsewhere: Home, tmp_path: Path) -> None:
    wrong = tmp_path / "plan.yaml"
    wrong.write_text("- not an object", "utf-8")
    failed = make("up", elsewhere, PLAN=wrong)
    assert failed.returncode == 1
    assert "plan.yaml: must hold an object" in failed.stderr
    assert not elsewhere.log("emulator").exists()


def test_a_half_failed_up_shows_the_log_and_leaves_nothing(
    make: Make, elsewhere: Home, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text('{"zego": {"1": {}}, "shumei": {"access_key": 5}}', "utf-8")
    failed = make("up", elsewhere, SETTINGS=settings)
    assert failed.returncode == 1
    assert "doubles ended as soon as started" in failed.stderr
    assert "zego.1.server_secret" in failed.stderr
    assert elsewhere.log("emulator").exists()
    assert processes.recorded(elsewhere) == []
    assert not elsewhere.stack_file.exists()
    make("down", elsewhere)  # nothing to do, and no complaint


def test_a_switch_is_on_or_off(make: Make, elsewhere: Home) -> None:
    failed = make("up", elsewhere, WEBHOOKS="yes")
    assert failed.returncode == 1
    assert "WEBHOOKS=yes is neither on nor off" in failed.stderr


def test_a_misspelt_variable_is_refused(make: Make, elsewhere: Home) -> None:
    failed = make("up", elsewhere, GIVEN="SHUMIE_BASE_URL=http://127.0.0.1:9")
    assert failed.returncode == 1
    assert "SHUMIE_BASE_URL= means nothing here" in failed.stderr


def test_somebody_elses_doubles_and_plan_are_used_and_down_leaves_nothing(
    make: Make, elsewhere: Home, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("default:\n  vendor: shumei  # 数美\n", "utf-8")
    theirs = {"zego": "http://127.0.0.1:9", "shumei": "http://127.0.0.1:9/{cluster}"}
    came_up = make("up", elsewhere, PLAN=plan, ZEGO_BASE_URL=theirs["zego"], SHUMEI_BASE_URL=theirs["shumei"])
    assert came_up.returncode == 0, came_up.stderr
    running = read(elsewhere)
    assert {name: running.doubles[name] for name in theirs} == theirs
    doubles = json.loads((elsewhere.scratch / "doubles.json").read_text("utf-8"))
    assert not set(theirs) & set(doubles), "ours of those two are not started"
    parameter = running.client("ssm").get_parameter(Name=running.plan_parameter)["Parameter"]
    assert json.loads(parameter["Value"]) == {"default": {"vendor": "shumei"}}
    functions = running.client("lambda").list_functions()["Functions"]
    variables = {k: v for f in functions for k, v in f["Environment"]["Variables"].items()}
    assert (variables["ZEGO_BASE_URL"], variables["SHUMEI_BASE_URL"]) == (theirs["zego"], theirs["shumei"])
    for _ in range(2):
        assert make("down", elsewhere).returncode == 0
    assert eventually(lambda: not taken(port_of(running.endpoint_url)), 3)
    assert not elsewhere.stack_file.exists()
    assert not elsewhere.scratch.exists()


def test_down_finds_what_a_killed_up_has_left(make: Make, elsewhere: Home) -> None:
    elsewhere.prepare()
    left = processes.start(elsewhere, "emulator", ["sleep", "60"], {"PATH": os.environ["PATH"]})
    assert left.alive()
    stopped = make("down", elsewhere)
    assert "stopped: emulator" in stopped.stdout
    assert not left.alive()


def test_down_leaves_alone_who_has_got_the_number_since(elsewhere: Home) -> None:
    elsewhere.prepare()
    another = processes.start(elsewhere, "another", ["sleep", "60"], {"PATH": os.environ["PATH"]})
    record = elsewhere.process_file.read_text("utf-8").replace(another.began, "another time")
    elsewhere.process_file.write_text(record, "utf-8")
    try:
        assert processes.stop_all(elsewhere) == []
        assert another.alive()
    finally:
        another.stop()
