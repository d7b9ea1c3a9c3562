"""Rules for single values that the v2 page states in words. Each raises ValueError with the rule, never the value:
what is checked here may be a credential."""

import re
from ipaddress import ip_address

UINT32_MAX = 4_294_967_295
TRTC_ROOM_MAX = 4_294_967_294
INT64_MAX = 9_223_372_036_854_775_807
DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
WORD = re.compile(r"[A-Za-z0-9_-]+")


def decimal(value: str, low: int, high: int) -> int:
    """The number that a string writes without sign and leading zeros: "007" is another room than 7."""
    if not DECIMAL.fullmatch(value) or not low <= int(value) <= high:
        raise ValueError(f"must be a decimal number from {low} to {high}")
    return int(value)


def uint32_text(value: str) -> str:
    """An Agora user: the range of a uint32, the type of a string."""
    decimal(value, 0, UINT32_MAX)
    return value


def word(value: str, longest: int | None = None) -> str:
    """Letters, digits, underscore and hyphen."""
    if not WORD.fullmatch(value) or len(value) > (longest or len(value)):
        most = f", at most {longest}" if longest else ""
        raise ValueError(f"must consist of letters, digits, _ and -{most}")
    return value


def address(value: str) -> str:
    """An IPv4 or IPv6 address."""
    try:
        ip_address(value)
    except ValueError:
        raise ValueError("must be an IPv4 or IPv6 address") from None
    return value


def port(value: str) -> str:
    """A port, as the string that the page wants."""
    decimal(value, 1, 65_535)
    return value
