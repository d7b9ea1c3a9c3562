"""Choice rules, as far as the machine uses them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.chaos.paths import Unplayed, is_there, known, look

Rule = Mapping[str, Any]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numeric(compare: Callable[[float, float], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, wanted: _is_number(value) and compare(value, wanted)


TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "StringEquals": lambda value, wanted: isinstance(value, str) and value == wanted,
    "BooleanEquals": lambda value, wanted: isinstance(value, bool) and value is wanted,
    "NumericEquals": _numeric(lambda value, wanted: value == wanted),
    "NumericGreaterThan": _numeric(lambda value, wanted: value > wanted),
    "NumericGreaterThanEquals": _numeric(lambda value, wanted: value >= wanted),
    "NumericLessThan": _numeric(lambda value, wanted: value < wanted),
    "NumericLessThanEquals": _numeric(lambda value, wanted: value <= wanted),
    "IsNull": lambda value, wanted: (value is None) is wanted,
    "IsNumeric": lambda value, wanted: _is_number(value) is wanted,
    "IsString": lambda value, wanted: isinstance(value, str) is wanted,
    "IsBoolean": lambda value, wanted: isinstance(value, bool) is wanted,
}
"""A value of another type than the operator's does not match, and is no error."""
NESTED = ("And", "Or", "Not")


def holds(rule: Rule, data: Any) -> bool:
    """Whether a rule applies; raises NoSuchPath for a variable that is not there (but not for IsPresent)."""
    if "And" in rule:
        return all(holds(one, data) for one in rule["And"])
    if "Or" in rule:
        return any(holds(one, data) for one in rule["Or"])
    if "Not" in rule:
        return not holds(rule["Not"], data)
    (operator,) = set(rule) - {"Variable", "Next", "Comment"}
    if operator == "IsPresent":
        return is_there(rule["Variable"], data) is rule["IsPresent"]
    return TESTS[operator](look(rule["Variable"], data), rule[operator])


def check(rule: Rule, *, top: bool = True) -> None:
    """Raises Unplayed for anything that :func:`holds` would get wrong."""
    extra = {"Next", "Comment"} if top else {"Comment"}
    nested = [name for name in NESTED if name in rule]
    if nested:
        (name,) = nested
        _only(rule, {name, *extra})
        for below in [rule["Not"]] if name == "Not" else rule[name]:
            check(below, top=False)
        return
    operators = set(rule) - {"Variable", *extra}
    if len(operators) != 1 or not operators <= {*TESTS, "IsPresent"}:
        raise Unplayed(f"choice rule {dict(rule)}")
    known(rule["Variable"])


def _only(rule: Rule, names: set[str]) -> None:
    if not set(rule) <= names:
        raise Unplayed(f"choice rule {dict(rule)}")
