"""The HTTP API's routes, which the emulator does not take from the template.

AWS reads them from the OpenAPI ``Body`` that SAM writes into the processed template. The emulator keeps the API
and ignores the body, so the same routes are made here through the API's own calls.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from local.deploy import STACK_NAME
from local.stack import client

METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "x-amazon-apigateway-any-method"}


@dataclass(frozen=True)
class Route:
    """One route, and the logical id of the function behind it."""

    key: str
    function: str
    iam: bool


def create(endpoint_url: str) -> int:
    """Make the routes of every HTTP API of the deployed template; returns how many there are.

    Repeatable, and callers do not notice: a route that is there stays, as it does in a deployment to AWS.
    """
    formation = client(endpoint_url, "cloudformation")
    body = formation.get_template(StackName=STACK_NAME, TemplateStage="Processed")["TemplateBody"]
    resources = (json.loads(body) if isinstance(body, str) else body)["Resources"]
    physical = {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in formation.describe_stack_resources(StackName=STACK_NAME)["StackResources"]
    }
    apis = {name: r for name, r in resources.items() if r["Type"] == "AWS::ApiGatewayV2::Api"}
    return sum(
        _create(endpoint_url, physical[name], list(in_body(api["Properties"]["Body"])), physical)
        for name, api in apis.items()
    )


def in_body(body: dict[str, Any]) -> Iterator[Route]:
    """The routes that an OpenAPI body describes."""
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            if method in METHODS:
                verb = "ANY" if method.startswith("x-") else method.upper()
                key = "$default" if path == "/$default" else f"{verb} {path}"
                integration = operation["x-amazon-apigateway-integration"]
                iam = any("AWS_IAM" in scheme for scheme in operation.get("security", []))
                yield Route(key, _function(integration["uri"]), iam)


def _function(uri: Any) -> str:
    found = re.search(r"\$\{(\w+)(?:Alias[\w]*)?\.(?:Arn|Ref)\}", json.dumps(uri))
    if found is None:
        raise ValueError(f"no function in the integration {uri!r}")
    return found[1]


def _create(endpoint_url: str, api: str, routes: list[Route], physical: dict[str, str]) -> int:
    gateway, functions = client(endpoint_url, "apigatewayv2"), client(endpoint_url, "lambda")
    there = {route["RouteKey"]: route for route in gateway.get_routes(ApiId=api)["Items"]}
    for key in there.keys() - {route.key for route in routes}:
        gateway.delete_route(ApiId=api, RouteId=there[key]["RouteId"])
    for route in routes:
        wanted = {"AuthorizationType": "AWS_IAM" if route.iam else "NONE"}
        arn = functions.get_function_configuration(FunctionName=physical[route.function])["FunctionArn"]
        if route.key in there:
            _lead(gateway, api, there[route.key], arn, wanted)
            continue
        integration = gateway.create_integration(
            ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0"
        )
        target = f"integrations/{integration['IntegrationId']}"
        gateway.create_route(ApiId=api, RouteKey=route.key, Target=target, **wanted)
    return len(routes)


def _lead(gateway: Any, api: str, route: dict[str, Any], arn: str, wanted: dict[str, str]) -> None:
    """Let a route that is there lead to this function."""
    integration = route["Target"].rpartition("/")[2]
    if gateway.get_integration(ApiId=api, IntegrationId=integration)["IntegrationUri"] != arn:
        gateway.update_integration(ApiId=api, IntegrationId=integration, IntegrationUri=arn)
    if route["AuthorizationType"] != wanted["AuthorizationType"]:
        gateway.update_route(ApiId=api, RouteId=route["RouteId"], **wanted)
