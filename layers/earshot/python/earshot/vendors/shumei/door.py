"""What the webhook must know of a callback before it says 200. Standard library only: this is a cold start."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from earshot.vendors.port import Delivery, Unreadable

if TYPE_CHECKING:
    from earshot.secrets import Section

ANSWER = None


def take(body: bytes, headers: Mapping[str, str], secrets: "Callable[[], Section]") -> Delivery:
    """Shumei signs nothing: the address that it pushes to is the proof."""
    del headers, secrets
    return identify(body)


def split(batch: bytes) -> Sequence[bytes]:
    """Every push is of one result."""
    return (batch,)


def identify(result: bytes) -> Delivery:
    """The name of a result is its ``requestId`` (a *segment* id), with ``statCode`` and a failing ``code``:
    the end of a task and a vendor's own error must not be taken for the segment that they share an id with. Of a
    video stream ``contentType`` too: its pictures and its sound end with the same id."""
    message = _parse(result)
    request_id = message.get("requestId")
    if not isinstance(request_id, str) or not request_id.strip():
        raise Unreadable("requestId: is missing or not a string")
    code, stat_code = _as_int(message, "code"), _as_int(message, "statCode") or 0
    key = request_id.strip()
    if not key.isprintable():
        raise Unreadable("requestId: holds characters that are none")
    key += _content(message)
    if stat_code:
        key += f"#stat{stat_code}"
    if code != 1100:
        key += f"#code{code}"
    is_hit = code != 1100 or stat_code != 0 or not _passes(message)
    return Delivery(key, is_hit, result)


def _content(message: dict[str, Any]) -> str:
    """1 picture, 2 sound; the key of what names neither is its id alone, as in v2."""
    content = message.get("contentType")
    return f"#content{content}" if isinstance(content, int | str) and str(content) in {"1", "2"} else ""


def _passes(message: dict[str, Any]) -> bool:
    """The level stands at the top (v2), or in what was judged (V4). Where none stands nobody says that it passes."""
    parts = (message, message.get("audioDetail"), message.get("frameDetail"))
    levels = [part["riskLevel"] for part in parts if isinstance(part, dict) and "riskLevel" in part]
    return bool(levels) and all(level == "PASS" for level in levels)


def _parse(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except RecursionError:
        raise Unreadable("body: nested too deeply") from None
    except ValueError as error:
        where = (
            f"line {error.lineno} column {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else "UTF-8"
        )
        raise Unreadable(f"body: is not JSON ({where})") from None
    if not isinstance(message, dict):
        raise Unreadable("body: is not a JSON object")
    return message


def _as_int(message: dict[str, Any], field: str) -> int | None:
    value = message.get(field)
    if value is None and field != "code":
        return None
    try:
        return int(value)  # type: ignore[arg-type]  # a None code is refused with the others
    except (TypeError, ValueError, OverflowError):
        raise Unreadable(f"{field}: is missing or not a number") from None
