"""The modelled AWS bill of one stream-hour, from the tables of docs/cost.md and from what was counted."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache

from earshot.contract.plan import Plan
from earshot.usecases.task_signs import BEATS

from tests.perf.counts import Counts, transitions_per_life, transitions_per_quiet_hour
from tests.template.bundle import ROOT, functions

KB, GB = 1024, 1e9
WATCH_WRITE = 4
"""Units of one write on a watch, most of them: its item weighs between one and three KB, and stands in an index."""
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


@cache
def signs_per_hour() -> float:
    """Callbacks of an hour that are noted as signs of life: the next one after each third of the default patience."""
    callbacks = assumptions()["callbacks_per_hour"]
    between_s, every_s = 3_600 / callbacks, Plan().silence_s / BEATS
    return callbacks / math.ceil(every_s / between_s)


def stream_hour(counts: Counts, *, kept_share: float = 1.0) -> dict[str, float]:
    """USD by service. ``counts`` are those of a kept callback; ``kept_share`` of the callbacks are kept."""
    usd, given = prices(), assumptions()
    callbacks = given["callbacks_per_hour"]
    kept = callbacks * kept_share
    relays = kept / given["callbacks_per_relay"]
    signs = min(kept, signs_per_hour())
    writes = counts.door_writes * math.ceil(counts.item_bytes / KB) + counts.relay_writes
    per_read = math.ceil(counts.watch_bytes / (4 * KB))
    reads = counts.relay["dynamodb:GetItem"] * per_read
    sign_reads = (counts.sign["dynamodb:GetItem"] - counts.relay["dynamodb:GetItem"]) * per_read
    stored_gb = kept * counts.item_bytes / GB * given["kept_months"]
    per_gb = usd["dynamodb_gb_month"] + usd["dynamodb_backup_gb_month"]
    log_bytes = callbacks * given["access_log_bytes"] + (callbacks + relays) * given["platform_log_bytes"]
    return {
        "HTTP API": callbacks * usd["http_api_request"],
        "Lambda, receive_callback": callbacks * invocation("receive_callback", given["receive_ms"]),
        "Lambda, relay_changes": relays * invocation("relay_changes", given["relay_ms"]),
        "DynamoDB, writes": kept * writes * usd["dynamodb_write"],
        "DynamoDB, reads": kept * reads * usd["dynamodb_read"],
        "DynamoDB, signs of life": signs
        * (counts.sign_writes * usd["dynamodb_write"] + sign_reads * usd["dynamodb_read"]),
        "DynamoDB, storage": stored_gb * per_gb,
        "EventBridge": kept * counts.relay["events:PutEvents"] * usd["eventbridge_event"],
        "CloudWatch Logs": log_bytes / GB * usd["logs_gb"],
        "Step Functions": transitions_per_quiet_hour() * usd["state_transition"],
    }


def invocation(name: str, warm_ms: float) -> float:
    """USD for one of a function, its share of cold starts included."""
    given, usd = assumptions(), prices()
    memory_gb: float = functions()[name].properties["MemorySize"] / 1024
    billed_s = (warm_ms + given["cold_share"] * given["cold_ms"]) / 1000
    return usd["lambda_request"] + billed_s * memory_gb * usd["lambda_gb_second"]


def driving(transitions: float, invocations: float, reads: float, writes: float) -> float:
    """USD for what moves a room: transitions, the steps' invocations, what they read and write of the table."""
    given, usd = assumptions(), prices()
    table = reads * usd["dynamodb_read"] + writes * WATCH_WRITE * usd["dynamodb_write"]
    steps = invocations * invocation("advise_watch", given["step_ms"])
    return transitions * usd["state_transition"] + steps + table


def life() -> float:
    """USD once for a room: its transitions, the rest being smaller than what they are known to."""
    return transitions_per_life() * prices()["state_transition"]
