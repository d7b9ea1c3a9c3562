"""The bundle's table on moto: made from template.yaml's own resource, so that there is no second schema."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import boto3

from tests.template.bundle import REGION, resources

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NAME = "earshot-Table"


def create(client: DynamoDBClient, name: str = NAME) -> str:
    """Create it; its ARN."""
    properties = resources("AWS::DynamoDB::Table")["Table"]["Properties"]
    description = client.create_table(
        TableName=name,
        BillingMode=properties["BillingMode"],
        AttributeDefinitions=properties["AttributeDefinitions"],
        KeySchema=properties["KeySchema"],
        GlobalSecondaryIndexes=properties["GlobalSecondaryIndexes"],
        StreamSpecification={
            "StreamEnabled": True,
            "StreamViewType": properties["StreamSpecification"]["StreamViewType"],
        },
    )["TableDescription"]
    expiry = properties["TimeToLiveSpecification"]
    client.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)
    return description["TableArn"]


def items(client: DynamoDBClient, name: str = NAME) -> list[dict[str, Any]]:
    """All that the table holds."""
    pages = client.get_paginator("scan").paginate(TableName=name)
    return [dict(item) for page in pages for item in page["Items"]]


def stream(client: DynamoDBClient, name: str = NAME) -> list[dict[str, Any]]:
    """Every record of the table's stream, as Lambda delivers it: its JSON has binary values in base64."""
    # By name: the SDK would otherwise make an address of the account's own, which moto does not answer.
    address = f"https://streams.dynamodb.{REGION}.amazonaws.com"
    streams = boto3.client("dynamodbstreams", region_name=REGION, endpoint_url=address)
    arn = client.describe_table(TableName=name)["Table"]["LatestStreamArn"]
    records: list[dict[str, Any]] = []
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        page = streams.get_records(ShardIterator=iterator, Limit=1000)
        records += [_as_delivered(record) for record in page["Records"]]
    return records


def _as_delivered(record: Any) -> Any:
    if isinstance(record, bytes):
        return base64.b64encode(record).decode()
    if isinstance(record, dict):
        return {name: _as_delivered(value) for name, value in record.items()}
    return record


def park(client: DynamoDBClient, watch_id: str, token: str, name: str = NAME) -> None:
    """What the machine's Watch state writes."""
    client.update_item(
        TableName=name,
        Key={"pk": {"S": f"SESSION#{watch_id[:26]}"}, "sk": {"S": f"WATCH#{watch_id}"}},
        UpdateExpression="SET task_token = :token",
        ExpressionAttributeValues={":token": {"S": token}},
    )
