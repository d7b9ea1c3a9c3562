"""Tencent's package for Python seals the same documents (tls-sig-api-v2, MIT; for tests only: ADR 010)."""

import time
from unittest import mock

from earshot.platforms.trtc.signature import Signer
from hypothesis import given
from hypothesis import strategies as st
from TLSSigAPIv2 import TLSSigAPIv2

from tests.unit.support.trtc_signatures import read
from tests.unit.trtc.test_trtc_signatures import KEYS, SIGNERS


@given(SIGNERS, KEYS)
def test_theirs_makes_the_same_user_sig(signer: Signer, key: str) -> None:
    with mock.patch.object(time, "time", return_value=float(signer.now_s)):
        theirs = TLSSigAPIv2(signer.sdk_app_id, key).gen_sig(signer.user_id, signer.life_s)
    assert read(signer.user_sig(key)) == read(theirs)


@given(SIGNERS, KEYS, st.text(min_size=1, max_size=32))
def test_theirs_seals_our_permission_the_same(signer: Signer, key: str, room: str) -> None:
    buffer = signer.permission(room, 10)
    with mock.patch.object(time, "time", return_value=float(signer.now_s)):
        theirs = TLSSigAPIv2(signer.sdk_app_id, key).gen_sig_with_userbuf(
            signer.user_id, signer.life_s, buffer
        )
    assert read(signer.private_map_key(key, room, 10)) == read(theirs)
