"""What a slice deserves, as far as the door must know it too. Standard library only.

``action``, ``label`` and ``review`` are those of the file interface (recording, async: moderation and vulgar pages);
that streams have the same ones is inferred.
"""

from typing import Any

from earshot.vendors.tupu.elements import Block, Element, word
from earshot.vendors.tupu.tasks import DESCRIBING

PASS, REVIEW, REJECT = "PASS", "REVIEW", "REJECT"
ACTIONS = {"block": REJECT, "review": REVIEW, "pass": PASS}
NORMAL = frozenset({"normal", "0"})
"""Labels of what is nothing; 0, of the vulgar task, is inferred."""
JUDGEMENT = ("action", "label", "review", "rate")


def is_judged(element: Element) -> bool:
    """Whether it says, in words that we know, what the slice deserves. ``label`` may say who speaks instead."""
    if element.task in DESCRIBING:
        return word(element.slice.get("action")) is not None
    values = [element.slice.get(name) for name in JUDGEMENT]
    return any(isinstance(value, str | int | float) and value != "" for value in values)


def level(block: Block) -> str | None:
    """One of the three; None where too little is said. An ``action`` that nobody documents is no PASS."""
    action = (word(block.get("action")) or "").lower()
    if action in ACTIONS:
        return ACTIONS[action]
    label, review = word(block.get("label")), _is_set(block.get("review"))
    if label and label.lower() not in NORMAL:
        return REVIEW if review else REJECT
    if action or review:
        return REVIEW
    return PASS if label else None


def is_hit(element: Element) -> bool:
    """Whether a plan that keeps hits alone must have it: everything but what is known to be none."""
    if is_judged(element):
        return level(element.slice) != PASS
    return element.task not in DESCRIBING


def _is_set(value: Any) -> bool:
    return (word(value) or "").lower() in {"true", "1"} or value is True
