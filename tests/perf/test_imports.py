"""What each function imports before its first event, in a process of its own. Not a timing: a list."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import pytest
from earshot.platforms.registry import PLATFORMS
from earshot.vendors.registry import DECLARED, VENDORS, names

from tests.perf.cold_start import environment
from tests.template.bundle import ROOT, functions

NEVER = ("aws_xray_sdk", "pydantic_settings", "boto3.dynamodb", "moto", "yaml", "earshot.store.memory")
"""For nobody: the X-Ray SDK alone costs as much as boto3, and DynamoDB's resource layer half of it."""
CALLS_NOBODY = (
    "requests",
    "earshot.http_client",
    "earshot.vendors.shumei.client",
    "earshot.platforms.zego.client",
)
READS_NO_EVENT = ("pydantic", "earshot.contract.room_events", "earshot.contract.moderation_events")
FORBIDDEN = {
    "advise_watch": (*CALLS_NOBODY, *READS_NO_EVENT, "earshot.contract.plan"),
    "ask_vendors": (*READS_NO_EVENT, *CALLS_NOBODY, "earshot.contract.plan"),
    "close_watch": (*CALLS_NOBODY, *READS_NO_EVENT, "earshot.contract.plan"),
    "finish_stream": (*READS_NO_EVENT, "earshot.contract.plan"),
    "ingest_room_webhook": (
        *CALLS_NOBODY,
        "earshot.contract.room_events",
        "earshot.contract.moderation_events",
    ),
    "mint_credential": (*READS_NO_EVENT, "earshot.contract.plan"),
    "poll_results": (*READS_NO_EVENT, *CALLS_NOBODY, "earshot.contract.plan"),
    "provide_token": (*READS_NO_EVENT, "earshot.contract.plan"),
    "reap_watches": (*CALLS_NOBODY, *READS_NO_EVENT, "earshot.contract.plan", "earshot.vendors"),
    "receive_callback": (
        *CALLS_NOBODY,
        *READS_NO_EVENT,
        "earshot.contract.plan",
        "earshot.store.dynamo.store",
        "earshot.domain.lifecycle",
        "earshot.vendors.shumei.reader",
        "earshot.vendors.yidun",
    ),
    "reconcile_rooms": (*CALLS_NOBODY, "earshot.contract.room_events", "earshot.contract.moderation_events"),
    "reconcile_tasks": (*READS_NO_EVENT, "earshot.contract.plan"),
    "relay_changes": (*CALLS_NOBODY, "earshot.contract.plan", "earshot.contract.room_events"),
    "submit_stream": (*READS_NO_EVENT, "earshot.contract.plan"),
    "track_room": (*CALLS_NOBODY, "earshot.contract.moderation_events"),
}
CLIENTS = {
    "advise_watch": {"dynamodb"},
    "ask_vendors": {"dynamodb"},
    "close_watch": {"dynamodb"},
    "finish_stream": {"dynamodb"},
    "ingest_room_webhook": {"dynamodb", "secretsmanager"},
    "mint_credential": {"dynamodb"},
    "poll_results": {"dynamodb"},
    "provide_token": {"dynamodb"},
    "reap_watches": {"dynamodb", "stepfunctions"},
    "receive_callback": {"dynamodb", "secretsmanager"},
    "reconcile_rooms": {"dynamodb"},
    "reconcile_tasks": {"dynamodb"},
    "relay_changes": {"dynamodb", "events", "stepfunctions"},
    "submit_stream": {"dynamodb", "secretsmanager"},
    "track_room": {"dynamodb", "stepfunctions"},
}
"""Clients that exist when initialisation is over. What only a vendor's or a platform's client needs comes with it, on
first use: which one it is stands on the watch."""
MINTS_HERE = {"agora", "trtc", "volcengine", "url"}
"""Platforms whose credential is made without a call: they pay for no HTTP client."""
PROGRAM = """
import gc, json, sys
from unittest import mock
sys.path.insert(0, sys.argv[1])
import botocore.session
clients, create = set(), botocore.session.Session.create_client
def watched(session, service_name, *args, **kwargs):
    clients.add(service_name)
    return create(session, service_name, *args, **kwargs)
with mock.patch.object(botocore.session.Session, "create_client", watched):
    import app
print(json.dumps([sorted(sys.modules), sorted(clients), gc.isenabled(), gc.get_freeze_count()]))
"""


