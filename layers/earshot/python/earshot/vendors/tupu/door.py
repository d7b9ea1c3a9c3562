"""What the webhook must know of a callback before it says 200. Standard library only: this is a cold start.

What is signed holds Tupu's time and nonce, but a name is what keeps a callback that comes again from being told
again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from earshot.domain.ids import is_task_ref
from earshot.errors import Refused
from earshot.vendors.port import Delivery, Unreadable
from earshot.vendors.tupu.elements import Block, Element, elements, failure, parsed, word
from earshot.vendors.tupu.envelope import is_genuine
from earshot.vendors.tupu.fields import OUR_TASK
from earshot.vendors.tupu.judging import PASS, REJECT, is_hit, is_judged, level
from earshot.vendors.tupu.naming import name, short

if TYPE_CHECKING:
    from earshot.secrets import Section

ANSWER = None
UNSIGNED = "accept_unsigned"
MAX_FIELDS = 32


def take(body: bytes, headers: Mapping[str, str], secrets: "Callable[[], Section]") -> Delivery:
    """A signed envelope, as JSON or as a form. What is not signed is taken only if the secret says so; what is
    signed by somebody else never."""
    del headers
    ours = secrets()
    envelope = _envelope(body)
    text, signature = envelope.get("json"), envelope.get("signature") or None
    if not isinstance(text, str):
        text, signature = None, None
    if signature is None and not _takes_unsigned(ours):
        raise Refused("not_authenticated")
    if text is None:
        return identify(body)
    if signature is not None and not is_genuine(text, signature, ours):
        raise Refused("not_authenticated")
    return identify(text.encode("utf-8", "surrogatepass"))


def identify(result: bytes) -> Delivery:
    """Of a callback with one element; one with several is a batch. See :mod:`earshot.vendors.tupu.naming`."""
    callback = parsed(result)
    try:
        found = elements(callback)
        if not found:
            return Delivery(_trouble(callback), is_hit=True, body=result)
        if len(found) == 1:
            return Delivery(name(found[0]), is_hit(found[0]), result, task_ref=_ours(found[0]))
        key = f"batch#{hashlib.sha256(result).hexdigest()}"
        return Delivery(key, any(is_hit(one) for one in found), result, is_batch=True)
    except RecursionError:
        raise Unreadable("body: nested too deeply") from None


def split(batch: bytes) -> Sequence[bytes]:
    """Each element by itself, the worst first: of two that have the same name, the first is kept."""
    try:
        return [one.alone() for one in sorted(elements(parsed(batch)), key=_mildness)]
    except RecursionError:
        raise Unreadable("body: nested too deeply") from None


def _trouble(callback: Block) -> str:
    """The name of a callback without slices."""
    task_id, code = failure(callback)
    return f"{short(task_id)}#code{short(str(code))}"


def _envelope(body: bytes) -> Mapping[str, Any]:
    """The object, or the form's fields; nothing for what is neither, or names a field of the form twice."""
    try:
        if body.lstrip()[:1] == b"{":
            found = json.loads(body)
            return found if isinstance(found, dict) else {}
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except (ValueError, RecursionError):
        return {}
    form = dict(pairs)
    return form if len(form) == len(pairs) else {}


def _takes_unsigned(ours: "Section") -> bool:
    chosen = ours.raw.get(UNSIGNED, False)
    if not isinstance(chosen, bool):
        raise ours.wrong(UNSIGNED, "must be true or false")
    return chosen


def _mildness(element: Element) -> int:
    found = level(element.slice) if is_judged(element) else None
    return 0 if found == REJECT else 2 if found == PASS else 1


def _ours(element: Element) -> str | None:
    """Our own name of the task, handed back with every slice."""
    found = next(filter(None, (word(element.slice.get(field)) for field in OUR_TASK)), None)
    return found if found is not None and is_task_ref(found) else None
