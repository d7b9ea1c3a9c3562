"""Python values to DynamoDB attributes and back. None is no attribute; a mapping or list is JSON text, so that
floats inside survive and nothing depends on a serialiser's idea of numbers."""

import json
from collections.abc import Mapping
from typing import Any


def encode(value: Any) -> dict[str, Any]:
    """One attribute value."""
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | float):
        return {"N": repr(value)}
    if isinstance(value, bytes):
        return {"B": value}
    if isinstance(value, str):
        return {"S": value}
    return {"S": json.dumps(value, ensure_ascii=False, separators=(",", ":"))}


def item(fields: Mapping[str, Any]) -> dict[str, Any]:
    """An item without its absent fields."""
    return {name: encode(value) for name, value in fields.items() if value is not None}


def values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Expression attribute values: ``{"now": 1}`` becomes ``{":now": {"N": "1"}}``."""
    return {f":{name}": encode(value) for name, value in fields.items()}


def decode(attribute: Mapping[str, Any]) -> Any:
    """One attribute value; text stays text."""
    ((kind, value),) = attribute.items()
    if kind == "N":
        return float(value) if any(c in value for c in ".eE") else int(value)
    return value


def fields(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """A plain dict of an item."""
    return {name: decode(attribute) for name, attribute in attributes.items()}
