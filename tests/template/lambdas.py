"""A function as Lambda runs it: its own modules, and exactly the environment that the template gives it."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from unittest import mock

from tests.template.bundle import FAKE_AWS, ROOT

RUNTIME = frozenset({"HOME", "LANG", "PATH", "PYTHONPATH", "TZ", "VIRTUAL_ENV"})


class Watched(dict[str, str]):
    """An environment that remembers which of its variables were asked for."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        super().__init__(variables)
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


class Lambda:
    """One function. Each has its own copy of the package, as each has its own process on AWS, so that nothing
    read or cached by one serves another. ``patches``: module name → attribute → replacement."""

    def __init__(self, name: str, variables: Mapping[str, str], patches: Patches | None = None) -> None:
        self.name, self._patches = name, patches or {}
        kept = {key: value for key, value in os.environ.items() if key in RUNTIME}
        self.environment = Watched({**kept, **FAKE_AWS, **variables})
        self._modules: dict[str, ModuleType] = {}
        with self._running():
            path = ROOT / "functions" / name / "app.py"
            spec = importlib.util.spec_from_file_location(f"{name}_app", path)
            assert spec is not None
            assert spec.loader is not None
            app = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(app)
        self.app = app

    def __call__(self, event: Mapping[str, Any]) -> Any:
        """Invoke it."""
        with self._running():
            return self.app.handler(event, None)

    @contextmanager
    def _running(self) -> Iterator[None]:
        environ: MutableMapping[str, str] = self.environment
        with mock.patch.object(os, "environ", environ), self._own_package():
            yield

    @contextmanager
    def _own_package(self) -> Iterator[None]:
        others = _take_out()
        sys.modules.update(self._modules)
        try:
            for module, attributes in self._patches.items():
                loaded = importlib.import_module(module)
                for attribute, replacement in attributes.items():
                    setattr(loaded, attribute, replacement)
            yield
        finally:
            self._modules = _take_out()
            sys.modules.update(others)


Patches = Mapping[str, Mapping[str, Callable[..., Any]]]


def _take_out() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name == "earshot" or name.startswith("earshot.")]
    return {name: sys.modules.pop(name) for name in names}
