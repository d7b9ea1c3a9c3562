"""Who imports what: read from the source, lazy imports included, imports for type checkers left out."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.template.bundle import ROOT

LAYER = ROOT / "layers/earshot/python"
RUNTIME = frozenset({"boto3", "botocore", "s3transfer"})
"""What Lambda's Python brings."""


def _modules() -> dict[str, Path]:
    found = {}
    for path in LAYER.rglob("*.py"):
        parts = path.relative_to(LAYER).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = _modules()


def _is_for_types(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.stmt) and _is_for_types(child)):
            yield child
            yield from _walk(child)


def imported(path: Path) -> set[str]:
    """Every module that the file imports; ``from a import b`` counts as a and, if there is one, a.b."""
    names: set[str] = set()
    for node in _walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{path}: relative import"
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names} & set(MODULES)
    return names


def _registered() -> set[str]:
    """Modules that the registries import by name."""
    from earshot.platforms.registry import PLATFORMS
    from earshot.vendors.registry import DECLARED, VENDORS

    folders = (*VENDORS.values(), DECLARED, *PLATFORMS.values())
    return {name for name in MODULES if name.rpartition(".")[0] in folders}


def reached() -> tuple[set[str], set[str]]:
    """What the functions need, directly or not: modules of ours, and foreign top-level packages."""
    left = [name for app in (ROOT / "functions").glob("*/app.py") for name in imported(app)]
    left += _registered()
    ours: set[str] = set()
    foreign: set[str] = set()
    while left:
        name = left.pop()
        if name not in MODULES:
            foreign.add(name.partition(".")[0])
        elif name not in ours:
            ours.add(name)
            left += [*imported(MODULES[name]), *filter(None, [name.rpartition(".")[0]])]
    return ours, {name for name in foreign if name not in sys.stdlib_module_names}


@cache
def _distributions() -> dict[str, list[str]]:
    return {name: list(found) for name, found in packages_distributions().items()}


def distribution(package: str) -> str:
    """Which distribution an import name comes from."""
    (name,) = set(_distributions()[package])
    return str(canonicalize_name(name))


def closure(names: set[str]) -> set[str]:
    """The distributions and all that they need to be installed."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            wanted = [Requirement(line) for line in requires(name) or []]
            left += [
                str(canonicalize_name(requirement.name))
                for requirement in wanted
                if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            ]
    return found
