"""Each function as it is deployed: its log, its failures, its time, its environment."""

from __future__ import annotations

import json
from typing import Any

import pytest
from earshot import http_client
from earshot.platforms.gin import client as gin
from earshot.platforms.yunxin import record_token as yunxin
from earshot.platforms.zego import client as zego
from earshot.vendors.shumei import client as shumei

from tests.template.bundle import ROOT, Function, functions, machine, resources, written
from tests.template.intrinsics import Resolver
from tests.template.scenario import CALLER, Stage

HTTP_API_MAX_S = 30
VISIBLE = ("SETTINGS_SECRET", "CALLBACK_KEY_SECRET")
"""Variables that name a secret; its value is read at run time."""

NAMES = sorted(functions())


def _function(name: str) -> Function:
    return functions()[name]


def _of(logical_id: str) -> str:
    return next(function.name for function in functions().values() if function.logical_id == logical_id)


def test_every_folder_is_deployed() -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}
    assert folders == set(functions())


@pytest.mark.parametrize("name", NAMES)
def test_its_log_group_is_ours_and_expires(name: str) -> None:
    config = _function(name).properties["LoggingConfig"]
    group = resources()[config["LogGroup"]["Ref"]]
    assert group["Type"] == "AWS::Logs::LogGroup"
    assert 0 < int(Resolver()(group["Properties"]["RetentionInDays"])) <= 365
    assert config["LogFormat"] == "JSON"


def test_no_log_group_keeps_for_ever() -> None:
    assert all(
        "RetentionInDays" in group["Properties"] for group in resources("AWS::Logs::LogGroup").values()
    )


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_role_of_its_own(name: str) -> None:
    role = _function(name).properties["Role"]
    assert [other.name for other in functions().values() if other.properties["Role"] == role] == [name]


LISTENING = sorted(
    name for name, rule in resources("AWS::Events::Rule").items() if "EventPattern" in rule["Properties"]
)
"""A schedule's event is worth nothing: the next one comes."""


@pytest.mark.parametrize("rule", LISTENING)
def test_an_event_that_cannot_be_taken_is_kept(rule: str) -> None:
    """Twice: when EventBridge cannot hand it over, and when the function fails on it."""
    for target in resources()[rule]["Properties"]["Targets"]:
        queue = target["DeadLetterConfig"]["Arn"]
        assert resources()[queue["Fn::GetAtt"][0]]["Type"] == "AWS::SQS::Queue"
        assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] >= 3_600
        invoked = target["Arn"]["Fn::GetAtt"][0]
        config = _invoke_config(invoked)
        assert config["DestinationConfig"]["OnFailure"]["Destination"] == queue


def _invoke_config(logical_id: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [
        config["Properties"]
        for config in resources("AWS::Lambda::EventInvokeConfig").values()
        if config["Properties"]["FunctionName"] == {"Ref": logical_id}
    ]
    assert len(found) == 1, f"{logical_id} is invoked asynchronously and says nothing of failures"
    return found[0]


def test_the_queue_takes_dead_letters_from_every_rule() -> None:
    rules = set(LISTENING)
    admitted = set()
    for policy in resources("AWS::SQS::QueuePolicy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            admitted.add(statement["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::GetAtt"][0])
    assert admitted == rules


@pytest.mark.parametrize("mapping", sorted(resources("AWS::Lambda::EventSourceMapping")))
def test_a_change_that_cannot_be_told_is_kept(mapping: str) -> None:
    properties = resources()[mapping]["Properties"]
    queue = properties["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
    assert resources()[queue]["Type"] == "AWS::SQS::Queue"
    assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert properties["BisectBatchOnFunctionError"] is True
    assert 0 < properties["MaximumRetryAttempts"] <= 10_000
    assert 0 < properties["MaximumRecordAgeInSeconds"] <= 86_400, "a stream keeps a day"


def test_the_streams_filter_is_the_relays() -> None:
    from earshot.store.dynamo.changes import TELLING

    (mapping,) = resources("AWS::Lambda::EventSourceMapping").values()
    patterns = [json.loads(f["Pattern"]) for f in mapping["Properties"]["FilterCriteria"]["Filters"]]
    kinds = [set(pattern["dynamodb"]["NewImage"]["kind"]["S"]) for pattern in patterns]
    assert kinds == [set(TELLING)]


@pytest.mark.parametrize("name", CALLER)
def test_it_outlives_its_own_time_outs(stage: Stage, name: str) -> None:
    """A function that is cut off in the middle of a vendor's answer loses the answer."""
    config = stage.functions[name].app.wiring.client("dynamodb").meta.config
    aws_s = config.retries["total_max_attempts"] * (config.connect_timeout + config.read_timeout)
    platform_s = max(zego.TIMEOUT_S, yunxin.TIMEOUT_S, gin.TIMEOUT_S)
    vendor_s = max(platform_s, shumei.SUBMIT_TIMEOUT_S, shumei.FINISH_TIMEOUT_S)
    assert _function(name).properties["Timeout"] >= http_client.CONNECT_TIMEOUT_S + vendor_s + aws_s


def test_functions_behind_the_api_answer_before_the_api_gives_up() -> None:
    permitted = [
        permission["Properties"]["FunctionName"]["Ref"]
        for permission in resources("AWS::Lambda::Permission").values()
        if permission["Properties"]["Principal"] == "apigateway.amazonaws.com"
    ]
    assert permitted
    for logical_id in permitted:
        assert _function(_of(logical_id)).properties["Timeout"] < HTTP_API_MAX_S


def test_a_parked_watch_looks_less_often_than_a_step_lasts() -> None:
    from earshot.contract.plan import Plan

    longest = max(function.properties["Timeout"] for function in functions().values())
    assert Plan().look_s > longest
    assert machine()["States"]["Watch"]["TimeoutSecondsPath"] == "$.look_s"


@pytest.mark.parametrize("name", NAMES)
def test_it_is_given_only_the_variables_that_it_asks_for(stage: Stage, name: str) -> None:
    """A variable that it needs and does not get would have failed the performance."""
    own = set(_function(name).variables) - _globals()
    assert own <= stage.functions[name].environment.asked


def test_variables_of_every_function_are_asked_for(stage: Stage) -> None:
    assert _globals() <= set().union(*(function.environment.asked for function in stage.functions.values()))


def _globals() -> set[str]:
    return set(written()["Globals"]["Function"]["Environment"]["Variables"])


@pytest.mark.parametrize("name", NAMES)
def test_no_variable_holds_a_secret(stage: Stage, name: str) -> None:
    values = stage.account.environment(name)
    assert not [key for key in values if "SECRET" in key and key not in VISIBLE]
    assert all(values[key].startswith("arn:aws:secretsmanager:") for key in VISIBLE if key in values)
