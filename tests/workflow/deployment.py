"""What is deployed: resources on moto, the machine's definition, the functions loaded as Lambda loads them."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3

from local.template import DESCRIBED, declared_origins
from tests.contract import table
from tests.workflow.wire import SECRETS, SHUMEI_URL, ZEGO_URL

ROOT = Path(__file__).parents[2]
STEPS = ("mint_credential", "submit_stream", "advise_watch", "finish_stream", "close_watch")
FUNCTIONS = (
    *STEPS,
    "track_room",
    "receive_callback",
    "relay_changes",
    "ingest_room_webhook",
    "reconcile_rooms",
    "reconcile_tasks",
    "reap_watches",
    "poll_results",
    "ask_vendors",
    "provide_token",
)
REGION = "us-east-1"
ACCOUNT = "123456789012"
CALLBACK_KEY = "k3y" * 20
VERSION = "machine-1"
Definition = dict[str, Any]

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": REGION,
    "POWERTOOLS_METRICS_NAMESPACE": "Earshot",
    "POWERTOOLS_SERVICE_NAME": "earshot",
    "TABLE_NAME": "earshot",
    "STATE_MACHINE_ARN": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:RoomLifecycle",
    "PLAN_PARAMETER": "/plan",
    "DEAD_LETTER_QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/dead-letters",
    "SETTINGS_SECRET": "settings",
    "CALLBACK_KEY_SECRET": "callback-key",
    "CALLBACK_BASE_URL": "https://callbacks.test",
    "ZEGO_BASE_URL": ZEGO_URL,
    "YUNXIN_BASE_URL": "http://yunxin.double.test/nimserver",
    "YUNXIN_RTC_BASE_URL": "http://yunxin.double.test",
    "AGORA_BASE_URL": "http://agora.double.test",
    "VOLCENGINE_RTC_BASE_URL": "http://volcengine.double.test",
    "SHUMEI_BASE_URL": SHUMEI_URL,
    "SHUMEI_VIDEO_BASE_URL": SHUMEI_URL,
    "YIDUN_BASE_URL": "http://yidun.double.test",
    "TUPU_BASE_URL": "http://tupu.double.test",
    "VOLCENGINE_BASE_URL": "http://volcengine-content.double.test",
    "DECLARED_ORIGINS": json.dumps(
        declared_origins(
            {name: f"http://{name.replace('_', '-')}.double.test" for name in DESCRIBED.values()}
        )
    ),
    "BUS_NAME": "earshot",
    "MACHINE_VERSION": VERSION,
    "EMPTY_ROOM_GRACE_S": "60",
    "ROOM_LOOK_S": "300",
    "WEBHOOK_MAX_AGE_S": "900",
}


def definition(attempts: dict[str, int] | None = None) -> Definition:
    """The machine as it is written; ``attempts`` replaces MaxAttempts per state, where there are any."""
    path = ROOT / "functions/room_lifecycle/room_lifecycle.asl.json"
    machine: Definition = json.loads(path.read_text())
    for state, most in (attempts or {}).items():
        for retrier in machine["States"][state]["Retry"]:
            retrier["MaxAttempts"] = most if retrier["MaxAttempts"] else 0
    return machine


def deploy(machine: Definition, plan: dict[str, Any], secrets: dict[str, Any] | None = None) -> None:
    """Make everything that template.yaml makes and the functions use."""
    manager = boto3.client("secretsmanager")
    manager.create_secret(Name="settings", SecretString=json.dumps(secrets or SECRETS))
    manager.create_secret(Name="callback-key", SecretString=CALLBACK_KEY)
    boto3.client("ssm").put_parameter(Name="/plan", Type="String", Value=json.dumps(plan))
    boto3.client("events").create_event_bus(Name="earshot")
    boto3.client("sqs").create_queue(QueueName="dead-letters")
    text = json.dumps(machine)
    for step in STEPS:
        name = "".join(part.title() for part in step.split("_"))
        text = text.replace(f"${{{name}Arn}}", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{step}")
    boto3.client("stepfunctions").create_state_machine(
        name="RoomLifecycle",
        definition=text.replace("${TableName}", "earshot").replace("${Version}", VERSION),
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/none",
    )
    table.create(boto3.client("dynamodb"), "earshot")


def load() -> dict[str, ModuleType]:
    """Import every function as Lambda would: by path, with its environment set."""
    loaded = {}
    for name in FUNCTIONS:
        spec = importlib.util.spec_from_file_location(f"app_{name}", ROOT / "functions" / name / "app.py")
        assert spec is not None
        assert spec.loader is not None
        loaded[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded[name])
    return loaded
