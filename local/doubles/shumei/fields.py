"""The words in which Shumei's parameter tables are written down: name, type, required, rule."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local.doubles.model import Json
from local.doubles.settings import BadField
from local.doubles.shumei.settings import ShumeiSettings

Rule = Callable[[Any], str | None]


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


KINDS: dict[str, Callable[[Any], bool]] = {
    "string": lambda v: isinstance(v, str),
    "int": _is_int,
    "bool": lambda v: isinstance(v, bool),
    "json_object": lambda v: isinstance(v, dict),
    "string_array": _strings,
    "int_array": lambda v: isinstance(v, list) and all(map(_is_int, v)),
    "number": lambda v: _is_int(v) or isinstance(v, float),
    # enableIntraRequest, enableH265Support of video: the page gives no type [?].
    "bool or int": lambda v: isinstance(v, int),
    # aliParam.isMixingEnabled is typed string in v2 and bool in V4 [D].
    "string or bool": lambda v: isinstance(v, str | bool),
}


@dataclass(frozen=True)
class Field:
    """One row of a parameter table."""

    name: str
    kind: str
    required: bool = False
    rule: Rule | None = None


@dataclass
class Check:
    """One validation: the settings it obeys and the warnings it collects."""

    settings: ShumeiSettings
    warnings: list[str] = field(default_factory=list)

    def table(self, where: str, values: Json, rows: tuple[Field, ...]) -> None:
        """Hold values against a table; raises BadField at the first row that is not met."""
        for row in rows:
            self._row(f"{where}{row.name}", values, row)
        known = {row.name for row in rows}
        self.warnings += [f"{where}{name} is not a documented field" for name in values if name not in known]

    def has(self, values: Json, name: str) -> bool:
        """Whether a field is there and says something."""
        return values.get(name) not in (None, "")

    def _row(self, path: str, values: Json, row: Field) -> None:
        value = values.get(row.name)
        if row.name not in values or (value is None and self.settings.null_is_absent):
            if row.required:
                raise BadField(path, "is required")
            return
        if not KINDS[row.kind](value):
            raise BadField(path, f"must be {row.kind}")
        if value == "" and not row.required:
            return  # an empty optional string says nothing [I]
        if value == "" and not self.settings.allow_empty_required:
            raise BadField(path, "must not be empty")
        reason = row.rule(value) if row.rule else None
        if reason:
            raise BadField(path, reason)


def encoded_size(data: Json) -> int:
    """Bytes of an object as compact UTF-8 JSON."""
    return len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
