"""Every sample of ``events/`` fed to the code that takes it."""

import json
from typing import Any

import pytest
from earshot import callback_url
from earshot.domain.watch import SignalName, Watch
from earshot.errors import AlreadyDone, CredentialClaimed, EarshotError
from earshot.store.port import Missing

from tests.unit.support.apps import Deployment
from tests.unit.support.makers import WATCH_ID, signal
from tests.unit.support.root import EVENTS
from tests.unit.support.samples import load
from tests.unit.support.webhooks import ALL as WEBHOOKS
from tests.unit.support.world import KEY

ROOMS = {
    "room_opened.minimal": "claim",
    "room_opened.full": "claim",
    "room_opened.awkward-ids": "claim",
    "room_opened.url": "claim",
    "room_closed.minimal": "close",
    "room_closed.full": "close",
    "stream_started": "ignore",
    "stream_stopped": "close",
}
MALFORMED_ROOMS = {
    "malformed.missing-room-id": "room_id",
    "malformed.empty-app-id": "app_id",
    "malformed.number-app-id": "app_id",
    "malformed.number-time": "occurred_at",
    "malformed.time-without-zone": "occurred_at",
    "malformed.time-in-the-future": "occurred_at",
    "malformed.unknown-field": "roomId",
    "malformed.unknown-platform": "platform",
    "malformed.unknown-plan": "plan",
    "malformed.stream-without-id": "stream_id",
    "malformed.url-without-address": "stream_url",
    "malformed.unknown-detail-type": "detail-type",
}
CALLBACKS = {
    "reject": (200, "stored"),
    "base64": (200, "stored"),
    "silence": (200, "stored"),
    "end-of-stream": (200, "stored"),
    "end-of-stream-3005": (200, "stored"),
    "pull-failed": (200, "stored"),
    "vendor-page-sample": (200, "quarantined"),
    "malformed.no-risk-level": (200, "stored"),
    "malformed.empty": (400, None),
    "malformed.wrong-mac": (401, None),
}
STREAM = ["relay_changes.batch", "relay_changes.expiry", "relay_changes.malformed.unreadable-segment"]
STEPS = [
    "room_lifecycle.input",
    "mint_credential",
    "submit_stream",
    "advise_watch",
    "advise_watch.failed-step",
    "finish_stream",
    "finish_stream.release",
    "close_watch",
    "close_watch.abandoned",
    "malformed.unknown-watch",
]


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    return Deployment(monkeypatch)


def opened(deployed: Deployment) -> Watch:
    """The room that the samples are about."""
    deployed.handler("track_room")(load("rooms", "room_opened.full.json"), None)
    return deployed.world.store.watch(WATCH_ID)


def test_no_sample_is_forgotten() -> None:
    there = {
        str(path.relative_to(EVENTS)) for path in EVENTS.rglob("*.json") if path.parent.name != "schemas"
    }
    listed = {f"rooms/{name}.json" for name in {**ROOMS, **MALFORMED_ROOMS}}
    listed |= {f"api/receive_callback.{name}.json" for name in CALLBACKS}
    listed |= {f"stream/{name}.json" for name in STREAM} | {f"steps/{name}.json" for name in STEPS}
    listed |= {f"room-webhooks/{platform}/{name}.json" for platform, name in WEBHOOKS}
    # Each vendor's own tests keep the list of its results.
    listed |= {str(path.relative_to(EVENTS)) for path in EVENTS.glob("vendors/*/*.json")}
    assert there == listed


def test_the_readme_lists_every_sample() -> None:
    readme = EVENTS.joinpath("README.md").read_text(encoding="utf-8")
    missing = [path.name for path in EVENTS.rglob("*.json") if path.name not in readme]
    assert missing == []


# --- rooms


@pytest.mark.parametrize(("name", "move"), ROOMS.items())
def test_room_events(deployed: Deployment, name: str, move: str) -> None:
    assert deployed.handler("track_room")(load("rooms", f"{name}.json"), None) == {"move": move}
    assert len(deployed.world.starter.names) == (move == "claim")


def test_the_samples_open_and_close_one_room(deployed: Deployment) -> None:
    opened(deployed)
    deployed.handler("track_room")(load("rooms", "room_closed.full.json"), None)
    assert deployed.world.store.watch(WATCH_ID).last_word


@pytest.mark.parametrize(("name", "field"), MALFORMED_ROOMS.items())
def test_malformed_room_events_are_dead_lettered_with_the_field_named(
    deployed: Deployment, name: str, field: str
) -> None:
    sample = load("rooms", f"{name}.json")
    assert deployed.handler("track_room")(sample, None) == {"move": "dead_lettered", "field": field}
    (letter,) = map(json.loads, deployed.clients.letters)
    assert (letter["error"]["field"], letter["event"]) == (field, sample)
    assert letter["error"]["message"]
    assert (deployed.world.store._rooms, deployed.world.store._watches) == ({}, {})


