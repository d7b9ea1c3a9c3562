"""An AWS account on moto that holds the bundle's resources, made from the template's own properties."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import boto3

from local.places import SAMPLE_SETTINGS
from tests.contract import table
from tests.template.bundle import ACCOUNT_ID, REGION, functions, machine, resources
from tests.template.intrinsics import Resolver

CALLBACK_KEY = "k" * 64
SAMPLES = json.loads(SAMPLE_SETTINGS.read_text("utf-8"))
SETTINGS = {
    "zego": {"1234567890": {"server_secret": "0123456789abcdef0123456789abcdef"}},
    "agora": {
        "an-app-id": {"webhook_secret": "a-secret", "customer_id": "customer", "customer_secret": "a-secret"}
    },
    "volcengine": {"an-rtc-app": {"access_key_id": "key-id", "secret_access_key": "a-secret"}},
    "yunxin": {"an-app-key": {"app_secret": "an-app-secret"}},
    "shumei": {"access_key": "access-key", "app_id": "default"},
    "yidun": {"secret_id": "an-id", "secret_key": "a-key", "business_id": "a-business", "results": "poll"},
    **{name: SAMPLES[name] for name in ("tupu", "volcengine_content", "lyrebird")},
    "limits": {"yidun": {"streams": 900}, "apps": {"1234567890": {"hours_per_day": 1_000}}},
}


@dataclass(frozen=True)
class Account:
    """Made by :func:`open_account`, inside moto's mock."""

    resolve: Resolver
    refs: dict[str, str]

    def environment(self, function: str) -> dict[str, str]:
        """The variables that the template gives to a function."""
        variables: dict[str, str] = self.resolve(functions()[function].variables)
        return variables


def client(service: str) -> Any:
    """A client of the account."""
    make: Any = boto3.client
    return make(service, region_name=REGION)


def open_account(plan: str = "{}", parameters: dict[str, str] | None = None) -> Account:
    """Every resource that a function calls."""
    names = Resolver()
    refs, attributes = {"Table": table.NAME}, {"Table.Arn": table.create(client("dynamodb"))}
    for logical_id, value in (("SettingsSecret", json.dumps(SETTINGS)), ("CallbackKeySecret", CALLBACK_KEY)):
        name = names(resources()[logical_id]["Properties"]["Name"])
        refs[logical_id] = client("secretsmanager").create_secret(Name=name, SecretString=value)["ARN"]
    refs["PlanParameter"] = names(resources()["PlanParameter"]["Properties"]["Name"])
    client("ssm").put_parameter(Name=refs["PlanParameter"], Value=plan, Type="String")
    refs["DeadLetterQueue"] = client("sqs").create_queue(QueueName="dead-letters")["QueueUrl"]
    attributes["DeadLetterQueue.Arn"] = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:dead-letters"
    refs["Bus"] = names(resources()["Bus"]["Properties"]["Name"])
    attributes["Bus.Arn"] = client("events").create_event_bus(Name=refs["Bus"])["EventBusArn"]
    for function in functions().values():
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:earshot-{function.logical_id}"
        attributes[f"{function.logical_id}.Arn"] = arn
    resolve = Resolver(refs, attributes, parameters or {})
    refs["RoomLifecycle"] = _state_machine(resolve)
    return Account(resolve, refs)


def definition(resolve: Resolver) -> dict[str, Any]:
    """The machine's definition with the template's substitutions made."""
    text = json.dumps(machine())
    for name, value in resources()["RoomLifecycle"]["Properties"]["DefinitionSubstitutions"].items():
        text = text.replace("${" + name + "}", resolve(value))
    made: dict[str, Any] = json.loads(text)
    return made


def _state_machine(resolve: Resolver) -> str:
    made: str = client("stepfunctions").create_state_machine(
        name="earshot-RoomLifecycle",
        definition=json.dumps(definition(resolve)),
        roleArn=f"arn:aws:iam::{ACCOUNT_ID}:role/earshot-RoomLifecycleRole",
    )["stateMachineArn"]
    return made
