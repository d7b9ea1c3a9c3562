"""The modelled AWS bill of one stream-hour, from the tables of docs/cost.md and from what was counted."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache

from tests.perf.counts import Counts, transitions_per_life, transitions_per_quiet_hour
from tests.template.bundle import ROOT, functions

KB, GB = 1024, 1e9
PRICE = re.compile(r"^\| `(\w+)` \| ([\d.]+) \| (\d+) \|", re.MULTILINE)
ASSUMPTION = re.compile(r"^\| `(\w+)` \| ([\d.]+) \| [^\d]", re.MULTILINE)


@cache
def _page() -> str:
    return (ROOT / "docs/cost.md").read_text("utf-8")


@cache
def prices() -> Mapping[str, float]:
    """USD for one of each."""
    return {name: float(usd) / float(per) for name, usd, per in PRICE.findall(_page())}


@cache
def assumptions() -> Mapping[str, float]:
    """What cannot be counted here."""
    section = _page().partition("## Assumptions")[2]
    return {name: float(value) for name, value in ASSUMPTION.findall(section)}


def stream_hour(counts: Counts, *, kept_share: float = 1.0) -> dict[str, float]:
    """USD by service. ``counts`` are those of a kept callback; ``kept_share`` of the callbacks are kept."""
    usd, given = prices(), assumptions()
    callbacks = given["callbacks_per_hour"]
    kept = callbacks * kept_share
    relays = kept / given["callbacks_per_relay"]
    writes = counts.door_writes * math.ceil(counts.item_bytes / KB) + counts.relay_writes
    reads = counts.relay["dynamodb:GetItem"] * math.ceil(counts.watch_bytes / (4 * KB))
    stored_gb = kept * counts.item_bytes / GB * given["kept_months"]
    per_gb = usd["dynamodb_gb_month"] + usd["dynamodb_backup_gb_month"]
    log_bytes = callbacks * given["access_log_bytes"] + (callbacks + relays) * given["platform_log_bytes"]
    return {
        "HTTP API": callbacks * usd["http_api_request"],
        "Lambda, receive_callback": callbacks * _invocation("receive_callback", given["receive_ms"]),
        "Lambda, relay_changes": relays * _invocation("relay_changes", given["relay_ms"]),
        "DynamoDB, writes": kept * writes * usd["dynamodb_write"],
        "DynamoDB, reads": kept * reads * usd["dynamodb_read"],
        "DynamoDB, storage": stored_gb * per_gb,
        "EventBridge": kept * counts.relay["events:PutEvents"] * usd["eventbridge_event"],
        "CloudWatch Logs": log_bytes / GB * usd["logs_gb"],
        "Step Functions": transitions_per_quiet_hour() * usd["state_transition"],
    }


def _invocation(name: str, warm_ms: float) -> float:
    given, usd = assumptions(), prices()
    memory_gb: float = functions()[name].properties["MemorySize"] / 1024
    billed_s = (warm_ms + given["cold_share"] * given["cold_ms"]) / 1000
    return usd["lambda_request"] + billed_s * memory_gb * usd["lambda_gb_second"]


def life() -> float:
    """USD once for a room: its transitions, the rest being smaller than what they are known to."""
    return transitions_per_life() * prices()["state_transition"]
