"""A listener's token for one channel and one recorder, made here: Agora has no API for it."""

import re
import secrets
from collections.abc import Callable

from earshot.errors import BadInput
from earshot.platforms.agora.options import AgoraOptions
from earshot.platforms.agora.token import Listener
from earshot.platforms.port import Minted, MintRequest
from earshot.platforms.recorders import numbered
from earshot.secrets import Keyring

HEX_32 = re.compile(r"[0-9A-Fa-f]{32}")
MAX_CHANNEL_BYTES = 63
MAX_SALT = 99_999_999


class AgoraClient:
    """See :class:`earshot.platforms.port.Platform`; ``salt`` gives a random number in 1 … ``MAX_SALT``."""

    def __init__(self, keyring: Keyring, salt: Callable[[], int]) -> None:
        self._keyring, self._salt = keyring, salt

    def mint(self, request: MintRequest) -> Minted:
        """``token`` and the ``uid`` that it is for (decimal); the ``uid`` alone for a public channel.

        A new uid for every try: Agora throws out the earlier of two participants with one uid.
        """
        room = request.room
        _check(room.app_id, room.room_id)
        settings = AgoraOptions.model_validate(dict(request.options))
        base, count = settings.recorder_uid_base, settings.recorder_uid_count
        uid = numbered(base, count, request.watch_id, request.number)
        if settings.public_channels:
            return Minted({"uid": str(uid)}, None)
        now_s, life_s = request.now // 1000, settings.token_life_s
        listener = Listener(room.app_id, room.room_id, uid, now_s, life_s, self._salt())
        token = listener.token(self._certificate(room.app_id))
        return Minted({"token": token, "uid": str(uid)}, (now_s + life_s) * 1000)

    def _certificate(self, app_id: str) -> str:
        section = self._keyring.section("agora", app_id)
        certificate = section.newest("app_certificate")
        if not HEX_32.fullmatch(certificate):
            raise section.wrong("app_certificate", "must be 32 hexadecimal characters")
        return certificate


def _check(app_id: str, channel: str) -> None:
    """Agora's own builder answers wrong ids with an empty token; an asterisk would open other channels too."""
    if not HEX_32.fullmatch(app_id):
        raise BadInput("app_id", "Agora's are 32 hexadecimal characters")
    if len(channel.encode()) > MAX_CHANNEL_BYTES:
        raise BadInput("room_id", f"Agora's channel names have at most {MAX_CHANNEL_BYTES} bytes")
    if "*" in channel:
        raise BadInput("room_id", "a token for a name with * would be good for other channels of Agora too")


def connect(base_url: Callable[[str], str], keyring: Keyring) -> AgoraClient:
    """The registry's way in; the salt comes from the system's random source."""
    del base_url
    return AgoraClient(keyring, lambda: 1 + secrets.randbelow(MAX_SALT))
