"""Reading the answers of vendors and platforms."""

from typing import Any

from pydantic import ValidationError, ValidatorFunctionWrapHandler


def or_none(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    """A pydantic wrap validator: a part of another shape must not hide the code beside it."""
    try:
        return validate(value)
    except ValidationError:
        return None
