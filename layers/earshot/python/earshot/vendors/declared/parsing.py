"""What comes from a vendor, parsed within bounds. Standard library only."""

from __future__ import annotations

import json
import math
import re
from typing import Any
from urllib.parse import parse_qsl

MAX_DEPTH = 64
MAX_FIELDS = 256
"""Of a form."""
TOKENS = re.compile(rb'\\.|["\[\]{}]', re.DOTALL)


def parsed(raw: bytes | str) -> Any:
    """JSON in UTF-8 that is not nested too deeply and whose numbers are numbers.

    Raises ValueError, whose text never repeats what was read.
    """
    data = raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw
    _check_depth(data)
    try:
        return json.loads(data.decode(), parse_constant=_refuse, parse_float=_finite)
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON (line {error.lineno} column {error.colno})") from None
    except ValueError:
        raise ValueError("holds a number that is none, or of too many digits") from None


def form(raw: bytes) -> dict[str, str]:
    """The fields of a form, each once. Raises ValueError."""
    try:
        pairs = parse_qsl(
            raw.decode(),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:  # UnicodeDecodeError is one
        raise ValueError("is not a form") from None
    fields = dict(pairs)
    if len(fields) < len(pairs):  # which of the two is meant?
        raise ValueError("holds a field twice")
    return fields


def written(value: Any) -> str:
    """JSON as we write it: characters as they are, no blanks, the order of the fields kept."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def stored(value: Any) -> bytes:
    """The same as bytes; half a character, which UTF-8 has not, is escaped."""
    try:
        return written(value).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def _check_depth(data: bytes) -> None:
    """Brackets outside of texts are counted before anything is built of them."""
    if data.count(b"[") + data.count(b"{") <= MAX_DEPTH:
        return
    depth, quoted = 0, False
    for token in TOKENS.finditer(data):
        mark = token[0]
        if mark == b'"':
            quoted = not quoted
        elif not quoted and mark in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError("is nested too deeply")
        elif not quoted and mark in b"]}":
            depth -= 1


def _refuse(_: str) -> Any:
    raise ValueError


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number
