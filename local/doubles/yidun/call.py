"""One call that was let in."""

from __future__ import annotations

from dataclasses import dataclass

from local.doubles.model import Now
from local.doubles.yidun.codes import BAD, Refusal, Route
from local.doubles.yidun.fields import json_of
from local.doubles.yidun.gate import MILLISECONDS, Owner


@dataclass
class Call:
    """``forget``: answer as if it had been done, and leave no trace."""

    route: Route
    form: dict[str, str]
    owner: Owner
    now: Now
    forget: bool
    warnings: list[str]

    def text(self, name: str) -> str:
        """A required field."""
        value = self.form.get(name, "")
        if not value:
            raise Refusal(BAD, name, "is required")
        return value

    def array(self, name: str) -> list[object]:
        """A required field that holds a JSON array."""
        found = json_of(self.text(name))
        if not isinstance(found, list) or not found:
            raise Refusal(BAD, name, "must be a JSON array with elements")
        return found

    def milliseconds(self, name: str) -> int:
        """A required time."""
        value = self.text(name)
        if not MILLISECONDS.fullmatch(value):
            raise Refusal(BAD, name, "must be Unix milliseconds")
        return int(value)
