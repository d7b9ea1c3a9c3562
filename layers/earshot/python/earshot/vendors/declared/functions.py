"""The functions that an expression may call: pure, and none makes much of little.

Of JMESPath's own, those that cannot blow up; ``join`` and ``to_string`` are bounded. Ours are ``json_parse``,
``lookup``, ``percent_encode`` and ``before_last``. No time, no ids, no hashes: the engine gives the first two,
recipes make the last.
"""

from typing import Any
from urllib.parse import quote

from jmespath import functions  # type: ignore[import-untyped]

from earshot.vendors.declared.parsing import parsed

OWN = frozenset(
    {"contains", "ends_with", "keys", "length", "merge", "not_null", "starts_with", "to_number", "type"}
)
"""Of JMESPath's, taken as they are."""
MAX_TEXT = 65_536


class TooMuch(ValueError):
    """An expression has made more than is allowed."""


class Functions(functions.Functions):  # type: ignore[misc]  # jmespath has no types
    """See the module."""

    @functions.signature({"types": ["string"]}, {"types": ["array-string"]})  # type: ignore[untyped-decorator]
    def _func_join(self, between: str, parts: list[str]) -> str:
        if sum(map(len, parts)) + len(between) * len(parts) > MAX_TEXT:
            raise TooMuch("join makes a text that is too long")
        return between.join(parts)

    @functions.signature({"types": []})  # type: ignore[untyped-decorator]
    def _func_to_string(self, value: Any) -> str | None:
        return as_text(value)

    @functions.signature({"types": []})  # type: ignore[untyped-decorator]
    def _func_json_parse(self, text: Any) -> Any:
        """Null for what is no JSON: the vendor sends it, so it is not the description that is wrong."""
        if not isinstance(text, str):
            return None
        try:
            return parsed(text)
        except ValueError:
            return None

    @functions.signature({"types": []}, {"types": []})  # type: ignore[untyped-decorator]
    def _func_lookup(self, table: Any, key: Any) -> Any:
        text = as_text(key)
        return table.get(text) if isinstance(table, dict) and text is not None else None

    @functions.signature({"types": []}, {"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_before_last(self, text: Any, mark: str) -> str | None:
        """All of it where the mark is not: ``<task>_<number>`` names a task whether it has a number or not."""
        return (text.rpartition(mark)[0] or text) if isinstance(text, str) and mark else None

    @functions.signature({"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_percent_encode(self, text: str) -> str:
        return quote(text, safe="")


KNOWN = OWN | {"before_last", "join", "to_string", "json_parse", "lookup", "percent_encode"}


def as_text(value: Any) -> str | None:
    """A text, a number or a truth value as a vendor would write it; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**40 else None
    return repr(value) if isinstance(value, float) else None
