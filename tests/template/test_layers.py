"""The layers hold what the functions import, and nothing else."""

from __future__ import annotations

import re

from earshot.vendors import registry
from packaging.requirements import Requirement

from tests.template import imports
from tests.template.bundle import ROOT, functions, resources, written

DEPENDENCIES = ROOT / "layers/dependencies"
TWIN = {name for name in imports.MODULES if name.startswith("earshot.store.memory")}
"""The store's in-memory twin runs in tests alone; it lives beside what it is the twin of."""
KILOBYTE = 1024


def _named(file: str) -> set[str]:
    lines = (DEPENDENCIES / file).read_text("utf-8").splitlines()
    texts = [line.partition("#")[0].partition("\\")[0].strip() for line in lines]
    return {str(Requirement(text).name) for text in texts if re.match(r"^[A-Za-z]", text)}


def test_every_module_of_ours_is_reached_from_a_function() -> None:
    ours, _ = imports.reached()
    assert set(imports.MODULES) - ours == TWIN


def test_what_is_imported_is_in_the_layer_or_the_runtime() -> None:
    _, foreign = imports.reached()
    needed = {imports.distribution(package) for package in foreign - imports.RUNTIME}
    assert needed <= _named("requirements.txt")


def test_what_is_asked_for_is_imported() -> None:
    _, foreign = imports.reached()
    assert _named("requirements.in") <= {imports.distribution(package) for package in foreign}


def test_the_lock_is_what_the_requirements_need_and_no_more() -> None:
    assert _named("requirements.txt") == imports.closure(_named("requirements.in"))


def test_the_runtimes_sdk_is_not_shipped_again() -> None:
    """ADR 006."""
    assert not imports.RUNTIME & _named("requirements.txt")


def test_every_function_has_both_layers_and_their_runtime() -> None:
    layers = resources("AWS::Lambda::LayerVersion")
    for function in functions().values():
        assert {layer["Ref"] for layer in function.properties["Layers"]} == set(layers)
    for layer in layers.values():
        assert layer["Properties"]["CompatibleRuntimes"] == [written()["Globals"]["Function"]["Runtime"]]


def test_the_package_stays_small() -> None:
    """Source, uncompressed: all of it is unpacked on a cold start, though only what is imported is compiled."""
    sizes = [path.stat().st_size for path in imports.MODULES.values()]
    assert sum(sizes) <= 1_024 * KILOBYTE
    foreign = [
        path for path in imports.LAYER.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}
    ]
    described = {f"{name}.json" for name in registry.declared()}
    assert {path.name for path in foreign} - {"py.typed"} == described


def test_a_functions_folder_holds_its_handler_alone() -> None:
    for name in functions():
        files = [path.name for path in (ROOT / "functions" / name).iterdir() if path.name != "__pycache__"]
        assert files == ["app.py"]
        assert (ROOT / "functions" / name / "app.py").stat().st_size <= 4 * KILOBYTE
