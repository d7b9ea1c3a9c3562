"""Whoever writes a description may write anything: it is sound, or refused with a place, and nothing else happens."""

import contextlib
import copy
import json
from collections.abc import Iterator
from typing import Any

from earshot.vendors.declared.capabilities import rows
from earshot.vendors.declared.description import compiled
from earshot.vendors.declared.places import BadDescription
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.declared.declared_parts import SAID
from tests.unit.support.root import ROOT

FULL: list[dict[str, Any]] = [
    SAID,
    *(
        json.loads(path.read_text("utf-8"))
        for path in sorted(
            (ROOT / "layers/earshot/python/earshot/vendors/declared/descriptions").glob("*.json")
        )
    ),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
) | st.sampled_from(
    [
        {"$": "task.ref"},
        {"$secret": "key"},
        {"$": "("},
        {"$json": {"$": "nothing"}},
        {"$table": {}},
        "\ud800",
        "a.b",
    ]
)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in children:
        yield from places(value, (*path, key))


WHERE = [
    (at, path)
    for at, said in enumerate(FULL)
    for path in places({k: v for k, v in said.items() if k != "examples"})
    if path
]


@given(st.sampled_from(WHERE), JSON)
def test_any_change_is_sound_or_refused(where: tuple[int, tuple[Any, ...]], value: Any) -> None:
    at, path = where
    said = copy.deepcopy(FULL[at])
    node: Any = said
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    try:
        description = compiled(said)
        description.outward()
        rows(description)
    except BadDescription as refused:
        found = refused
    else:
        return
    assert found.place
    assert found.why


@given(st.text(max_size=80))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    said = {**SAID, "verdicts": {**SAID["verdicts"]}}
    said["submit"] = {**SAID["submit"], "json": {"x": {"$": text}}}
    with contextlib.suppress(BadDescription):
        compiled(said).outward()
