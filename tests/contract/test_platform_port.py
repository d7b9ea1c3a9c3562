"""What every registered platform offers. A new one is covered by its registry line and a sample."""

from __future__ import annotations

import inspect
import json
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from earshot import http_client
from earshot.contract.plan import Plan, resolve
from earshot.errors import BadInput, Misconfigured, RetryLater
from earshot.platforms import port, registry
from earshot.platforms.port import Minted, MintRequest
from pydantic import ValidationError

from tests.contract.platform_samples import SAMPLES, asked, connected
from tests.contract.samples import NOW

NAMES = sorted(registry.PLATFORMS)
CALLING = [name for name in NAMES if SAMPLES[name].answer is not None]
KEYED = [name for name in NAMES if SAMPLES[name].secret]
NAMING = [name for name in NAMES if SAMPLES[name].recorder]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the platform's API says, in order: an answer's bytes, or an error to raise."""
    script: list[Any] = []

    def call(*_: Any, **__: Any) -> http_client.Answer:
        said = script.pop(0)
        if isinstance(said, Exception):
            raise said
        return http_client.Answer(200, said)

    monkeypatch.setattr(http_client, "call", call)
    return script


def test_every_platform_has_samples() -> None:
    assert set(SAMPLES) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("module", ["client", "options", "recorder"])
def test_its_modules_are_where_the_registry_looks(name: str, module: str) -> None:
    assert import_module(f"{registry.PLATFORMS[name]}.{module}").__doc__


def test_a_platform_that_nobody_registered_is_bad_input() -> None:
    with pytest.raises(BadInput) as raised:
        registry.check_options("nobody", {})
    assert raised.value.field == "platform"


@pytest.mark.parametrize("name", NAMES)
def test_it_is_called_as_the_port_says(name: str) -> None:
    wanted = [p for p in inspect.signature(port.Platform.mint).parameters if p != "self"]
    assert list(inspect.signature(connected(name).mint).parameters) == wanted


@pytest.mark.parametrize("name", NAMES)
def test_its_options_survive_the_table(name: str) -> None:
    for options in SAMPLES[name].options:
        checked = registry.check_options(name, options)
        assert json.loads(json.dumps(checked)) == checked
        assert registry.check_options(name, checked) == checked
        assert resolve(Plan(platforms={name: options}), name)["platform_options"] == checked


@pytest.mark.parametrize("name", NAMES)
def test_its_wrong_options_are_named(name: str) -> None:
    for options in SAMPLES[name].wrong_options:
        with pytest.raises(ValidationError) as raised:
            registry.check_options(name, options)
        assert raised.value.errors()[0]["loc"][0] in options


@pytest.mark.parametrize("name", NAMES)
def test_it_mints_for_every_option(name: str, answers: list[Any]) -> None:
    for options in SAMPLES[name].options:
        answers[:] = [SAMPLES[name].answer]
        minted = connected(name).mint(asked(name, options))
        assert isinstance(minted, Minted)
        assert all(isinstance(secret, str) and secret for secret in minted.secrets.values())
        assert minted.expires_at is None or minted.expires_at > NOW
        assert not any(secret in repr(minted) for secret in minted.secrets.values())


@pytest.mark.parametrize("name", KEYED)
def test_without_a_secret_it_says_which_one_is_missing(name: str, answers: list[Any]) -> None:
    app, fields = SAMPLES[name].app_id, SAMPLES[name].secret or {}
    held: list[tuple[dict[str, Any], str]] = [({}, name), ({name: {"other": fields}}, f"{name}.{app}")]
    for key in fields:
        held += [
            ({name: {app: {**fields, key: bad}}}, f"{name}.{app}.{key}") for bad in ("", None, 5, [], [""])
        ]
        held.append(({name: {app: {k: v for k, v in fields.items() if k != key}}}, f"{name}.{app}.{key}"))
    for keyring, named in held:
        with pytest.raises(Misconfigured) as raised:
            connected(name, keyring).mint(asked(name))
        assert raised.value.setting == f"secret {named}"
    assert not answers


@pytest.mark.parametrize("name", KEYED)
def test_a_secret_that_rotates_is_used_newest_first(name: str, answers: list[Any]) -> None:
    app, fields = SAMPLES[name].app_id, SAMPLES[name].secret or {}
    answers[:] = [SAMPLES[name].answer] * 2
    listed = {name: {app: {key: [value, "an older one"] for key, value in fields.items()}}}
    assert connected(name, listed).mint(asked(name)).secrets


@pytest.mark.parametrize("name", CALLING)
@pytest.mark.parametrize("said", [b"", b"<html>", b"null", b"[]", b"{}", b'"', b"\xff", b"[" * 100_000])
def test_an_answer_that_is_none_is_for_later(name: str, answers: list[Any], said: bytes) -> None:
    answers[:] = [said]
    with pytest.raises(RetryLater):
        connected(name).mint(asked(name))


@pytest.mark.parametrize("name", CALLING)
def test_no_answer_is_for_later(name: str, answers: list[Any]) -> None:
    answers[:] = [RetryLater("not_connected")]
    with pytest.raises(RetryLater):
        connected(name).mint(asked(name))


@pytest.mark.parametrize("name", NAMING)
def test_its_recorder_is_the_same_for_the_same_try_and_known_as_ours(name: str, answers: list[Any]) -> None:
    def recorder(request: MintRequest) -> str:
        answers[:] = [SAMPLES[name].answer]
        return connected(name).mint(request).secrets[SAMPLES[name].recorder or ""]

    for options in SAMPLES[name].options:
        request = asked(name, options)
        first = recorder(request)
        later = replace(request, now=NOW + 86_400_000, room=replace(request.room, room_id="room-2"))
        assert recorder(later) == first, "neither the time nor the room: the watch and its number"
        others = {recorder(replace(request, watch_id=f"watch-{n}")) for n in range(20)}
        assert len(others - {first}) == 20
        assert all(registry.is_recorder(name, request.options, each) for each in {first, *others})


@pytest.mark.parametrize("name", NAMES)
def test_people_are_no_recorders(name: str) -> None:
    options = registry.check_options(name, {})
    for person in SAMPLES[name].people:
        assert registry.is_recorder(name, options, person) is False
