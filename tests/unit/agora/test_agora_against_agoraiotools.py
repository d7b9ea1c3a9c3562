"""Agora's own package for Python makes and reads the same tokens (agoraiotools, MIT; for tests only: ADR 010)."""

from typing import Any

from agoraiotools import AccessToken2
from agoraiotools.AccessToken2 import ServiceRtc
from earshot.platforms.agora.token import Listener
from hypothesis import given

from tests.unit.agora.test_agora_tokens import HEX_32, LISTENERS
from tests.unit.support.agora_tokens import inflated


def theirs(listener: Listener, certificate: str) -> Any:
    """Their unsealed token of the same listener."""
    token = AccessToken2(listener.app_id, certificate, listener.issued_at, listener.life_s)
    token._AccessToken__issue_ts = listener.issued_at  # theirs takes 0 for now
    token._AccessToken__salt = listener.salt
    service = ServiceRtc(listener.channel, listener.uid)
    service.add_privilege(ServiceRtc.kPrivilegeJoinChannel, listener.life_s)
    token.add_service(service)
    return token


@given(LISTENERS, HEX_32)
def test_theirs_makes_the_same_token(listener: Listener, certificate: str) -> None:
    assert inflated(listener.token(certificate)) == inflated(theirs(listener, certificate).build())


@given(LISTENERS, HEX_32)
def test_theirs_reads_ours(listener: Listener, certificate: str) -> None:
    parsed = AccessToken2()
    assert parsed.from_string(listener.token(certificate))
    assert parsed._AccessToken__app_id == listener.app_id.encode()
    (service,) = parsed._AccessToken__service.values()
    assert service._ServiceRtc__channel_name == listener.channel.encode()
    assert service._ServiceRtc__uid == str(listener.uid).encode()
    assert service._Service__privileges == {ServiceRtc.kPrivilegeJoinChannel: listener.life_s}
