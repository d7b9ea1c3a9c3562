"""The vendor's labels. It publishes no table of them: they are kept as they come, and a plan's ``labels`` sorts
those that somebody has told."""

from collections.abc import Iterable, Mapping
from typing import Any

from earshot.domain.verdict import Label, LabelHit, RiskLevel

LEVELS = {
    "PASS": RiskLevel.PASS,
    "REVIEW": RiskLevel.REVIEW,
    "BLOCK": RiskLevel.REJECT,
    "REJECT": RiskLevel.REJECT,
}
"""``Decision`` of content security and ``Suggest`` of the RTC audit."""


def level_of(decision: str) -> RiskLevel:
    """What is not known is for a person to look at."""
    return LEVELS.get(decision, RiskLevel.REVIEW)


def surprise(decision: str) -> tuple[LabelHit, ...]:
    """A decision that no page knows, kept as a label that is told of."""
    return () if decision in LEVELS else (LabelHit(Label.UNKNOWN, f"decision:{decision[:64]}"),)


def hit(main: str | None, sub: str | None, options: Mapping[str, Any], score: Any = None) -> LabelHit | None:
    """One label, by the plan's table: the label with its sub-label, else either alone."""
    names = [name for name in (main, sub) if name]
    if not names:
        return None
    code, table = "/".join(names), options.get("labels") or {}
    known = next((table[name] for name in (code, *reversed(names)) if name in table), Label.OTHER)
    is_share = isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 1
    return LabelHit(Label(known), code, float(score) if is_share else None)


def distinct(hits: Iterable[LabelHit | None]) -> tuple[LabelHit, ...]:
    """Each vendor's label once, the first of them."""
    first: dict[str, LabelHit] = {}
    for one in hits:
        if one is not None:
            first.setdefault(one.vendor_code, one)
    return tuple(first.values())
