"""Reading a description strictly: whatever is wrong is told with its place, and nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

T = TypeVar("T")

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""Of vendors, origins and secrets."""
MAX_TEXT = 4_000


class BadDescription(ValueError):
    """``place`` says where, as in ``submit.json.Parameters``."""

    def __init__(self, place: str, why: str) -> None:
        self.place, self.why = place or "description", why
        super().__init__(f"{self.place}: {why}")


class Part:
    """One object of a description. What nobody asked for by the time of :meth:`done` is refused."""

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, Mapping):
            raise BadDescription(place, "must be an object")
        self._value, self.place, self._asked = value, place, set[str]()

    def __contains__(self, name: str) -> bool:
        self._asked.add(name)
        return self._value.get(name) is not None

    def at(self, name: str) -> str:
        """The place of a field."""
        return f"{self.place}.{name}" if self.place else name

    def wrong(self, name: str, why: str) -> BadDescription:
        """An error about a field."""
        return BadDescription(self.at(name), why)

    def take(self, name: str, default: Any = None) -> Any:
        """The field as it is; ``default`` if it is absent."""
        self._asked.add(name)
        found = self._value.get(name)
        return default if found is None else found

    def need(self, name: str) -> Any:
        """A field that must be there."""
        found = self.take(name)
        if found is None:
            raise self.wrong(name, "is required")
        return found

    def text(self, name: str, default: str | None = None) -> str:
        """A text; required without a default."""
        found = self.need(name) if default is None else self.take(name, default)
        if not isinstance(found, str) or len(found) > MAX_TEXT:
            raise self.wrong(name, "must be a text")
        return found

    def choice(self, name: str, known: tuple[str, ...], default: str | None = None) -> str:
        """One of the words that are known."""
        found = self.text(name, default)
        if found not in known:
            raise self.wrong(name, f"must be one of {', '.join(known)}")
        return found

    def number(self, name: str, least: float, most: float, default: float | None = None) -> float:
        """A number in a range, both ends included."""
        found = self.need(name) if default is None else self.take(name, default)
        if isinstance(found, bool) or not isinstance(found, int | float) or not least <= found <= most:
            raise self.wrong(name, f"must be a number from {least} to {most}")
        return found

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        found = self.take(name, default)
        if not isinstance(found, bool):
            raise self.wrong(name, "must be true or false")
        return found

    def part(self, name: str, *, optional: bool = False) -> Part:
        """An object inside; an empty one if it is absent and may be."""
        return Part(self.take(name, {}) if optional else self.need(name), self.at(name))

    def items(self, name: str) -> list[tuple[Any, str]]:
        """The elements of a list with their places; none if it is absent."""
        found = self.take(name, [])
        if not isinstance(found, list):
            raise self.wrong(name, "must be a list")
        return [(item, f"{self.at(name)}[{index}]") for index, item in enumerate(found)]

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        found = self.items(name)
        for item, place in found:
            if not isinstance(item, str) or not item or len(item) > MAX_TEXT:
                raise BadDescription(place, "must be a text")
        return tuple(item for item, _ in found)

    def fields(self) -> Iterator[tuple[str, Any, str]]:
        """Every field, its value and its place, where the names are the author's."""
        for name, value in self._value.items():
            if not isinstance(name, str) or not name:
                raise BadDescription(self.place, "names must be texts (put quotation marks around numbers)")
            self._asked.add(name)
            yield name, value, self.at(name)

    def table(self, name: str, read: Callable[[Any, str], T], *, optional: bool = False) -> dict[str, T]:
        """An object of things of the same kind."""
        part = self.part(name, optional=optional)
        return {key: read(value, place) for key, value, place in part.fields()}

    def whole(self) -> dict[str, Any]:
        """The object as it is."""
        return {key: value for key, value, _ in self.fields()}

    def done(self) -> None:
        """Raises BadDescription for a field that nobody knows: a misspelt one would do nothing, silently."""
        for name in self._value:
            if name not in self._asked:
                known = ", ".join(sorted(self._asked))
                raise self.wrong(str(name), f"is not known here; known: {known}")


def name(text: str, place: str) -> str:
    """A name of ours."""
    if not NAME.fullmatch(text):
        raise BadDescription(place, "must be a name: a small letter, then small letters, digits, _")
    return text
