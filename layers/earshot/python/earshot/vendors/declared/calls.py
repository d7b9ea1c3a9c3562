"""A call that a description makes: its request, and what its answers mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from earshot.errors import BadInput
from earshot.vendors.declared.draft import HEADER, OURS, Draft, header_value, scalars, segment
from earshot.vendors.declared.expressions import Expression
from earshot.vendors.declared.origins import Origin
from earshot.vendors.declared.places import BadDescription, Part
from earshot.vendors.declared.rules import Rules, rules
from earshot.vendors.declared.signing import Recipe, recipe, signed
from earshot.vendors.declared.trees import Names, NotMade, Tree, tree

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
KINDS = ("json", "form", "text")
START = frozenset(
    {"task", "room", "token", "settings", "callback_url", "now_s", "now_ms", "nonce", "request_id"}
)
LATER = frozenset({"task", "settings", "now_s", "now_ms", "nonce", "request_id"})
"""What is still known of a task when it is finished or asked about."""


@dataclass(frozen=True)
class Demand:
    """Something that must hold before the call is made; ``field`` and ``says`` make the error."""

    that: Expression
    field: str
    says: str


@dataclass(frozen=True)
class Call:
    """A compiled call. ``origin`` comes to the name of one; None: wherever the task was accepted."""

    place: str
    method: str
    origin: Tree | None
    path: tuple[Tree, ...]
    query: Tree
    headers: Mapping[str, Tree]
    kind: str | None
    body: Tree | None
    sign: tuple[Recipe, ...]
    rules: Rules
    demands: tuple[Demand, ...]

    def draft(self, origin: Origin, context: Mapping[str, Any], secrets: Mapping[str, str]) -> Draft:
        """The signed request. Raises BadInput, which names the field."""
        try:
            self._check(context)
            draft = Draft(self.method, origin, self._path(context), {}, {}, self.kind)
            draft.query = scalars(self.query(context) or {}, f"{self.place}.query")
            draft.headers = self._headers(context)
            draft.body = self._body(context)
            signed(draft, self.sign, context, secrets)
        except NotMade as error:
            raise BadInput(error.place, str(error).partition(": ")[2]) from None
        return draft

    def trees(self) -> Iterator[Tree]:
        """Every tree of the request."""
        yield from self.path
        yield self.query
        yield from self.headers.values()
        yield from (one for one in (self.origin, self.body) if one is not None)
        for one in self.sign:
            yield from one.trees

    def reads(self) -> set[tuple[str, ...]]:
        """The paths that the call reads of what is known before it, or that its rules do."""
        asked = [*(demand.that for demand in self.demands), *self.rules.expressions()]
        by_trees = {path for one in self.trees() for path in one.reads}
        return by_trees | {path for one in asked for path in one.reads}

    def _check(self, context: Mapping[str, Any]) -> None:
        for demand in self.demands:
            try:
                holds = demand.that.holds(context)
            except ValueError:
                holds = False
            if not holds:
                raise BadInput(demand.field, demand.says)

    def _path(self, context: Mapping[str, Any]) -> str:
        return "/" + "/".join(segment(step.text(context) or "", step.place) for step in self.path)

    def _headers(self, context: Mapping[str, Any]) -> dict[str, str]:
        made = {name: value.text(context) for name, value in self.headers.items()}
        return {name: header_value(name, text) for name, text in made.items() if text is not None}

    def _body(self, context: Mapping[str, Any]) -> Any:
        if self.body is None:
            return None
        if self.kind == "text":
            return self.body.text(context) or ""
        made = self.body(context)
        if self.kind == "json":
            return made
        if not isinstance(made, Mapping):
            raise BadInput(self.body.place, "must come to an object")
        return scalars(made, self.body.place)


Shared = list[tuple[Any, str]]
"""Recipes of all calls, with their places."""


def call(part: Part, which: str, names: Names, origins: frozenset[str], shared: Shared) -> Call:
    """One of ``submit``, ``finish``, ``poll``; what else it may hold, its caller reads. Raises BadDescription."""
    inside, proofs = names.over(names.roots), names
    origin = _origin(part, inside, origins, required=which == "submit")
    kinds = [kind for kind in KINDS if kind in part]
    if len(kinds) > 1:
        raise part.wrong(kinds[1], f"there is a {kinds[0]} body already")
    kind = kinds[0] if kinds else None
    method = part.choice("method", METHODS)
    if kind is not None and method == "GET":
        raise part.wrong(kind, "a GET has no body")
    return Call(
        part.place,
        method,
        origin,
        tuple(tree(value, place, inside) for value, place in part.items("path")),
        tree(part.take("query", {}), part.at("query"), inside),
        part.table("headers", lambda value, place: _header(value, place, inside), optional=True),
        kind,
        tree(part.take(kind), part.at(kind), inside) if kind else None,
        tuple(recipe(value, place, proofs) for value, place in (*part.items("sign"), *shared)),
        rules(part, which, names),
        tuple(_demand(value, place, inside) for value, place in part.items("requires")),
    )


def _origin(part: Part, names: Names, origins: frozenset[str], *, required: bool) -> Tree | None:
    given = part.need("origin") if required else part.take("origin")
    if isinstance(given, str) and given not in origins:
        raise part.wrong("origin", f"there is no origin {given}; known: {', '.join(sorted(origins))}")
    return None if given is None else tree(given, part.at("origin"), names)


def _header(value: Any, place: str, names: Names) -> Tree:
    name = place.rpartition(".")[2]
    if not HEADER.fullmatch(name) or name.lower() in OURS:
        raise BadDescription(place, "is not a header that a description may set")
    return tree(value, place, names)


def _demand(value: Any, place: str, names: Names) -> Demand:
    part = Part(value, place)
    made = Demand(
        names.expression(part.need("that"), part.at("that")), part.text("field"), part.text("otherwise")
    )
    part.done()
    return made
