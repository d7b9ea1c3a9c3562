"""A request on its way: as a description builds it, then as bytes, which are signed and sent as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from earshot.errors import BadInput
from earshot.vendors.declared.functions import as_text
from earshot.vendors.declared.origins import Origin
from earshot.vendors.declared.parsing import written
from earshot.vendors.declared.transport import Wire

TYPES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "text": "text/plain; charset=utf-8",
}
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
OURS = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect"}
    | {"proxy-authorization", "keep-alive"}
)
"""Headers that no description may set: they say where a request goes and where it ends."""
VALUE = re.compile(r"[\x20-\x7e]*")
"""A space to a tilde: no line end, no control character, nothing that a server might read as one."""
MAX_VALUE = 8_192
MAX_BODY = 1_000_000


@dataclass
class Draft:
    """``kind`` is a key of :data:`TYPES` or None; ``body`` an object for json and form, else a text."""

    method: str
    origin: Origin
    path: str
    query: dict[str, str]
    headers: dict[str, str] = field(repr=False)
    kind: str | None = None
    body: Any = field(default=None, repr=False)
    signed: set[str] = field(default_factory=set)
    """Headers and fields whose values prove something: not to be shown."""

    @property
    def query_text(self) -> str:
        """As it is sent, and signed."""
        return urlencode(self.query, quote_via=quote, safe="")

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query_text}" if self.query else self.path

    @property
    def content_type(self) -> str | None:
        """That of the body, if there is one."""
        given = [value for name, value in self.headers.items() if name.lower() == "content-type"]
        return given[0] if given else TYPES[self.kind] if self.kind else None

    def body_text(self) -> str:
        """The body as a text; every one that we send is UTF-8."""
        if self.kind is None:
            return ""
        if self.kind == "form":
            return urlencode(self.body, quote_via=quote, safe="")
        return written(self.body) if self.kind == "json" else str(self.body)

    def put(self, place: str, name: str, value: str) -> None:
        """Add a header, or a field of the query or the body, and remember that it proves something."""
        if place == "header":
            self.headers[name] = header_value(name, value)
        elif place == "query":
            self.query[name] = value
        else:
            self.body = {**(self.body or {}), name: value}
        self.signed.add(name)

    def wire(self) -> Wire:
        """As it goes out. Raises BadInput."""
        headers = {"Host": self.origin.authority, **self.headers}
        if self.content_type and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = self.content_type
        for name, value in headers.items():
            header_value(name, value)
        body = self.body_text().encode() if self.kind is not None else None
        if body is not None and len(body) > MAX_BODY:
            raise BadInput(
                "attributes", f"the request would have {len(body)} bytes, at most {MAX_BODY} are sent"
            )
        return Wire(self.origin, self.method, self.target, headers, body)


def header_value(name: str, value: str) -> str:
    """A value that stays a value. Raises BadInput."""
    if len(value) > MAX_VALUE or not VALUE.fullmatch(value):
        raise BadInput(f"header {name}", "must be printable ASCII in one line")
    return value


def segment(text: str, place: str) -> str:
    """One step of a path. Raises BadInput for those that would step elsewhere."""
    if text in {"", ".", ".."}:
        raise BadInput(place, "must be a step of a path")
    return quote(text, safe="")


def scalars(found: Mapping[str, Any], place: str) -> dict[str, str]:
    """An object of texts, numbers and truth values, as texts. Raises BadInput for anything else."""
    made = {}
    for name, value in found.items():
        text = as_text(value)
        if text is None:
            raise BadInput(f"{place}.{name}", "must come to a text, a number or a truth value")
        made[name] = text
    return made
