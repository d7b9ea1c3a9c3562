"""Volcengine's V4 signature, checked (sheet "enforcement", 4.2)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

from local.doubles.model import Now, Request
from local.doubles.rooms.codec import same, sha256_hmac
from local.doubles.rooms.entrance import Refused

NOT_SIGNED, NO_KEY, MISMATCH, TOO_OLD = 100004, 100009, 100010, 100006
NAMES = {
    NOT_SIGNED: "MissingAuthenticateToken",
    NO_KEY: "InvalidAccessKey",
    MISMATCH: "SignatureDoesNotMatch",
    TOO_OLD: "InvalidTimestamp",
}
HEADER = re.compile(
    r"HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
)
MUST_BE_SIGNED = {
    "host",
    "x-date",
}  # of the four that the vendor's code signs; the two others go unused by a GET


def query_text(query: tuple[tuple[str, str], ...]) -> str:
    """Sorted and percent-encoded."""
    return "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(query))


def canonical(request: Request, signed: str) -> str:
    """The request as it is signed. The body's hash is computed, never taken from its header."""
    headers = "".join(f"{name}:{request.header(name).strip()}\n" for name in signed.split(";"))
    body = hashlib.sha256(request.body).hexdigest()
    return "\n".join([request.method, request.path, query_text(request.query), headers, signed, body])


def signature(request: Request, signed: str, secret: str, scope: tuple[str, str, str]) -> str:
    """``scope``: date, region, service. The chain of keys begins with the bare secret."""
    digest = hashlib.sha256(canonical(request, signed).encode()).hexdigest()
    text = "\n".join(["HMAC-SHA256", request.header("X-Date"), "/".join([*scope, "request"]), digest])
    key = secret.encode()
    for part in (*scope, "request"):
        key = sha256_hmac(key, part.encode())
    return sha256_hmac(key, text.encode()).hex()


def check(
    request: Request, secrets: Callable[[str], tuple[str, ...]], now: Now, window: int, region: str
) -> str:
    """The access key of a call that is signed well; raises Refused."""
    found = HEADER.fullmatch(request.header("Authorization"))
    if not found:
        raise Refused(NOT_SIGNED, "Authorization is missing or has another form", "Authorization")
    key, date, scope_region, service, signed, sent = found.groups()
    if not secrets(key):
        raise Refused(NO_KEY, "no such access key", "Authorization")
    _dated(request.header("X-Date"), date, now, window)
    missing = MUST_BE_SIGNED - set(signed.split(";"))
    if missing or (scope_region, service) != (region, "rtc"):
        raise Refused(
            MISMATCH, f"scope is not {region}/rtc, or not signed: {sorted(missing)}", "Authorization"
        )
    claimed = request.header("X-Content-Sha256")
    if claimed and claimed != hashlib.sha256(request.body).hexdigest():
        raise Refused(MISMATCH, "X-Content-Sha256 is not the body's", "X-Content-Sha256")
    scope = (date, scope_region, service)
    if not any(same(signature(request, signed, secret, scope), sent) for secret in secrets(key)):
        raise Refused(MISMATCH, "the signature is another", "Authorization")
    return key


def _dated(stamp: str, date: str, now: Now, window: int) -> None:
    try:
        sent = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Refused(TOO_OLD, "X-Date has another form", "X-Date") from None
    if abs(sent.timestamp() - now.wall) > window or not stamp.startswith(date):
        raise Refused(TOO_OLD, "X-Date is too far off, or of another day than the scope", "X-Date")
