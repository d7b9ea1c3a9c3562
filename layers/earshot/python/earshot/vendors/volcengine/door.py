"""What the webhook must know of a push before it says 200. Standard library only: this is a cold start.

Two kinds come to the same address. ``DetectionResult`` of the RTC audit (volcengine.com/docs/6348/104534) has an
``EventType`` and a signature. What content security pushes, if the vendor's support enables it, is documented
nowhere: taken to be ``Data`` of its answers, unsigned, so that the address is the proof.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from earshot.errors import Refused
from earshot.signing.volcengine_callback import SIGNED, is_plain, signature
from earshot.vendors.port import Delivery, Unreadable
from earshot.vendors.volcengine import slices

if TYPE_CHECKING:
    from earshot.secrets import Section

ANSWER = None
EVENT = "MachineReviewResult"
PASSED = "PASS"


def take(body: bytes, headers: Mapping[str, str], secrets: "Callable[[], Section]") -> Delivery:
    """One push. No header says anything."""
    del headers
    message = _parsed(body, "body")
    if "EventType" in message:
        _authenticate(message, secrets)
        return identify(body)
    found = slices.parts(message)
    if len(found) > 1:
        if slices.text(message.get("DataId")) is None:
            raise Unreadable("DataId: is missing or no text")
        return Delivery(f"batch#{hashlib.sha256(body).hexdigest()}", is_hit=True, body=body, is_batch=True)
    return identify(body)


def identify(result: bytes) -> Delivery:
    """By ``EventId``, or see :mod:`earshot.vendors.volcengine.slices`. An audit's result told twice, or by somebody
    who has recorded it, is the same: there is nothing that its age would add."""
    message = _parsed(result, "body")
    if "EventType" in message:
        return _event(message, result)
    key, family, is_hit = slices.named(message)
    return Delivery(key, is_hit, result, family=family)


def split(batch: bytes) -> Sequence[bytes]:
    """One result a slice or frame, each with the names of its task."""
    return [slices.encoded(one) for one in slices.apart(_parsed(batch, "body"))]


def detection(message: Mapping[str, Any]) -> dict[str, Any]:
    """``EventData``, JSON in a string. Raises :class:`Unreadable`."""
    if message.get("EventType") != EVENT:
        raise Unreadable(f"EventType: is not {EVENT}")
    inside = message.get("EventData")
    if not isinstance(inside, str):
        raise Unreadable("EventData: is missing or no text")
    return _parsed(inside.encode("utf-8", "replace"), "EventData")


def _event(message: Mapping[str, Any], body: bytes) -> Delivery:
    data = detection(message)
    name = slices.text(message.get("EventId"))
    if name is None:
        raise Unreadable("EventId: is missing or no text")
    suggest = data.get("Suggest")
    is_pass = isinstance(suggest, str) and suggest.strip() == PASSED
    return Delivery(f"event#{slices.short(name)}", not is_pass, body)


def _authenticate(message: Mapping[str, Any], secrets: "Callable[[], Section]") -> None:
    """Plain SHA-256 over the sorted values and the secret (volcengine.com/docs/6348/69820), joined by nothing: not
    signed is where one value ends. So the time must be one, and the application one that we know."""
    ours, app_id = secrets(), message.get("AppId")
    if not isinstance(app_id, str) or app_id not in ours:
        raise Refused("not_authenticated")
    known = ours.part(app_id).all("webhook_secret")
    values = [message.get(name) for name in (*SIGNED, "Nonce", "Signature")]
    given = [value for value in values if isinstance(value, str) and is_plain(value)]
    if len(given) < len(values) or not _is_time(given[SIGNED.index("EventTime")]):
        raise Refused("not_authenticated")
    expected = [signature(given[:-1], one) for one in known]
    fits = [hmac.compare_digest(one.encode(), given[-1].encode()) for one in expected]
    if not any(fits):
        raise Refused("not_authenticated")


def _is_time(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _parsed(body: bytes, where: str) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except RecursionError:
        raise Unreadable(f"{where}: nested too deeply") from None
    except ValueError:
        raise Unreadable(f"{where}: is not JSON") from None
    if not isinstance(found, dict):
        raise Unreadable(f"{where}: is not a JSON object")
    return found
