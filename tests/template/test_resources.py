"""What is kept, and the front door."""

from __future__ import annotations

import json

import pytest

from tests.template.bundle import resources, transformed, written

KEPT = ("AWS::DynamoDB::Table", "AWS::SecretsManager::Secret", "AWS::SQS::Queue")
TOLD_TO_NOBODY = ("path", "querystring", "header", "authorizer", "identity.apiKey", "body")


@pytest.mark.parametrize(
    "logical_id", sorted(name for name, body in resources().items() if body["Type"] in KEPT)
)
def test_what_cannot_be_made_again_survives_the_stack(logical_id: str) -> None:
    assert resources()[logical_id]["DeletionPolicy"] == "Retain"
    assert resources()[logical_id]["UpdateReplacePolicy"] == "Retain"


def test_the_table_expires_streams_and_can_be_restored() -> None:
    table = resources()["Table"]["Properties"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_no_secret_is_in_the_template() -> None:
    secrets = resources("AWS::SecretsManager::Secret").values()
    assert not [secret for secret in secrets if "SecretString" in secret["Properties"]]
    parameters = written()["Parameters"]
    assert not [name for name in parameters if any(w in name.lower() for w in ("secret", "key", "token"))]


def test_dead_letters_are_kept_as_long_as_a_queue_can() -> None:
    assert resources()["DeadLetterQueue"]["Properties"]["MessageRetentionPeriod"] == 1_209_600


def test_the_access_log_never_holds_a_callback_address() -> None:
    for stage in resources("AWS::ApiGatewayV2::Stage").values():
        settings = stage["Properties"]["AccessLogSettings"]
        fields = json.loads(settings["Format"]).values()
        assert not [field for field in fields if any(field == f"$context.{word}" for word in TOLD_TO_NOBODY)]
        group = settings["DestinationArn"]["Fn::GetAtt"][0]
        assert "RetentionInDays" in resources()[group]["Properties"]


def test_every_route_is_throttled() -> None:
    for stage in resources("AWS::ApiGatewayV2::Stage").values():
        limits = stage["Properties"]["DefaultRouteSettings"]
        assert 0 < limits["ThrottlingRateLimit"] <= limits["ThrottlingBurstLimit"]


def test_routes_take_the_method_that_vendors_use() -> None:
    (api,) = resources("AWS::ApiGatewayV2::Api").values()
    assert {path: set(methods) for path, methods in api["Properties"]["Body"]["paths"].items()} == {
        "/callbacks/{vendor}/{task_ref}/{mac}": {"post"},
        "/room-webhooks/{platform}/{app_id}": {"post"},
        "/room-webhooks/{platform}/{app_id}/{key}": {"post"},
        "/credentials/{vendor}": {"post"},
        "/credentials/{vendor}/{key}": {"post"},
    }


def test_every_parameter_condition_and_resource_is_used() -> None:
    """What nobody refers to is dead, except what stands for itself."""
    text = json.dumps({**transformed(), "Parameters": {}})
    for name in transformed()["Parameters"]:
        assert f'"{name}"' in text or f"${{{name}}}" in text, name
    body = json.dumps(transformed()["Resources"])
    assert all(f'["{name}", ' in body for name in transformed()["Conditions"])