# --- callbacks


@pytest.mark.parametrize(("name", "expected"), CALLBACKS.items())
def test_callbacks(deployed: Deployment, name: str, expected: tuple[int, str | None]) -> None:
    answer = deployed.handler("receive_callback")(load("api", f"receive_callback.{name}.json"), None)
    assert (answer["statusCode"], json.loads(answer["body"]).get("status")) == expected
    assert len(deployed.world.store._segments) == (expected[0] == 200)


@pytest.mark.parametrize("name", [name for name in CALLBACKS if name != "malformed.wrong-mac"])
def test_the_address_of_a_sample_is_of_the_sample_room(name: str) -> None:
    sample = load("api", f"receive_callback.{name}.json")
    path = sample["pathParameters"]
    assert path == {
        "vendor": "shumei",
        "task_ref": f"{WATCH_ID}-1a",
        "mac": callback_url.mac(KEY, "shumei", f"{WATCH_ID}-1a"),
    }
    assert sample["rawPath"] == f"/callbacks/shumei/{path['task_ref']}/{path['mac']}"


# --- the table's stream


def relayed(deployed: Deployment, name: str) -> list[tuple[str, Any]]:
    answer = deployed.handler("relay_changes")(load("stream", f"{name}.json"), None)
    assert answer == {"batchItemFailures": []}
    assert deployed.clients.letters == []
    return [(entry["DetailType"], json.loads(entry["Detail"])) for entry in deployed.clients.published]


def test_the_stream_sample(deployed: Deployment) -> None:
    opened(deployed)
    told = relayed(deployed, "relay_changes.batch")
    assert [kind for kind, _ in told] == ["ModerationStarted", "SegmentJudged"]
    assert all(detail["watch_id"] == WATCH_ID for _, detail in told)
    assert told[1][1]["risk_level"] == "REJECT"
    assert deployed.clients.woken == ["AQCEAAAAKgAAAAMAAAAAAAAAAexample"]


def test_an_expiry_is_told_to_nobody(deployed: Deployment) -> None:
    assert relayed(deployed, "relay_changes.expiry") == []


def test_an_unreadable_segment_holds_up_nobody(deployed: Deployment) -> None:
    opened(deployed)
    told = relayed(deployed, "relay_changes.malformed.unreadable-segment")
    assert [detail["risk_level"] for _, detail in told] == ["PASS"]


# --- steps of the lifecycle


def step(deployed: Deployment, name: str) -> Any:
    return deployed.handler(name.partition(".")[0])(load("steps", f"{name}.json"), None)


def test_the_machines_input_is_what_opening_gives_it(deployed: Deployment) -> None:
    from earshot.usecases.start_watch import machine_state

    watch = opened(deployed)
    assert machine_state(watch.watch_id, "mint", watch.plan["look_s"]) == load(
        "steps", "room_lifecycle.input.json"
    )


def test_the_steps_in_their_order(deployed: Deployment) -> None:
    watch = opened(deployed)
    assert step(deployed, "mint_credential") == load("steps", "submit_stream.json")
    assert step(deployed, "submit_stream")["next"] == "watch"
    assert step(deployed, "advise_watch")["next"] == "watch"
    assert step(deployed, "finish_stream.release") == watch.plan["settle_s"]
    deployed.world.store.signal(WATCH_ID, signal(SignalName.ROOM_CLOSED))
    assert step(deployed, "advise_watch.failed-step")["next"] == "finish"
    assert step(deployed, "finish_stream") >= 0
    assert step(deployed, "close_watch") == {"ok": True}
    assert step(deployed, "close_watch.abandoned") == {"ok": True}


def test_the_release_sample_spares_the_ear_that_listens(deployed: Deployment) -> None:
    opened(deployed)
    step(deployed, "mint_credential")
    step(deployed, "submit_stream")
    step(deployed, "finish_stream.release")
    assert deployed.world.vendor.finished == []


def test_a_failed_step_is_tried_again(deployed: Deployment) -> None:
    opened(deployed)
    assert step(deployed, "advise_watch.failed-step")["next"] == "mint"
    assert deployed.world.store.watch(WATCH_ID).reason == "zego_206"


@pytest.mark.parametrize(
    ("name", "error"), [("mint_credential", AlreadyDone), ("submit_stream", CredentialClaimed)]
)
def test_steps_that_have_nothing_to_do(deployed: Deployment, name: str, error: type[EarshotError]) -> None:
    opened(deployed)
    if error is AlreadyDone:
        deployed.world.store.signal(WATCH_ID, signal(SignalName.ROOM_CLOSED))
    with pytest.raises(error):
        step(deployed, name)


def test_a_watch_that_nobody_knows(deployed: Deployment) -> None:
    for function in ("mint_credential", "finish_stream"):
        event = {**load("steps", "malformed.unknown-watch.json"), "release": False}
        with pytest.raises(Missing):
            deployed.handler(function)(event, None)
