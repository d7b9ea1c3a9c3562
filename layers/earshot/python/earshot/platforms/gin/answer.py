"""What the token service may answer, by our own protocol: the HTTP status decides."""

import ipaddress
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from earshot.answers import read
from earshot.errors import EarshotError, GiveUp, Misconfigured, RetryLater
from earshot.http_client import Answer

LATER = frozenset({408, 425, 429})


def _ip(value: str) -> str:
    ipaddress.ip_address(value)
    return value


def _port(value: Any) -> str:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and 1 <= int(text) <= 65_535):
        raise ValueError("must be 1 to 65535")
    return text


class Entrance(BaseModel):
    """How to enter: an opaque room token, and where. ``expires_in_s`` if the service knows."""

    token: Annotated[str, Field(min_length=1, max_length=4_096)]
    ip: Annotated[str, AfterValidator(_ip)]
    port: Annotated[str, BeforeValidator(_port)]
    expires_in_s: Annotated[int, Field(ge=1, le=10**9)] | None = None


def entrance(answer: Answer, app_id: str) -> Entrance:
    """The entrance, or the error that the answer stands for."""
    if answer.status == 200:
        return read(answer, Entrance, "gin")
    raise _error(answer.status, app_id)


def _error(status: int, app_id: str) -> EarshotError:
    if status in {401, 403}:
        return Misconfigured(
            f"gin.{app_id}.token_key", f"gin_{status}: the token service refused the signature"
        )
    if 300 <= status < 400:
        return Misconfigured(f"gin.{app_id}.token_url", f"gin_{status}: redirects are not followed")
    if status >= 500 or status in LATER:
        return RetryLater(f"gin_{status}", "the token service asks to come later")
    return GiveUp(f"gin_{status}", "the token service refused the room")
