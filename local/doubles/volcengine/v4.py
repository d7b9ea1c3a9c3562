"""Volcengine's V4 signature, checked (``SignerV4`` of the vendor's SDK; pages "签名方法")."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from local.doubles.model import Now, Request
from local.doubles.rooms.codec import same, sha256_hmac
from local.doubles.rooms.entrance import Refused
from local.doubles.volcengine.gateway import BAD_TIME, MISMATCH, NO_INFO, NO_KEY, NO_SIGNATURE, NO_TOKEN

HEADER = re.compile(
    r"HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
)
MUST_BE_SIGNED = {
    "host",
    "x-date",
}  # the others that the vendor's code signs go unused by some of its own GETs
USUAL_PORT = re.compile(r":(80|443)$")


@dataclass(frozen=True)
class Scope:
    """What a signature is good for. ``window``: real seconds that ``X-Date`` may be off, either way."""

    region: str
    service: str
    window: int


def query_text(query: tuple[tuple[str, str], ...]) -> str:
    """Sorted and percent-encoded, from what was decoded: a SDK sends a plus sign and signs ``%20``."""
    return "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(query))


def canonical(request: Request, signed: str) -> str:
    """The request as it is signed. The body's hash is computed, never taken from its header."""
    headers = "".join(f"{name}:{_value(request, name)}\n" for name in signed.split(";"))
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


def check(request: Request, secrets: Callable[[str], tuple[str, ...]], now: Now, wanted: Scope) -> str:
    """The access key of a call that is signed well; raises Refused."""
    key, date, region, service, signed, sent = _header(request)
    if not secrets(key):
        raise Refused(NO_KEY, "no such access key", "Authorization")
    _dated(request.header("X-Date"), date, now, wanted.window)
    missing = MUST_BE_SIGNED - set(signed.split(";"))
    if missing or (region, service) != (wanted.region, wanted.service):
        text = f"scope is not {wanted.region}/{wanted.service}, or not signed: {sorted(missing)}"
        raise Refused(MISMATCH, text, "Authorization")
    claimed = request.header("X-Content-Sha256")
    if claimed and claimed != hashlib.sha256(request.body).hexdigest():
        raise Refused(MISMATCH, "X-Content-Sha256 is not the body's", "X-Content-Sha256")
    scope = (date, region, service)
    if not any(same(signature(request, signed, secret, scope), sent) for secret in secrets(key)):
        raise Refused(MISMATCH, "the signature is another", "Authorization")
    return key


def _header(request: Request) -> tuple[str, ...]:
    """Key, date, region, service, names and signature. Which code is for which gap is [I] by the codes' names."""
    text = request.header("Authorization")
    if not text:
        raise Refused(NO_TOKEN, "Authorization is missing", "Authorization")
    if not request.header("X-Date"):
        raise Refused(NO_INFO, "X-Date is missing", "X-Date")
    found = HEADER.fullmatch(text)
    if not found:
        raise Refused(NO_SIGNATURE, "Authorization has another form", "Authorization")
    return found.groups()


def _value(request: Request, name: str) -> str:
    value = request.header(name).strip()
    return USUAL_PORT.sub("", value) if name == "host" else value


def _dated(stamp: str, date: str, now: Now, window: int) -> None:
    try:
        sent = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Refused(BAD_TIME, "X-Date has another form", "X-Date") from None
    if abs(sent.timestamp() - now.wall) > window or not stamp.startswith(date):
        raise Refused(BAD_TIME, "X-Date is too far off, or of another day than the scope", "X-Date")
