"""Listening to the structured log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from earshot import telemetry


class Notes(logging.Handler):
    """Every record, with its fields as attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def codes(self) -> list[str]:
        """The codes in order."""
        return [str(vars(record)["code"]) for record in self.records]

    def of(self, code: str) -> dict[str, object]:
        """The fields of the first note with ``code``."""
        return next(vars(record) for record in self.records if vars(record)["code"] == code)

    @property
    def text(self) -> str:
        """Everything that was written, to look for what must not be."""
        return "\n".join(str(vars(record)) for record in self.records)


@contextmanager
def listening() -> Iterator[Notes]:
    """Hears what ``telemetry.note`` logs."""
    logger = logging.getLogger(telemetry._logger.name)
    heard = Notes()
    logger.addHandler(heard)
    try:
        yield heard
    finally:
        logger.removeHandler(heard)
