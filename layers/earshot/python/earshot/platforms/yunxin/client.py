"""What a recorder needs to enter a NERTC room: the record token of Yunxin's API, and a join token made here."""

import secrets
from collections.abc import Callable

from earshot.platforms.port import Minted, MintRequest
from earshot.platforms.recorders import numbered
from earshot.platforms.yunxin import record_token
from earshot.platforms.yunxin.options import YunxinOptions
from earshot.platforms.yunxin.signing import api_headers, join_token
from earshot.secrets import Keyring


class YunxinClient:
    """See :class:`earshot.platforms.port.Platform`."""

    def __init__(self, base_url: str, keyring: Keyring, nonce: Callable[[], str]) -> None:
        self._base_url, self._keyring, self._nonce = base_url, keyring, nonce

    def mint(self, request: MintRequest) -> Minted:
        """The ``uid`` (decimal, a new one for every try), its record token as ``checksum``, its join token as
        ``token``; the credential ends with the one that ends first."""
        room, now = request.room, request.now
        settings = YunxinOptions.model_validate(dict(request.options))
        uid = numbered(
            settings.recorder_uid_base, settings.recorder_uid_count, request.watch_id, request.number
        )
        key, secret = room.app_id, self._keyring.section("yunxin", room.app_id).newest("app_secret")
        minted, lives_s = {"uid": str(uid)}, []
        if settings.tokens != "record":
            lives_s.append(settings.join_token_life_s)
            minted["token"] = join_token(key, secret, room.room_id, uid, now, settings.join_token_life_s)
        if settings.tokens != "join":
            lives_s.append(settings.record_token_life_s)
            headers = api_headers(key, secret, self._nonce(), now // 1000)
            minted["checksum"] = record_token.fetch(self._base_url, headers, room.room_id, uid, settings)
        return Minted(minted, now + min(lives_s) * 1000)


def connect(base_url: Callable[[str], str], keyring: Keyring) -> YunxinClient:
    """The registry's way in; the nonce is 32 hex characters from the system's random source."""
    return YunxinClient(base_url("YUNXIN_BASE_URL"), keyring, lambda: secrets.token_hex(16))
