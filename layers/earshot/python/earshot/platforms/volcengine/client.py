"""A listener's token for one room and one recorder, made here: Volcengine has no API for it."""

import secrets
from collections.abc import Callable

from earshot.errors import BadInput
from earshot.platforms.port import Minted, MintRequest
from earshot.platforms.recorders import named
from earshot.platforms.volcengine.options import VolcengineOptions
from earshot.platforms.volcengine.token import Listener
from earshot.secrets import Keyring

APP_ID_LENGTH = 24
MAX_NONCE = 99_999_999


class VolcengineClient:
    """See :class:`earshot.platforms.port.Platform`; ``nonce`` gives a random number in 1 … ``MAX_NONCE``."""

    def __init__(self, keyring: Keyring, nonce: Callable[[], int]) -> None:
        self._keyring, self._nonce = keyring, nonce

    def mint(self, request: MintRequest) -> Minted:
        """``token`` and the ``user_id`` that it is for, a new one for every try."""
        room = request.room
        _check(room.app_id, room.room_id)
        settings = VolcengineOptions.model_validate(dict(request.options))
        user_id = named(settings.recorder_user_prefix, request.watch_id, request.number)
        now_s = request.now // 1000
        ends_s = now_s + settings.token_life_s
        listener = Listener(room.app_id, room.room_id, user_id, now_s, ends_s, self._nonce())
        app_key = self._keyring.section("volcengine", room.app_id).newest("app_key")
        return Minted({"token": listener.token(app_key), "user_id": user_id}, ends_s * 1000)


def _check(app_id: str, room_id: str) -> None:
    """A token for the room ``*`` would open every room."""
    if len(app_id) != APP_ID_LENGTH or not app_id.isascii():
        raise BadInput("app_id", f"Volcengine's have {APP_ID_LENGTH} characters")
    if room_id == "*":
        raise BadInput("room_id", "a token for * would be good for every room of Volcengine")


def connect(base_url: Callable[[str], str], keyring: Keyring) -> VolcengineClient:
    """The registry's way in; the nonce comes from the system's random source."""
    del base_url
    return VolcengineClient(keyring, lambda: 1 + secrets.randbelow(MAX_NONCE))
