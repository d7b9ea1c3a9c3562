"""Least privilege, both ways: every call that a function makes is granted, every grant is used."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.template.bundle import functions, resources
from tests.template.calls import Call
from tests.template.iam import Grant, grants
from tests.template.intrinsics import Resolver
from tests.template.scenario import Stage

SAM_DESTINATIONS = ("OnFailureSQSPolicy", "StreamSQSPolicy")
"""Policies that SAM adds so that Lambda itself can deliver to an on-failure destination."""
MANAGED = {
    "AWSLambdaBasicExecutionRole": "every function writes its log",
    "AWSLambdaDynamoDBExecutionRole": "the event source mapping reads the stream in the function's name",
}


def _own(policies: Iterable[Grant]) -> list[Grant]:
    return [grant for grant in policies if not grant.policy.endswith(SAM_DESTINATIONS)]


@pytest.mark.parametrize("name", sorted(functions()))
def test_every_call_is_granted(stage: Stage, name: str) -> None:
    granted = _own(grants(functions()[name].role, stage.account.resolve))
    refused = [call for call in stage.calls[name] if not any(grant.allows(call) for grant in granted)]
    assert not refused
    assert stage.calls[name], "the scenario does not reach this function's calls"


@pytest.mark.parametrize("name", sorted(functions()))
def test_every_grant_is_used(stage: Stage, name: str) -> None:
    granted = _own(grants(functions()[name].role, stage.account.resolve))
    unused = [grant for grant in granted if not any(grant.allows(call) for call in stage.calls[name])]
    assert not unused


@pytest.mark.parametrize("name", sorted(functions()))
def test_every_kind_of_key_is_used(stage: Stage, name: str) -> None:
    """A statement that names two prefixes is wider than one that names the prefix each action needs."""
    unused = [
        (grant.sid, grant.action, prefix)
        for grant in _own(grants(functions()[name].role, stage.account.resolve))
        for prefix in grant.keys
        if not _touched(stage.calls[name], grant, prefix)
    ]
    assert not unused


def _touched(calls: Iterable[Call], grant: Grant, prefix: str) -> bool:
    start = prefix.rstrip("*")
    mine = [call for call in calls if call.action == grant.action and grant.allows(call)]
    return any(key.startswith(start) for call in mine for key in call.keys)


@pytest.mark.parametrize("role", sorted(resources("AWS::IAM::Role")))
def test_no_action_or_resource_is_a_star(role: str) -> None:
    granted = grants(resources()[role]["Properties"], Resolver())
    assert not [grant for grant in granted if "*" in grant.action or "*" in grant.resource]


@pytest.mark.parametrize("role", sorted(resources("AWS::IAM::Role")))
def test_the_table_is_never_granted_without_its_keys(role: str) -> None:
    granted = grants(resources()[role]["Properties"], Resolver())
    assert not [grant for grant in granted if grant.action.startswith("dynamodb:") and not grant.keys]
    assert not [grant for grant in granted if "*" in {key.strip() for key in grant.keys}]


@pytest.mark.parametrize("name", sorted(functions()))
def test_managed_policies_are_those_that_the_platform_needs(name: str) -> None:
    arns = functions()[name].role.get("ManagedPolicyArns", [])
    assert {arn.rpartition("/")[2] for arn in arns} <= set(MANAGED)
    reads_stream = any(arn.endswith("DynamoDBExecutionRole") for arn in arns)
    mappings = resources("AWS::Lambda::EventSourceMapping").values()
    mapped = {mapping["Properties"]["FunctionName"]["Ref"] for mapping in mappings}
    assert reads_stream == (functions()[name].logical_id in mapped)


def test_lambda_may_deliver_failures_to_the_dead_letter_queue_alone() -> None:
    resolve = Resolver()
    for role in resources("AWS::IAM::Role").values():
        added = [g for g in grants(role["Properties"], resolve) if g.policy.endswith(SAM_DESTINATIONS)]
        queue = resolve({"Fn::GetAtt": ["DeadLetterQueue", "Arn"]})
        assert {(grant.action, grant.resource) for grant in added} <= {("sqs:SendMessage", queue)}
