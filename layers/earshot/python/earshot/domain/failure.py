"""How a step failed, as far as its caller must know."""

from enum import StrEnum


class Failure(StrEnum):
    """``PASSING`` may be tried again; ``PERMANENT`` will fail again."""

    PASSING = "passing"
    PERMANENT = "permanent"
