"""The plan's settings for TRTC."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from earshot.platforms.option_types import DAY_S, Prefix, Strict

MAX_LIFE_S = 180 * DAY_S
"""What Tencent's libraries take by default; no maximum is documented."""

ENTER, HEAR = 2, 8
LISTENING = ENTER | HEAR | 32 | 128
"""With receiving video and the sub-stream. The other bits create the room and send: not for a listener."""


def _listens(bits: int) -> int:
    if bits & ~LISTENING or not bits & ENTER:
        raise ValueError("must be 2 (enter) and any of 8, 32, 128 (receive audio, video, sub-stream)")
    return bits


class TrtcOptions(Strict):
    """``room_id_kind``: TRTC's numeric and textual room ids are different rooms; ``auto`` takes what can be a number
    for one. ``renew_before_expiry``: another ear is opened in time; whether TRTC puts out whose signature ends is
    unconfirmed. ``private_map_key``: the app's permission key is on, ``private_map_key_bits`` being what it
    grants."""

    user_sig_life_s: Annotated[int, Field(ge=60, le=MAX_LIFE_S)] = DAY_S
    renew_before_expiry: bool = True
    room_id_kind: Literal["auto", "number", "string"] = "auto"
    private_map_key: bool = False
    private_map_key_bits: Annotated[int, AfterValidator(_listens)] = ENTER | HEAR
    recorder_user_prefix: Prefix = "earshot_"


def check(options: Mapping[str, Any]) -> dict[str, Any]:
    """Validated options with their defaults."""
    return TrtcOptions.model_validate(dict(options)).model_dump()
