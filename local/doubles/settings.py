"""Settings that describe themselves: default, certainty mark and meaning sit beside each other."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from local.doubles.model import Json


class BadField(ValueError):
    """A value handed to a double is wrong; ``field`` says which."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def setting(default: Any, mark: str, meaning: str, one_of: tuple[Any, ...] = (), free: bool = False) -> Any:
    """A dataclass field with its documentation. ``free``: an object of strings under any names."""
    metadata = {"mark": mark, "meaning": meaning, "one_of": one_of, "free": free}
    if isinstance(default, list | dict):
        return dataclasses.field(default_factory=default.copy, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


@dataclass
class Settings:
    """Base of the settings of one double; may be changed while it runs."""

    def update(self, values: Json) -> Settings:
        """Take over values by name; all or nothing. Returns itself."""
        checked = {name: self._checked(name, value) for name, value in values.items()}
        for name, value in checked.items():
            setattr(self, name, value)
        return self

    def view(self) -> Json:
        """All values."""
        return dataclasses.asdict(self)

    @classmethod
    def describe(cls) -> list[tuple[str, Any, str, str]]:
        """(name, default, mark, meaning) of every setting."""
        fresh = cls()
        return [
            (f.name, getattr(fresh, f.name), f.metadata["mark"], f.metadata["meaning"])
            for f in dataclasses.fields(cls)
        ]

    def _checked(self, name: str, value: Any) -> Any:
        found = next((f for f in dataclasses.fields(self) if f.name == name), None)
        if found is None:
            raise BadField(name, "no such setting")
        current = getattr(self, name)
        if found.metadata["free"]:
            return current | self._texts(name, value)
        if isinstance(current, dict):
            return current | self._map(name, current, value)
        if isinstance(current, float) and type(value) is int:
            value = float(value)
        if type(value) is not type(current):
            raise BadField(name, f"must be {type(current).__name__}")
        allowed = found.metadata["one_of"]
        if allowed and value not in allowed:
            raise BadField(name, f"must be one of {list(allowed)}")
        return value

    @staticmethod
    def _texts(name: str, value: Any) -> Json:
        if not isinstance(value, dict):
            raise BadField(name, "must be an object")
        for key, entry in value.items():
            if not isinstance(entry, str):
                raise BadField(f"{name}.{key}", "must be a string")
        return value

    @staticmethod
    def _map(name: str, current: Json, value: Any) -> Json:
        if not isinstance(value, dict):
            raise BadField(name, "must be an object")
        for key, entry in value.items():
            if key not in current or type(entry) is not type(current[key]):
                raise BadField(f"{name}.{key}", f"must be one of {sorted(current)}, with true or false")
        return value
