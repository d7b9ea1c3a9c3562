"""The secrets of a webhook: the key in its address, and what happens while one is replaced by another."""

from typing import Any

import pytest
from earshot.errors import Refused, RetryLater
from earshot.usecases.ingest_room_webhook import MIN_KEY_LENGTH, REFRESH_AFTER_MS

from tests.unit.support.attending import entered
from tests.unit.support.hooks import APP, SETTINGS, SIGNING_SECRET, URL_KEY, Door, Hook, delivery
from tests.unit.support.notes import Notes

NEXT_KEY = "another-key-that-is-in-use-too"


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    """A platform whose signature does not cover the body."""
    return Door(hook=Hook(entered(5), COVERS_BODY=False), platform="zego").patched(monkeypatch)


@pytest.fixture
def covering(monkeypatch: pytest.MonkeyPatch) -> Door:
    """A platform whose signature does."""
    return Door(hook=Hook(entered(5))).patched(monkeypatch)


def with_key(url_key: Any = ...) -> dict[str, Any]:
    fields = {"webhook_secret": SIGNING_SECRET, "url_key": url_key}
    return {name: value for name, value in fields.items() if value is not ...}


# --- the key in the address


@pytest.mark.parametrize("key", ["", "x", URL_KEY[:-1], URL_KEY + "x", URL_KEY.upper(), "é" * 32, "🔑" * 8])
@pytest.mark.parametrize("kind", ["door", "covering"])
def test_a_wrong_key_is_refused(request: pytest.FixtureRequest, kind: str, key: str, notes: Notes) -> None:
    """Also where none is needed: an operator who puts one wants it."""
    door: Door = request.getfixturevalue(kind)
    with pytest.raises(Refused) as refused:
        door(key=key)
    assert (refused.value.status, door.left_nothing, door.hook.verified) == (401, True, [])
    assert notes.codes == ["ES601"]


def test_a_key_that_is_no_text_is_refused(door: Door) -> None:
    with pytest.raises(Refused):
        door(key="\ud800" * 20)
    assert door.left_nothing


@pytest.mark.parametrize(
    "url_key", [..., "", "x" * (MIN_KEY_LENGTH - 1), ["x" * 15, URL_KEY], [URL_KEY, "short"], 7]
)
def test_a_key_that_is_missing_or_short_is_our_fault_and_named(
    door: Door, url_key: Any, notes: Notes
) -> None:
    door.put(with_key(url_key))
    with pytest.raises(Refused):
        door(key="" if url_key is ... else URL_KEY)
    assert (door.left_nothing, notes.codes) == (True, ["ES602"])
    assert notes.of("ES602")["setting"] == f"secret zego.{APP}.url_key"
    assert "short" not in notes.text


def test_a_short_key_is_no_key_even_if_it_is_the_one(door: Door) -> None:
    door.put(with_key("short"))
    with pytest.raises(Refused):
        door(key="short")


@pytest.mark.parametrize("key", [URL_KEY, NEXT_KEY])
def test_two_keys_are_good_while_one_replaces_the_other(door: Door, key: str) -> None:
    door.put(with_key([NEXT_KEY, URL_KEY]))
    assert door(key=key) == door.hook.ANSWER
    assert door.scene.kinds == ["RoomOpened"]


def test_a_key_of_the_least_length_is_one(door: Door) -> None:
    door.put(with_key("k" * MIN_KEY_LENGTH))
    assert door(key="k" * MIN_KEY_LENGTH) == door.hook.ANSWER


@pytest.mark.parametrize("key", ["", "whatever"])
def test_where_the_signature_covers_the_body_a_key_is_only_wanted_if_there_is_one(
    covering: Door, key: str
) -> None:
    covering.put(with_key())
    assert covering(key=key) == covering.hook.ANSWER


def test_a_good_key_is_not_enough(door: Door) -> None:
    with pytest.raises(Refused):
        door(delivery("wrong"))
    assert door.left_nothing


# --- while a secret is replaced


def test_a_signature_with_a_secret_that_was_just_put_is_accepted_after_one_refresh(covering: Door) -> None:
    covering()
    covering.put({**SETTINGS, "webhook_secret": ["brand-new", SIGNING_SECRET]})
    covering.scene.world.clock.forward(REFRESH_AFTER_MS / 1000 + 1)
    asked = len(covering.secrets.asked)
    assert covering(delivery("brand-new")) == covering.hook.ANSWER
    assert len(covering.secrets.asked) == asked + 1
    covering(delivery("brand-new"))
    covering(delivery(SIGNING_SECRET))
    assert len(covering.secrets.asked) == asked + 1, "what fits asks for nothing"


def test_settings_that_were_just_put_are_found_after_one_refresh(covering: Door, notes: Notes) -> None:
    covering.put(SETTINGS, app_id="other")
    with pytest.raises(Refused):
        covering()
    covering.put(SETTINGS)
    covering.scene.world.clock.forward(REFRESH_AFTER_MS / 1000 + 1)
    assert covering() == covering.hook.ANSWER
    assert notes.codes == ["ES602", "ES608"]


def test_a_flood_of_wrong_signatures_reads_the_secret_every_ten_seconds_at_most(covering: Door) -> None:
    for _ in range(30):
        covering.scene.world.clock.forward(1)
        with pytest.raises(Refused):
            covering(delivery("wrong"))
    assert len(covering.secrets.asked) <= 3


def test_a_secret_that_cannot_be_read_now_is_for_later(
    covering: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_: str) -> None:
        raise RetryLater("secret_unreadable")

    monkeypatch.setattr(covering.secrets, "get_secret_value", fails)
    with pytest.raises(RetryLater):
        covering()
    assert covering.left_nothing


def test_a_secret_without_a_value_is_our_fault(covering: Door, notes: Notes) -> None:
    covering.secrets.stages.clear()
    with pytest.raises(Refused):
        covering()
    assert notes.codes == ["ES602"]
