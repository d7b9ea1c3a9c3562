"""The parts of a result, each for itself: one that cannot be read must not cost the one beside it."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from earshot.vendors.port import Unreadable

Part = TypeVar("Part")


def apart(makers: Iterable[Callable[[], Sequence[Part]]]) -> list[Part]:
    """Whatever can be made. Raises the first :class:`Unreadable` if there was one and nothing else."""
    made: list[Part] = []
    problems: list[Unreadable] = []
    for make in makers:
        try:
            made += make()
        except Unreadable as problem:
            problems.append(problem)
    if problems and not made:
        raise problems[0]
    return made