CONNECTS = """
import json, sys
from earshot.platforms import registry
registry.connect(sys.argv[1], lambda _: "https://platform.example.com", None)
print(json.dumps(sorted(sys.modules)))
"""


ASKS_FOR = """
import json, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from earshot.vendors import registry
part, vendor = sys.argv[1:]
made = getattr(registry, part)
url = lambda _: "https://vendor.example.com"
made(vendor, url, None) if part == "client" else made(vendor)
print(json.dumps([sorted(sys.modules), opened]))
"""


@cache
def _after_import(name: str) -> tuple[set[str], set[str], bool, int]:
    command = [sys.executable, "-c", PROGRAM, str(ROOT / "functions" / name)]
    done = subprocess.run(command, env=environment(name), capture_output=True, text=True, check=True)
    modules, clients, collecting, frozen = json.loads(done.stdout)
    return set(modules), set(clients), collecting, frozen


def test_every_function_has_its_list() -> None:
    assert set(FORBIDDEN) == set(CLIENTS) == set(functions())


@pytest.mark.parametrize("name", sorted(FORBIDDEN))
def test_it_imports_nothing_that_it_does_not_use(name: str) -> None:
    modules, _, _, _ = _after_import(name)
    assert "earshot.wiring" in modules
    assert not modules & {*NEVER, *FORBIDDEN[name]}


@pytest.mark.parametrize("name", sorted(CLIENTS))
def test_it_makes_the_clients_that_it_uses(name: str) -> None:
    _, clients, _, _ = _after_import(name)
    assert clients == CLIENTS[name]


@pytest.mark.parametrize("name", sorted(CLIENTS))
def test_it_leaves_the_collector_as_it_should_be(name: str) -> None:
    """Off while the SDK's models are built, on when the first event comes, and not looking at them again."""
    _, _, collecting, frozen = _after_import(name)
    assert collecting
    assert frozen > 50_000


@pytest.mark.parametrize("name", sorted(FORBIDDEN))
def test_it_loads_no_vendor_before_it_knows_which(name: str) -> None:
    modules, _, _, _ = _after_import(name)
    folders = tuple(f"{folder}." for folder in (*VENDORS.values(), DECLARED))
    assert [module for module in modules if module.startswith(folders)] == []


@pytest.mark.parametrize("vendor", names())
@pytest.mark.parametrize("part", ["client", "door", "reader"])
def test_a_vendor_loads_itself_alone(part: str, vendor: str) -> None:
    """Of the descriptions, too, its own: how many are installed costs nothing."""
    command = [sys.executable, "-c", ASKS_FOR, part, vendor]
    done = subprocess.run(
        command, env=environment("submit_stream"), capture_output=True, text=True, check=True
    )
    modules, opened = json.loads(done.stdout)
    own = VENDORS.get(vendor, DECLARED)
    others = tuple(f"{folder}." for folder in (*VENDORS.values(), DECLARED) if folder != own)
    assert [module for module in modules if module.startswith(others)] == []
    read = {path.rpartition("/")[2] for path in opened if path.endswith(".json")}
    assert read == (set() if vendor in VENDORS else {f"{vendor}.json"})


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_a_mint_loads_the_rooms_platform_alone(name: str) -> None:
    command = [sys.executable, "-c", CONNECTS, name]
    env = environment("mint_credential")
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    modules = set(json.loads(done.stdout))
    folders = {other for other, folder in PLATFORMS.items() if folder in modules}
    assert folders == {name}
    assert ("requests" in modules) == (name not in MINTS_HERE)
    assert not modules & {*NEVER, "boto3", "agoraiotools", "TLSSigAPIv2", "earshot.contract.plan"}
