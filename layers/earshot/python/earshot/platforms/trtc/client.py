"""A recorder's UserSig and, where the app demands one, its PrivateMapKey, made here: TRTC has no API for it."""

from collections.abc import Callable

from earshot.errors import BadInput
from earshot.platforms.port import Minted, MintRequest
from earshot.platforms.recorders import named
from earshot.platforms.trtc.options import TrtcOptions
from earshot.platforms.trtc.signature import Signer
from earshot.secrets import Keyring

MAX_APP_ID = 2**32 - 1
MAX_ROOM_NUMBER = 4_294_967_294


class TrtcClient:
    """See :class:`earshot.platforms.port.Platform`."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def mint(self, request: MintRequest) -> Minted:
        """``user_id``, its ``user_sig``, by the plan its ``private_map_key`` for the room, and ``room_id_kind``:
        room 7 and room "7" are two to TRTC.

        One recorder for all tries of a watch: by its id a moderation vendor recognises a task that it already runs
        in the room, so that a repeated submission after a lost answer opens no second one.
        """
        room, settings = request.room, TrtcOptions.model_validate(dict(request.options))
        app_id = _number(room.app_id, MAX_APP_ID)
        if app_id is None:
            raise BadInput("app_id", f"TRTC's SDKAppID is a number up to {MAX_APP_ID}")
        room_id = _room_id(room.room_id, settings.room_id_kind)
        user_id = named(settings.recorder_user_prefix, request.watch_id)
        now_s, life_s = request.now // 1000, settings.user_sig_life_s
        signer = Signer(app_id, user_id, now_s, life_s)
        key = self._keyring.section("trtc", room.app_id).newest("secret_key")
        kind = "number" if isinstance(room_id, int) else "string"
        secrets = {"user_id": user_id, "user_sig": signer.user_sig(key), "room_id_kind": kind}
        if settings.private_map_key:
            secrets["private_map_key"] = signer.private_map_key(key, room_id, settings.private_map_key_bits)
        return Minted(secrets, (now_s + life_s) * 1000)


def _number(text: str, most: int) -> int | None:
    """1 … ``most`` as TRTC would print it, else None."""
    is_number = text.isascii() and text.isdecimal() and text[0] != "0" and len(text) <= len(str(most))
    return int(text) if is_number and int(text) <= most else None


def _room_id(room_id: str, kind: str) -> int | str:
    number = _number(room_id, MAX_ROOM_NUMBER)
    if kind == "number" and number is None:
        raise BadInput("room_id", f"the plan says number: 1 to {MAX_ROOM_NUMBER}")
    return room_id if kind == "string" or number is None else number


def connect(base_url: Callable[[str], str], keyring: Keyring) -> TrtcClient:
    """The registry's way in."""
    del base_url
    return TrtcClient(keyring)
