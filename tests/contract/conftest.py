"""The store twice: on moto's DynamoDB and in memory. Every test of behaviour runs on both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from earshot.store.dynamo.store import DynamoStore
from earshot.store.memory import MemoryStore
from moto import mock_aws

from tests.contract import samples, table
from tests.contract.samples import Kept
from tests.template.bundle import REGION

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="session")
def one_client() -> DynamoDBClient:
    """Made once: a client costs more than a test."""
    session = boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION)
    return session.client("dynamodb")


@pytest.fixture
def client(one_client: DynamoDBClient) -> Iterator[DynamoDBClient]:
    """DynamoDB with the bundle's table, empty."""
    with mock_aws():
        table.create(one_client)
        yield one_client


@pytest.fixture
def dynamo(client: DynamoDBClient) -> DynamoStore:
    """The store on it."""
    return DynamoStore(client, table.NAME, lambda: samples.NOW)


@pytest.fixture(params=["dynamo", "memory"])
def store(request: pytest.FixtureRequest) -> Kept:
    """Either store."""
    if request.param == "memory":
        return MemoryStore()
    made: DynamoStore = request.getfixturevalue("dynamo")
    return made
