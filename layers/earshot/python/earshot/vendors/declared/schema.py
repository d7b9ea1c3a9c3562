"""The settings that a plan may give a declared vendor: a small part of JSON Schema, strict, and nothing coerced."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from earshot.vendors.declared.places import BadDescription, Part

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
WORDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}
MAX_DEPTH = 6
MAX_SIZE = 4_096
Loc = tuple[str | int, ...]


class Invalid(ValueError):
    """A setting of the plan is wrong; ``loc`` says where."""

    def __init__(self, loc: Loc, why: str, given: Any) -> None:
        self.loc, self.why, self.given = loc, why, given
        super().__init__(f"{'.'.join(map(str, loc))}: {why}")


@dataclass(frozen=True)
class Schema:
    """Of one value. ``properties`` None: an object may have any; ``assumed``: why its default is not confirmed."""

    type: str
    enum: tuple[Any, ...] = ()
    least: float = -math.inf
    most: float = math.inf
    items: Schema | None = None
    properties: Mapping[str, Schema] | None = None
    default: Any = None
    description: str = ""
    assumed: str = ""
    nested: int = field(default=0, repr=False)

    def check(self, given: Any, loc: Loc) -> Any:
        """The value, completed with the defaults inside it. Raises :class:`Invalid`."""
        if not isinstance(given, TYPES[self.type]) or (isinstance(given, bool) and self.type != "boolean"):
            raise Invalid(loc, f"must be {WORDS[self.type]}", given)
        value: Any = given
        if self.enum and given not in self.enum:
            raise Invalid(loc, f"must be one of {', '.join(map(str, self.enum))}", given)
        self._check_range(given, loc)
        if self.type == "array" and self.items is not None:
            return [self.items.check(item, (*loc, index)) for index, item in enumerate(value)]
        if self.type == "object" and self.properties is not None:
            return complete(self.properties, value, loc)
        return value

    def _check_range(self, given: Any, loc: Loc) -> None:
        is_number = self.type in {"integer", "number"}
        if is_number and not math.isfinite(given):
            raise Invalid(loc, "must be a finite number", given)
        size = given if is_number else len(given) if self.type in {"string", "array", "object"} else 0
        most = self.most if is_number else min(self.most, MAX_SIZE)
        if self.type != "boolean" and not self.least <= size <= most:
            what = "must be" if is_number else "must have a length of"
            raise Invalid(loc, f"{what} {_bound(self.least)} to {_bound(most)}", given)


def _bound(number: float) -> str:
    return "any" if math.isinf(number) else str(number)


def complete(properties: Mapping[str, Schema], given: Mapping[str, Any], loc: Loc = ()) -> dict[str, Any]:
    """Checked, with defaults; a setting that is null counts as not given. Raises :class:`Invalid`."""
    for name, value in given.items():
        if name not in properties:
            known = ", ".join(properties) or "none"
            raise Invalid((*loc, str(name)), f"is not a setting; known: {known}", value)
    made = {}
    for name, schema in properties.items():
        value = given.get(name)
        value = schema.default if value is None else value
        made[name] = None if value is None else schema.check(value, (*loc, name))
    return made


def mended(properties: Mapping[str, Schema], given: Mapping[str, Any]) -> dict[str, Any]:
    """The same for settings that were checked by another version of the description: a running task must be finished
    and its results read whatever has changed. What does not fit any more is the default."""
    made: dict[str, Any] = {}
    for name, schema in properties.items():
        try:
            made |= complete({name: schema}, {name: given.get(name)})
        except Invalid:
            made |= complete({name: schema}, {})
    return made


def properties(part: Part, depth: int = 0) -> dict[str, Schema]:
    """A compiled ``settings``, or the ``properties`` of an object. Raises BadDescription."""
    return {name: schema(value, place, depth) for name, value, place in part.fields()}


def schema(value: Any, place: str, depth: int = 0) -> Schema:
    """One compiled schema. Raises BadDescription."""
    if depth > MAX_DEPTH:
        raise BadDescription(place, "is nested too deeply")
    part = Part(value, place)
    kind = part.choice("type", tuple(TYPES))
    least, most = _limits(part, kind)
    inner = part.take("items") if kind == "array" else None
    has_properties = kind == "object" and "properties" in part
    made = Schema(
        kind,
        tuple(item for item, _ in part.items("enum")),
        least,
        most,
        schema(inner, part.at("items"), depth + 1) if inner is not None else None,
        properties(part.part("properties"), depth + 1) if has_properties else None,
        part.take("default"),
        part.text("description", ""),
        part.text("assumed", ""),
    )
    part.done()
    _check_default(made, part)
    return made


def _limits(part: Part, kind: str) -> tuple[float, float]:
    names = {"string": ("minLength", "maxLength"), "array": ("minItems", "maxItems")}
    low, high = names.get(kind, ("minimum", "maximum"))
    least = part.number(low, -1e18, 1e18, -1e18)
    most = part.number(high, -1e18, 1e18, 1e18)
    return (-math.inf if least == -1e18 else least), (math.inf if most == 1e18 else most)


def _check_default(made: Schema, part: Part) -> None:
    if made.default is None:
        return
    try:
        made.check(made.default, ())
    except Invalid as error:
        raise part.wrong("default", error.why) from None
