"""A vendor's result on its way to the table, whichever way it came."""

import hashlib

from earshot.domain import ids
from earshot.log_codes import LogCode
from earshot.store.port import Segment
from earshot.telemetry import note
from earshot.vendors.port import Delivery, Door, Unreadable


def segment_of(door: Door, vendor: str, task_ref: str, result: bytes, now: int) -> Segment | None:
    """What is kept of one result: the result, or, if it is not understood, the same in quarantine; None if the plan
    of its task keeps hits alone and it is none."""
    try:
        delivery = door.identify(result)
    except Unreadable as problem:
        return quarantined(vendor, task_ref, result, now, str(problem))
    return kept(vendor, task_ref, delivery, now)


def kept(vendor: str, task_ref: str, delivery: Delivery, now: int) -> Segment | None:
    """See :func:`segment_of`."""
    if delivery.task_ref not in {None, task_ref}:
        return quarantined(vendor, task_ref, delivery.body, now, "it names another task than its address")
    if ids.keeps_hits_only(task_ref) and not delivery.is_hit:
        return None
    return Segment(task_ref, delivery.key, vendor, delivery.body, now, is_batch=delivery.is_batch)


def quarantined(
    vendor: str, task_ref: str, body: bytes, now: int, problem: str, code: LogCode = LogCode.ES302
) -> Segment:
    """Genuine but not understood: repeating it would change nothing, so it is kept whole, and counted."""
    note(code, task_ref=task_ref, problem=problem)
    return Segment(task_ref, f"quarantine-{hashlib.sha256(body).hexdigest()}", vendor, body, now, problem)
