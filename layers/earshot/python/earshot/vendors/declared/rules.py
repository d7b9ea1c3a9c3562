"""What an answer means: rules in their order, the first that holds, the last without a condition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from earshot.errors import (
    EarshotError,
    Exhausted,
    GiveUp,
    Misconfigured,
    OutcomeUnknown,
    RetryLater,
    Suspended,
)
from earshot.vendors.declared.expressions import Expression
from earshot.vendors.declared.functions import as_text
from earshot.vendors.declared.parsing import parsed
from earshot.vendors.declared.places import Part
from earshot.vendors.declared.trees import Names

if TYPE_CHECKING:
    from earshot.http_client import Answer

ROOTS = frozenset({"status", "body", "error", "settings"})
OUTCOMES = {
    "submit": ("accepted", "already_running"),
    "finish": ("finished", "gone"),
    "poll": ("accepted", "gone"),
}
"""By call, those that end it well."""
TROUBLES = ("retry", "rate_limited", "bad_credentials", "suspended", "rejected", "unknown")
CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")


@dataclass(frozen=True)
class Rules:
    """``code`` finds the vendor's code of an answer, for the reason of an error."""

    call: str
    rules: tuple[tuple[Expression | None, str], ...]
    code: Expression | None

    def expressions(self) -> list[Expression]:
        """All that they evaluate."""
        return [one for one in (*(when for when, _ in self.rules), self.code) if one is not None]

    def outcome(self, context: Mapping[str, Any]) -> str:
        """The first that holds. An expression that fails leaves open what was done."""
        try:
            return next(outcome for when, outcome in self.rules if when is None or when.holds(context))
        except ValueError:
            return "unknown"

    def error(self, vendor: str, outcome: str, context: Mapping[str, Any]) -> EarshotError:
        """The error that an outcome stands for."""
        reason = f"{vendor}_{self.code_of(context)}"
        if outcome == "bad_credentials":
            return Misconfigured(f"secret {vendor}", f"{reason}: the vendor refuses the credentials")
        kinds: dict[str, type[EarshotError]] = {
            "retry": RetryLater,
            "rate_limited": Exhausted,
            "suspended": Suspended,
            "rejected": GiveUp,
        }
        return kinds.get(outcome, OutcomeUnknown)(reason, f"outcome {outcome}")

    def code_of(self, context: Mapping[str, Any]) -> str:
        """The vendor's code if it is a word, else the status."""
        try:
            found = as_text(self.code(context)) if self.code else None
        except ValueError:
            found = None
        return found if found and CODE.fullmatch(found) else f"http_{context['status']}"


def rules(part: Part, call: str, names: Names) -> Rules:
    """Of one call. Raises BadDescription."""
    names = names.over(ROOTS)
    known = (*OUTCOMES[call], *TROUBLES)
    found: list[tuple[Expression | None, str]] = []
    given = part.items("rules")
    for value, place in given:
        rule = Part(value, place)
        when = rule.take("when")
        found.append(
            (
                names.expression(when, rule.at("when")) if when is not None else None,
                rule.choice("outcome", known),
            )
        )
        rule.done()
    conditional = [when is not None for when, _ in found]
    if not found or conditional[-1] or not all(conditional[:-1]):
        raise part.wrong("rules", "every rule but the last has a `when`, and the last has none")
    if found[-1][1] in OUTCOMES[call]:
        raise part.wrong("rules", f"an answer that no rule knows must not count as {found[-1][1]}")
    code = part.take("code")
    return Rules(call, tuple(found), names.expression(code, part.at("code")) if code is not None else None)


def context_of(answer: Answer, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What rules look at; ``error`` is ``unreadable`` where the body is no JSON, and then ``body`` is null."""
    try:
        body, error = parsed(answer.body), None
    except ValueError:
        body, error = None, "unreadable"
    return {"status": answer.status, "body": body, "error": error, "settings": settings}
