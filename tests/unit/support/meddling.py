"""What may come between two lines of a use case: another writer, or the end of the function."""

from collections.abc import Callable
from typing import Any


def meanwhile(target: object, method: str, action: Callable[[], object]) -> None:
    """Just before the next call of ``target.method``, once, somebody else does ``action``."""
    original = getattr(target, method)

    def meddled(*args: Any, **kwargs: Any) -> Any:
        setattr(target, method, original)
        action()
        return original(*args, **kwargs)

    setattr(target, method, meddled)


def dies_at(target: object, method: str) -> None:
    """The next call of ``target.method`` is never made: the function is gone."""

    def die() -> None:
        raise ConnectionError("the function died here")

    meanwhile(target, method, die)
