"""A JSON tree whose leaves may be expressions: how a description builds bodies, headers and results.

Operators, each an object with this one key: ``{"$": expression}`` a value; ``{"$json": tree}`` the tree as JSON in a
text; ``{"$secret": name}`` a secret, only where a call is signed or a push is proved; ``{"$table": {of, cases,
default}}`` one of several trees, by a value; ``{"$object": [[name, value], …]}`` an object whose names are trees too;
``{"$merge": [tree, …]}`` several objects as one. A null leaf drops its key; in a list it stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from earshot.vendors.declared.expressions import Expression
from earshot.vendors.declared.functions import as_text
from earshot.vendors.declared.parsing import written
from earshot.vendors.declared.places import BadDescription

MAX_DEPTH = 24
MAX_NODES = 128
MAX_MADE = 10_000
"""Values that one tree may come to."""

Context = Mapping[str, Any]
Make = Callable[[Context, Mapping[str, str]], Any]
"""Makes a value of a context and of the secrets."""


class NotMade(ValueError):
    """A tree could not be made of this context; ``place`` says which part."""

    def __init__(self, place: str, why: str) -> None:
        self.place = place
        super().__init__(f"{place}: {why}")


@dataclass(frozen=True)
class Names:
    """What a tree may name: ``roots`` of its context; by root what it holds, where that is known (``inner``); and
    ``secrets``, None where they must not stand."""

    roots: frozenset[str]
    inner: Mapping[str, frozenset[str]] = field(default_factory=dict)
    secrets: frozenset[str] | None = None

    def expression(self, text: Any, place: str) -> Expression:
        """A compiled expression that names nothing else."""
        made = Expression(text, place, self.roots)
        for root, *rest in made.reads:
            known = self.inner.get(root)
            if known is not None and (not rest or rest[0] not in known):
                wrong = f"there is no {root}.{rest[0]}" if rest else f"say what of `{root}` is meant"
                raise BadDescription(place, f"{wrong}; known: {', '.join(sorted(known)) or 'none'}")
        return made

    def over(self, roots: frozenset[str], *, secrets: bool = False) -> Names:
        """The same for another context."""
        return Names(roots, self.inner, self.secrets if secrets else None)


@dataclass
class Tree:
    """A compiled tree. ``reads`` are the paths, ``secrets`` the names that occur in it."""

    place: str
    names: Names
    reads: set[tuple[str, ...]] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set)
    _nodes: int = 0
    _make: Make = field(default=lambda _context, _secrets: None)

    def __call__(self, context: Context, secrets: Mapping[str, str] | None = None) -> Any:
        """The value. Raises :class:`NotMade`."""
        made = self._make(context, secrets or {})
        _check_size(made, self.place)
        return made

    def text(self, context: Context, secrets: Mapping[str, str] | None = None) -> str | None:
        """The value as a text; None if it is null. Raises :class:`NotMade` for a list or an object."""
        made = self._make(context, secrets or {})
        found = as_text(made)
        if found is None and made is not None:
            raise NotMade(self.place, "must come to a text, a number or a truth value")
        return found

    def compile(self, node: Any, place: str, depth: int = 0) -> Make:
        """What makes ``node``; for :func:`tree`."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise BadDescription(place, f"a tree has at most {MAX_NODES} parts, {MAX_DEPTH} deep")
        if isinstance(node, dict):
            return self._object(node, place, depth + 1)
        if isinstance(node, list):
            makes = [self.compile(item, f"{place}[{at}]", depth + 1) for at, item in enumerate(node)]
            return lambda context, secrets: [make(context, secrets) for make in makes]
        if node is not None and not isinstance(node, str | int | float | bool):
            raise BadDescription(place, "must be JSON")
        return lambda _context, _secrets: node

    def _object(self, node: dict[Any, Any], place: str, depth: int) -> Make:
        if not all(isinstance(key, str) for key in node):
            raise BadDescription(place, "names must be texts (put quotation marks around numbers)")
        operators = [key for key in node if key.startswith("$")]
        if operators:
            known = OPERATORS.get(operators[0])
            if known is None:
                raise BadDescription(place, f"`{operators[0]}` is no operator; known: {', '.join(OPERATORS)}")
            if len(node) > 1:
                raise BadDescription(place, f"`{operators[0]}` must be the only name of its object")
            return known(self, node[operators[0]], place, depth)
        makes = {key: self.compile(value, f"{place}.{key}", depth) for key, value in node.items()}
        return lambda context, secrets: _kept({key: make(context, secrets) for key, make in makes.items()})

    def value(self, node: Any, place: str, _depth: int) -> Make:
        """``$``."""
        expression = self.names.expression(node, place)
        self.reads |= expression.reads

        def make(context: Context, _secrets: Mapping[str, str]) -> Any:
            try:
                return expression(context)
            except ValueError as error:
                raise NotMade(place, f"its expression failed ({error})") from None

        return make

    def json(self, node: Any, place: str, depth: int) -> Make:
        """``$json``."""
        make = self.compile(node, place, depth)

        def write(context: Context, secrets: Mapping[str, str]) -> str:
            made = make(context, secrets)
            _check_size(made, place)
            return written(made)

        return write

    def secret(self, node: Any, place: str, _depth: int) -> Make:
        """``$secret``."""
        if self.names.secrets is None:
            raise BadDescription(place, "secrets stand in `sign` and `verify` alone")
        if not isinstance(node, str) or node not in self.names.secrets:
            raise BadDescription(
                place, f"there is no secret {node}; known: {', '.join(sorted(self.names.secrets))}"
            )
        self.secrets.add(node)
        return lambda _context, secrets: secrets[node]

    def table(self, node: Any, place: str, depth: int) -> Make:
        """``$table``."""
        if not isinstance(node, dict) or set(node) - {"of", "cases", "default"} or "of" not in node:
            raise BadDescription(place, "must have `of`, `cases` and `default`")
        if "default" not in node or not isinstance(node.get("cases"), dict):
            raise BadDescription(place, "must have `cases` and a `default` (which may be null)")
        of = self.value(node["of"], f"{place}.of", depth)
        cases = self._cases(node["cases"], place, depth)
        default = self.compile(node["default"], f"{place}.default", depth)

        def make(context: Context, secrets: Mapping[str, str]) -> Any:
            chosen = cases.get(as_text(of(context, secrets)) or "", default)
            return chosen(context, secrets)

        return make

    def _cases(self, cases: dict[Any, Any], place: str, depth: int) -> dict[str, Make]:
        for key in cases:
            if not isinstance(key, str):
                raise BadDescription(
                    f"{place}.cases", "names must be texts (put quotation marks around numbers)"
                )
        return {key: self.compile(value, f"{place}.cases.{key}", depth) for key, value in cases.items()}

    def object(self, node: Any, place: str, depth: int) -> Make:
        """``$object``."""
        if not isinstance(node, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in node):
            raise BadDescription(place, "must be a list of pairs [name, value]")
        pairs = [
            [self.compile(half, f"{place}[{at}]", depth) for half in pair] for at, pair in enumerate(node)
        ]

        def make(context: Context, secrets: Mapping[str, str]) -> dict[str, Any]:
            made = ((as_text(name(context, secrets)), value(context, secrets)) for name, value in pairs)
            return _kept({name: value for name, value in made if name})

        return make

    def merge(self, node: Any, place: str, depth: int) -> Make:
        """``$merge``."""
        if not isinstance(node, list):
            raise BadDescription(place, "must be a list of trees that come to objects")
        makes = [self.compile(item, f"{place}[{at}]", depth) for at, item in enumerate(node)]

        def make(context: Context, secrets: Mapping[str, str]) -> dict[str, Any]:
            merged: dict[str, Any] = {}
            for part in makes:
                found = part(context, secrets)
                if found is not None and not isinstance(found, dict):
                    raise NotMade(place, "only objects can be merged")
                merged |= found or {}
            return _kept(merged)

        return make


OPERATORS: dict[str, Callable[[Tree, Any, str, int], Make]] = {
    "$": Tree.value,
    "$json": Tree.json,
    "$secret": Tree.secret,
    "$table": Tree.table,
    "$object": Tree.object,
    "$merge": Tree.merge,
}


def tree(node: Any, place: str, names: Names) -> Tree:
    """A compiled tree. Raises BadDescription."""
    made = Tree(place, names)
    made._make = made.compile(node, place)
    return made


def _kept(made: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in made.items() if value is not None}


def _check_size(made: Any, place: str) -> None:
    """What an expression selects twice is shared, and written out twice: it is counted as it will be written."""
    left, level, depth = MAX_MADE, [made], 0
    while level:
        left, depth = left - len(level), depth + 1
        if left < 0 or depth > 2 * MAX_DEPTH:
            raise NotMade(place, "comes to too much")
        inner: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                inner.extend(value.values())
            elif isinstance(value, list):
                inner.extend(value)
            if len(inner) > MAX_MADE:
                raise NotMade(place, "comes to too much")
        level = inner
