"""JMESPath within limits: what is allowed is settled when a description is read, what it may cost when it is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jmespath import exceptions, parser, visitor  # type: ignore[import-untyped]

from earshot.vendors.declared.functions import KNOWN, Functions, TooMuch
from earshot.vendors.declared.places import BadDescription

MAX_LENGTH = 512
MAX_NODES = 128
MAX_DEPTH = 24
MAX_FLATTENS = 3
MAX_STEPS = 50_000
"""Nodes visited and elements flattened by one evaluation."""
NODES = frozenset(
    {"field", "subexpression", "index", "index_expression", "identity", "current", "literal", "pipe"}
    | {"projection", "value_projection", "filter_projection", "flatten", "function_expression", "comparator"}
    | {"and_expression", "or_expression", "not_expression"}
    | {"multi_select_list", "multi_select_dict", "key_val_pair"}
)
"""All but slices and references to expressions."""
ONWARD = frozenset(
    {"subexpression", "index_expression", "pipe", "projection", "value_projection", "filter_projection"}
)
"""Their first child looks at what they look at; the others look at what it found."""
FUNCTIONS = Functions()
Node = dict[str, Any]


class Failed(ValueError):
    """An expression could not be evaluated: it called a function on what it does not take, or cost too much."""


class Interpreter(visitor.TreeInterpreter):  # type: ignore[misc]  # jmespath has no types
    """One evaluation, which counts what it costs."""

    def __init__(self) -> None:
        super().__init__(visitor.Options(custom_functions=FUNCTIONS))
        self._left = MAX_STEPS

    def visit(self, node: Node, *args: Any, **kwargs: Any) -> Any:
        """One step."""
        self._pay(1)
        return super().visit(node, *args, **kwargs)

    def visit_flatten(self, node: Node, value: Any) -> Any:
        """So many steps as there are elements."""
        made = super().visit_flatten(node, value)
        self._pay(len(made) if made else 0)
        return made

    def _pay(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise TooMuch("an expression costs too much")


class Expression:
    """One expression. ``reads``: what it reads of its context, as far as fields go by their names."""

    def __init__(self, text: Any, place: str, roots: frozenset[str]) -> None:
        if not isinstance(text, str) or not text.strip():
            raise BadDescription(place, "must be an expression")
        if len(text) > MAX_LENGTH:
            raise BadDescription(place, f"an expression has at most {MAX_LENGTH} characters")
        try:
            self._tree: Node = parser.Parser().parse(text).parsed
            _check(self._tree, place)
        except (exceptions.JMESPathError, RecursionError, ValueError) as error:
            if isinstance(error, BadDescription):
                raise
            raise BadDescription(place, "is not an expression of JMESPath") from None
        self.reads = frozenset(_reads(self._tree))
        strangers = sorted({path[0] for path in self.reads} - roots)
        if strangers:
            known = ", ".join(sorted(roots))
            raise BadDescription(place, f"`{strangers[0]}` is not known here; known: {known}")

    def __call__(self, context: Mapping[str, Any]) -> Any:
        """Its value: plain JSON. Raises :class:`Failed`."""
        try:
            return Interpreter().visit(self._tree, context)
        except (exceptions.JMESPathError, TooMuch, RecursionError, ValueError, TypeError) as error:
            raise Failed(type(error).__name__) from None

    def holds(self, context: Mapping[str, Any]) -> bool:
        """Whether its value counts as true for JMESPath."""
        found = self(context)
        return not (found is None or found is False or found in ("", [], {}))

    @property
    def path(self) -> tuple[str, ...] | None:
        """Its field names if it is nothing but a way from field to field; None otherwise."""
        return _path(self._tree)


def _check(tree: Node, place: str) -> None:
    count = flattens = 0
    level, depth = [tree], 0
    while level:
        depth, count = depth + 1, count + len(level)
        if depth > MAX_DEPTH or count > MAX_NODES:
            raise BadDescription(place, f"at most {MAX_NODES} parts, {MAX_DEPTH} deep")
        for node in level:
            flattens += node["type"] == "flatten"
            _check_node(node, place)
        level = [child for node in level for child in node["children"]]
    if flattens > MAX_FLATTENS:
        raise BadDescription(place, f"flattens at most {MAX_FLATTENS} times")


def _check_node(node: Node, place: str) -> None:
    kind = node["type"]
    if kind not in NODES:
        raise BadDescription(place, f"{kind} is not allowed in an expression")
    if kind == "function_expression" and node["value"] not in KNOWN:
        known = ", ".join(sorted(KNOWN))
        raise BadDescription(place, f"function `{node['value']}` is not known; known: {known}")


def _reads(node: Node) -> Iterator[tuple[str, ...]]:
    """What is read of the context itself. ``@`` reads all of it: the empty name, which nobody knows."""
    path = _path(node)
    if path is not None:
        yield path
        return
    kind, children = node["type"], node["children"]
    if kind in {"current", "identity"}:
        yield ("",)
    for child in children[:1] if kind in ONWARD else children:
        yield from _reads(child)


def _path(node: Node) -> tuple[str, ...] | None:
    if node["type"] == "field":
        return (node["value"],)
    if node["type"] != "subexpression":
        return None
    parts = [_path(child) for child in node["children"]]
    return tuple(step for part in parts for step in part or ()) if all(parts) else None
