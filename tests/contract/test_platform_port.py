"""What every registered platform offers. A new one is covered by its registry line and an entry of SAMPLES."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass, field
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from earshot import http_client
from earshot.contract.plan import Plan, resolve
from earshot.domain.room import Room
from earshot.errors import BadInput, Misconfigured, RetryLater
from earshot.platforms import port, registry
from earshot.platforms.port import Minted
from earshot.secrets import Keyring
from pydantic import ValidationError

from tests.contract.samples import NOW

APP = "1234567890"


@dataclass(frozen=True)
class Samples:
    """``answer`` is a success of the platform's API, None if it has none; ``secret`` its part of the keyring."""

    secret: dict[str, Any] = field(default_factory=dict)
    answer: bytes | None = None
    options: tuple[dict[str, Any], ...] = ({},)
    wrong_options: tuple[dict[str, Any], ...] = ({"no_such_setting": 1},)


SAMPLES = {
    "url": Samples(),
    "zego": Samples(
        secret={"zego": {APP: {"server_secret": "0123456789abcdef0123456789abcdef"}}},
        answer=b'{"Code":0,"Data":{"IdentifyToken":"a-token","RemainTime":600}}',
        options=({}, {"effective_time_s": 60}, {"is_test": True}),
        wrong_options=({"no_such_setting": 1}, {"effective_time_s": 0}, {"is_test": "yes"}),
    ),
}
NAMES = sorted(registry.PLATFORMS)
CALLING = [name for name in NAMES if SAMPLES[name].answer is not None]


def _connect(name: str, secret: dict[str, Any] | None = None) -> port.Platform:
    held = SAMPLES[name].secret if secret is None else secret
    values: Any = SimpleNamespace(values=lambda **_: (json.dumps(held),))
    return registry.connect(name, lambda _: "https://platform.example.com", Keyring(values))


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
@pytest.mark.parametrize("module", ["client", "options"])
def test_its_modules_are_where_the_registry_looks(name: str, module: str) -> None:
    assert import_module(f"{registry.PLATFORMS[name]}.{module}").__doc__


def test_a_platform_that_nobody_registered_is_bad_input() -> None:
    with pytest.raises(BadInput) as raised:
        registry.check_options("nobody", {})
    assert raised.value.field == "platform"


@pytest.mark.parametrize("name", NAMES)
def test_it_is_called_as_the_port_says(name: str) -> None:
    wanted = [p for p in inspect.signature(port.Platform.mint).parameters if p != "self"]
    assert list(inspect.signature(_connect(name).mint).parameters) == wanted


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
        checked = registry.check_options(name, options)
        minted = _connect(name).mint(Room(name, APP, "room-1"), checked, NOW)
        assert isinstance(minted, Minted)
        assert all(isinstance(secret, str) and secret for secret in minted.secrets.values())
        assert minted.expires_at is None or minted.expires_at > NOW
        assert not any(secret in repr(minted) for secret in minted.secrets.values())


@pytest.mark.parametrize("name", CALLING)
def test_without_a_secret_it_says_which_one_is_missing(name: str, answers: list[Any]) -> None:
    with pytest.raises(Misconfigured) as raised:
        _connect(name, {}).mint(Room(name, APP, "room-1"), registry.check_options(name, {}), NOW)
    assert name in raised.value.setting
    assert not answers


@pytest.mark.parametrize("name", CALLING)
@pytest.mark.parametrize("said", [b"", b"<html>", b"null", b"[]", b"{}", b'"', b"\xff", b"[" * 100_000])
def test_an_answer_that_is_none_is_for_later(name: str, answers: list[Any], said: bytes) -> None:
    answers[:] = [said]
    with pytest.raises(RetryLater):
        _connect(name).mint(Room(name, APP, "room-1"), registry.check_options(name, {}), NOW)


@pytest.mark.parametrize("name", CALLING)
def test_no_answer_is_for_later(name: str, answers: list[Any]) -> None:
    answers[:] = [RetryLater("not_connected")]
    with pytest.raises(RetryLater):
        _connect(name).mint(Room(name, APP, "room-1"), registry.check_options(name, {}), NOW)
