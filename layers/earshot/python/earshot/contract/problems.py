"""Pydantic's first complaint in our words: the field, and what is wrong with it (never its value)."""

from pydantic import ValidationError


def first_problem(error: ValidationError, prefix: str = "") -> tuple[str, str]:
    """(dotted field, message)."""
    first = error.errors(include_input=False, include_url=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    return ".".join(filter(None, (prefix, path))) or "event", first["msg"]
