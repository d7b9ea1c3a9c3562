"""GIN's room tokens are opaque to us: a service of the operator's gives them, with the address to enter at."""

import hashlib
import hmac
import json
from collections.abc import Callable

from earshot import http_client
from earshot.platforms.gin.address import token_url
from earshot.platforms.gin.answer import entrance
from earshot.platforms.gin.options import GinOptions
from earshot.platforms.port import Minted, MintRequest
from earshot.platforms.recorders import named
from earshot.secrets import Keyring

TIMEOUT_S = 5.0


class GinClient:
    """See :class:`earshot.platforms.port.Platform`."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def mint(self, request: MintRequest) -> Minted:
        """``token``, ``ip`` and ``port`` (text) as the service gives them."""
        app_id = request.room.app_id
        section = self._keyring.section("gin", app_id)
        url, key = token_url(section), section.newest("token_key")
        body = json.dumps(_question(request), ensure_ascii=False, separators=(",", ":")).encode()
        headers = _signed(key, request.now // 1000, body)
        given = entrance(
            http_client.call("POST", url, timeout_s=TIMEOUT_S, body=body, headers=headers), app_id
        )
        expires_at = None if given.expires_in_s is None else request.now + given.expires_in_s * 1000
        return Minted({"token": given.token, "ip": given.ip, "port": given.port}, expires_at)


def _question(request: MintRequest) -> dict[str, str]:
    prefix = GinOptions.model_validate(dict(request.options)).recorder_user_prefix
    return {
        "app_id": request.room.app_id,
        "room_id": request.room.room_id,
        "recorder_id": named(prefix, request.watch_id, request.number),
    }


def _signed(key: str, now_s: int, body: bytes) -> dict[str, str]:
    """``hex(HMAC-SHA256(token_key, "<timestamp>." + body))``: the key itself does not travel."""
    signature = hmac.new(key.encode(), f"{now_s}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Earshot-Timestamp": str(now_s),
        "X-Earshot-Signature": signature,
    }


def connect(base_url: Callable[[str], str], keyring: Keyring) -> GinClient:
    """The registry's way in; the service's address is beside its key in the settings secret."""
    del base_url
    return GinClient(keyring)
