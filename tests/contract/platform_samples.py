"""What each platform is asked with and answers: for the tests of the port, and for the bench."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from earshot.domain.room import Room
from earshot.platforms import port, registry
from earshot.platforms.port import MintRequest
from earshot.secrets import Keyring

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


def connected(name: str, secret: dict[str, Any] | None = None) -> port.Platform:
    """The platform's client, over the sample's secret or another."""
    held = {name: {SAMPLES[name].app_id: SAMPLES[name].secret}} if secret is None else secret
    values: Any = SimpleNamespace(values=lambda **_: (json.dumps(held),))
    return registry.connect(name, lambda _: "https://platform.example.com", Keyring(values))


def asked(name: str, options: dict[str, Any] | None = None) -> MintRequest:
    """For the first credential of a watch."""
    checked = registry.check_options(name, options or {})
    return MintRequest(Room(name, SAMPLES[name].app_id, "room-1"), WATCH_ID, 1, checked, NOW)
