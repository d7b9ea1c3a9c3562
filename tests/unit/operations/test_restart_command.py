"""``make restart``: which watches are restarted, and which stack is meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from earshot.domain.watch import Status
from earshot.store.memory import MemoryStore

from operations import restart as command
from operations.restart import Refused, restart
from operations.stack import NoStack, Stack, deployed, find
from tests.unit.support import makers
from tests.unit.support.makers import WATCH_ID


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    made.add_watch(makers.watch())
    return made


def test_the_next_generation_goes_on(store: MemoryStore) -> None:
    assert restart(store, WATCH_ID) == f"{WATCH_ID}-g1"
    assert store.watch(WATCH_ID).generation == 1
    assert restart(store, WATCH_ID) == f"{WATCH_ID}-g2"


def test_a_watch_that_is_over_stays_so(store: MemoryStore) -> None:
    store._watches[WATCH_ID] = makers.watch(status=Status.ENDED, reason="room_closed")
    with pytest.raises(Refused, match=r"is over \(room_closed\)"):
        restart(store, WATCH_ID)
    assert store.watch(WATCH_ID).generation == 0


def test_a_watch_that_nobody_knows_is_named(store: MemoryStore) -> None:
    with pytest.raises(Refused, match="no watch another"):
        restart(store, "another")


def test_somebody_else_may_be_first(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "restart", lambda *_: False)
    with pytest.raises(Refused, match="look again"):
        restart(store, WATCH_ID)


# the command


@pytest.fixture
def _a_stack(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = Stack("earshot", "table", "arn", lambda _: None)
    monkeypatch.setattr(Stack, "store", lambda _: store)
    monkeypatch.setattr(command, "find", lambda *_: stack)


@pytest.mark.usefixtures("_a_stack")
def test_it_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([WATCH_ID]) == 0
    assert f"earshot: execution {WATCH_ID}-g1" in capsys.readouterr().out
    assert command.main(["another"]) == 1
    assert "not restarted: there is no watch another" in capsys.readouterr().err


# which stack


class CloudFormation:
    """``stacks`` by name, each with its outputs."""

    def __init__(self, stacks: dict[str, dict[str, str]]) -> None:
        self._stacks = stacks

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803 - the SDK's spelling
        if StackName not in self._stacks:
            error: Any = {"Error": {"Code": "ValidationError", "Message": "does not exist"}}
            raise ClientError(error, "DescribeStacks")
        outputs = self._stacks[StackName].items()
        return {"Stacks": [{"Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in outputs]}]}


OUTPUTS = {"TableName": "a-table", "StateMachineArn": "an-arn", "ApiUrl": "https://a"}


def test_a_stack_is_found_by_its_outputs() -> None:
    stack = deployed("mine", lambda _: CloudFormation({"mine": OUTPUTS}))
    assert (stack.name, stack.table_name, stack.state_machine_arn) == ("mine", "a-table", "an-arn")


@pytest.mark.parametrize(("name", "problem"), [("other", "does not exist"), ("foreign", "is not Earshot's")])
def test_a_stack_that_is_not_there_is_named(name: str, problem: str) -> None:
    stacks = CloudFormation({"mine": OUTPUTS, "foreign": {"Bucket": "b"}})
    with pytest.raises(NoStack, match=problem):
        deployed(name, lambda _: stacks)


CONFIG = '[prod.global.parameters]\nstack_name = "ours"\nregion = "eu-central-1"\n'


@pytest.mark.parametrize(("given", "asked"), [("", "ours"), ("theirs", "theirs")])
def test_the_configuration_names_it_unless_the_operator_does(
    given: str, asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "samconfig.toml").write_text(CONFIG)
    made: dict[str, Any] = {}

    class Session:
        def __init__(self, **how: Any) -> None:
            made.update(how)

        def client(self, _service: str) -> Any:
            return CloudFormation({asked: OUTPUTS})

    monkeypatch.setattr("boto3.session.Session", Session)
    assert find(given, "prod", tmp_path).name == asked
    assert made == {"region_name": "eu-central-1"}


def test_an_environment_without_a_stack_is_named(tmp_path: Path) -> None:
    (tmp_path / "samconfig.toml").write_text(CONFIG)
    with pytest.raises(NoStack, match="ENV=staging"):
        find("", "staging", tmp_path)


def test_the_local_stack_is_the_one_of_make_up(tmp_path: Path) -> None:
    with pytest.raises(NoStack, match="make up"):
        find("local", "prod", tmp_path)
    said = {"endpoint_url": "http://localhost:4566", "region": "us-east-1", "table_name": "t"}
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "stack.json").write_text(json.dumps({**said, "state_machine_arn": "arn"}))
    stack = find("local", "prod", tmp_path)
    assert (stack.name, stack.table_name, stack.state_machine_arn) == ("local", "t", "arn")
    assert stack.client("stepfunctions").meta.endpoint_url == "http://localhost:4566"
