"""What every registered platform offers. A new one is covered by its registry line and an entry of SAMPLES."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass, replace
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from earshot import http_client
from earshot.contract.plan import Plan, resolve
from earshot.domain.room import Room
from earshot.errors import BadInput, Misconfigured, RetryLater
from earshot.platforms import port, registry
from earshot.platforms.port import Minted, MintRequest
from earshot.secrets import Keyring
from pydantic import ValidationError

from tests.contract.samples import NOW, WATCH_ID

APP = "1234567890"


@dataclass(frozen=True)
class Samples:
    """``answer`` is a success of the platform's API, None if it has none; ``secret`` the app's part of the keyring.

    ``recorder`` is the key under which the recorder's id is minted, None where the platform names it itself;
    ``people`` are ids that are none of ours.
    """

    secret: dict[str, Any] | None = None
    app_id: str = APP
    answer: bytes | None = None
    options: tuple[dict[str, Any], ...] = ({},)
    wrong_options: tuple[dict[str, Any], ...] = ({"no_such_setting": 1},)
    recorder: str | None = None
    people: tuple[str | int, ...] = ("", "user-7", 7, "0", -1, "७")


SAMPLES = {
    "agora": Samples(
        app_id="970CA35de60c44645bbae8a215061b33",
        secret={"app_certificate": "5CFd2fd1755d40ecb72977518be15d3b"},
        options=({}, {"token_life_s": 60}, {"public_channels": True}, {"recorder_uid_base": 1}),
        wrong_options=({"no_such_setting": 1}, {"token_life_s": 86_401}, {"recorder_uid_count": 1}),
        recorder="uid",
    ),
    "gin": Samples(
        secret={"token_url": "https://tokens.example.com/gin", "token_key": "a-shared-key"},
        answer=b'{"token":"opaque","ip":"203.0.113.7","port":"8000"}',
        options=({}, {"recorder_user_prefix": "bot-"}),
        wrong_options=({"no_such_setting": 1}, {"recorder_user_prefix": "a:"}),
    ),
    "trtc": Samples(
        app_id="1400000000",
        secret={"secret_key": "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"},
        options=({}, {"private_map_key": True}, {"user_sig_life_s": 60}, {"room_id_kind": "string"}),
        wrong_options=({"no_such_setting": 1}, {"private_map_key": 1}, {"recorder_user_prefix": ""}),
        recorder="user_id",
    ),
    "url": Samples(),
    "volcengine": Samples(
        app_id="123456781234567812345678",
        secret={"app_key": "app key"},
        options=({}, {"token_life_s": 60}, {"recorder_user_prefix": "bot-"}),
        wrong_options=({"no_such_setting": 1}, {"token_life_s": 0}, {"recorder_user_prefix": "a:"}),
        recorder="user_id",
    ),
    "yunxin": Samples(
        app_id="c37bf7a8758a4ed00000000000000000",
        secret={"app_secret": "c00000000000"},
        answer=b'{"code":200,"checksum":"a-token"}',
        options=({}, {"tokens": "record"}, {"tokens": "join"}, {"accid": "bot"}),
        wrong_options=({"no_such_setting": 1}, {"tokens": "all"}, {"recorder_uid_count": 10**9 + 1}),
        recorder="uid",
    ),
    "zego": Samples(
        secret={"server_secret": "0123456789abcdef0123456789abcdef"},
        answer=b'{"Code":0,"Data":{"IdentifyToken":"a-token","RemainTime":600}}',
        options=({}, {"effective_time_s": 60}, {"is_test": True}),
        wrong_options=({"no_such_setting": 1}, {"effective_time_s": 0}, {"is_test": "yes"}),
    ),
}
NAMES = sorted(registry.PLATFORMS)
CALLING = [name for name in NAMES if SAMPLES[name].answer is not None]
KEYED = [name for name in NAMES if SAMPLES[name].secret]
NAMING = [name for name in NAMES if SAMPLES[name].recorder]


def _connect(name: str, secret: dict[str, Any] | None = None) -> port.Platform:
    held = {name: {SAMPLES[name].app_id: SAMPLES[name].secret}} if secret is None else secret
    values: Any = SimpleNamespace(values=lambda **_: (json.dumps(held),))
    return registry.connect(name, lambda _: "https://platform.example.com", Keyring(values))


def _asked(name: str, options: dict[str, Any] | None = None) -> MintRequest:
    checked = registry.check_options(name, options or {})
    return MintRequest(Room(name, SAMPLES[name].app_id, "room-1"), WATCH_ID, 1, checked, NOW)


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
        minted = _connect(name).mint(_asked(name, options))
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
            _connect(name, keyring).mint(_asked(name))
        assert raised.value.setting == f"secret {named}"
    assert not answers


@pytest.mark.parametrize("name", KEYED)
def test_a_secret_that_rotates_is_used_newest_first(name: str, answers: list[Any]) -> None:
    app, fields = SAMPLES[name].app_id, SAMPLES[name].secret or {}
    answers[:] = [SAMPLES[name].answer] * 2
    listed = {name: {app: {key: [value, "an older one"] for key, value in fields.items()}}}
    assert _connect(name, listed).mint(_asked(name)).secrets


@pytest.mark.parametrize("name", CALLING)
@pytest.mark.parametrize("said", [b"", b"<html>", b"null", b"[]", b"{}", b'"', b"\xff", b"[" * 100_000])
def test_an_answer_that_is_none_is_for_later(name: str, answers: list[Any], said: bytes) -> None:
    answers[:] = [said]
    with pytest.raises(RetryLater):
        _connect(name).mint(_asked(name))


@pytest.mark.parametrize("name", CALLING)
def test_no_answer_is_for_later(name: str, answers: list[Any]) -> None:
    answers[:] = [RetryLater("not_connected")]
    with pytest.raises(RetryLater):
        _connect(name).mint(_asked(name))


@pytest.mark.parametrize("name", NAMING)
def test_its_recorder_is_the_same_for_the_same_try_and_known_as_ours(name: str, answers: list[Any]) -> None:
    def recorder(request: MintRequest) -> str:
        answers[:] = [SAMPLES[name].answer]
        return _connect(name).mint(request).secrets[SAMPLES[name].recorder or ""]

    for options in SAMPLES[name].options:
        asked = _asked(name, options)
        first = recorder(asked)
        later = replace(asked, now=NOW + 86_400_000, room=replace(asked.room, room_id="room-2"))
        assert recorder(later) == first, "neither the time nor the room: the watch and its number"
        others = {recorder(replace(asked, watch_id=f"watch-{n}")) for n in range(20)}
        assert len(others - {first}) == 20
        assert all(registry.is_recorder(name, asked.options, each) for each in {first, *others})


@pytest.mark.parametrize("name", NAMES)
def test_people_are_no_recorders(name: str) -> None:
    options = registry.check_options(name, {})
    for person in SAMPLES[name].people:
        assert registry.is_recorder(name, options, person) is False
