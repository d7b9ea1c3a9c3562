"""Reading a push of which some fields are not what the page says."""

import json
from itertools import takewhile
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from earshot.vendors.port import Unreadable

ESSENTIAL = frozenset({"code", "requestId"})
MENDS = 32
"""Fields of a wrong type that one body may have."""
Push = TypeVar("Push", bound=BaseModel)


def parse(body: bytes, model: type[Push]) -> Push:
    """The push. Raises Unreadable."""
    try:
        push = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("body: is not JSON") from None
    for _ in range(MENDS):
        try:
            return model.model_validate(push)
        except ValidationError as error:
            _drop_first(push, error)
    raise Unreadable("body: has too many fields of a wrong type")


def _drop_first(push: Any, error: ValidationError) -> None:
    """A field of a wrong type must not cost the verdict beside it, unless nothing can be said without it."""
    first = error.errors(include_input=False, include_url=False)[0]
    names = tuple(takewhile(lambda step: isinstance(step, str), first["loc"]))  # of a list, the whole field
    if not names or (len(names) == 1 and names[0] in ESSENTIAL):
        raise Unreadable(f"{(*names, 'body')[0]}: {first['msg']}") from None
    at = push
    for step in names[:-1]:
        if not isinstance(at.get(step), dict):  # what follows names a type that the field might have had
            at[step] = None
            return
        at = at[step]
    at[names[-1]] = None
