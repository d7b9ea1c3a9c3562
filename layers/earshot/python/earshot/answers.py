"""Reading the answers of vendors and platforms."""

import json
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError, ValidatorFunctionWrapHandler

from earshot.errors import OutcomeUnknown

if TYPE_CHECKING:  # readers of callbacks import this module, and call nobody
    from earshot.http_client import Answer

Model = TypeVar("Model", bound=BaseModel)


def read(answer: "Answer", model: type[Model], sender: str) -> Model:
    """The answer's JSON. The status is not looked at: vendors decide by a code of their own.

    Raises OutcomeUnknown for anything else: whoever answers HTML may have done what was asked.
    """
    try:
        return model.model_validate(json.loads(answer.body))
    except (ValueError, RecursionError):
        raise OutcomeUnknown(
            f"{sender}_unreadable_answer", f"HTTP {answer.status}, not the documented JSON"
        ) from None


def or_none(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    """A pydantic wrap validator: a part of another shape must not hide the code beside it."""
    try:
        return validate(value)
    except ValidationError:
        return None
