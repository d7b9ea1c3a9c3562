"""The numbers of the bench that do not depend on a clock."""

from __future__ import annotations

import re

import pytest

from tests.perf import bench, cost, counts
from tests.perf.counts import Counts
from tests.perf.warm import Wire, warm_up
from tests.template.bundle import ROOT
from tests.template.calls import SERVICES


@pytest.fixture(scope="module")
def kept() -> Counts:
    """An ordinary callback of a plan that keeps all."""
    return counts.of_a_callback()


def test_a_callback_is_one_write_and_nothing_else(kept: Counts) -> None:
    assert kept.door == {"dynamodb:PutItem": 1}


def test_a_skipped_callback_is_no_call_at_all() -> None:
    skipped = counts.of_a_callback(hits_only=True)
    assert not skipped.door
    assert not skipped.relay


def test_an_ordinary_verdict_is_told_without_a_write(kept: Counts) -> None:
    assert kept.relay_writes == 0
    assert kept.relay["events:PutEvents"] == 1
    assert kept.relay["dynamodb:GetItem"] <= 2
    assert set(kept.relay) == {"dynamodb:GetItem", "events:PutEvents"}


def test_an_ordinary_callback_is_one_write_unit(kept: Counts) -> None:
    assert kept.item_bytes <= cost.KB


def test_a_quiet_room_hardly_moves_its_machine() -> None:
    assert counts.transitions_per_quiet_hour() <= bench.BAR_TRANSITIONS


def test_the_modelled_bill_holds(kept: Counts) -> None:
    hits = cost.assumptions()["hits_share"]
    assert sum(cost.stream_hour(kept).values()) <= bench.BAR_ALL
    assert sum(cost.stream_hour(kept, kept_share=hits).values()) <= bench.BAR_HITS


def test_every_price_and_assumption_of_the_page_is_used() -> None:
    source = "".join((ROOT / "tests/perf" / name).read_text("utf-8") for name in ("cost.py", "bench.py"))
    named = {*cost.prices(), *cost.assumptions()}
    assert len(cost.prices()) == 10
    assert not [name for name in named if f'"{name}"' not in source]


def test_the_page_says_when_the_prices_were_read() -> None:
    page = (ROOT / "docs/cost.md").read_text("utf-8")
    assert re.search(r"price pages of us-east-1, as of \d{4}-\d{2}-\d{2}", page)


def test_the_stub_counts_what_the_function_sends() -> None:
    """The warm bench compares like with like only if the stub sees every request."""
    from tests.perf import callback

    ref = callback.task_ref()
    warm = warm_up([callback.event(callback.request("vendor-1", 1), ref)])
    assert isinstance(warm.wire, Wire)
    assert warm.wire.sent[-1] == "PutItem"
    assert warm.write["TableName"]
    assert set(SERVICES) >= {"dynamodb", "secretsmanager"}
