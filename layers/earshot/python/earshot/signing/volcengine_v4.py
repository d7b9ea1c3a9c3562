"""Volcengine's signature of its server APIs, V4 (github.com/volcengine/volc-sdk-python, ``auth/SignerV4.py``)."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlencode, urlsplit

ALGORITHM = "HMAC-SHA256"
RTC = "rtc"
JSON = "application/json"
REGION = "cn-north-1"
REGIONS = {"open-ap-singapore-1.volcengineapi.com": "ap-singapore-1"}
"""Of the hosts that are not in :data:`REGION`."""


@dataclass(frozen=True)
class AccessKey:
    """The account's, not the application's AppKey."""

    id: str
    secret: str = field(repr=False)


def query(params: Mapping[str, str]) -> str:
    """In the order and the spelling that are signed."""
    return urlencode(sorted(params.items()), quote_via=quote, safe="")


def headers(
    method: str,
    url: str,
    body: bytes,
    key: AccessKey,
    now_ms: int,
    *,
    service: str = RTC,
    region: str | None = None,
    content_type: str | None = JSON,
) -> dict[str, str]:
    """What to send with the request; ``url`` ends with what :func:`query` made. ``service`` as the gateway calls it;
    ``region``: another than the host's; without a ``content_type`` none is sent, nor signed."""
    date = datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    host = urlsplit(url).netloc
    sent = {
        **({"Content-Type": content_type} if content_type else {}),
        "Host": host,
        "X-Content-Sha256": hashlib.sha256(body).hexdigest(),
        "X-Date": date,
    }
    names = ";".join(sent).lower()
    digest = hashlib.sha256(canonical(method, url, sent).encode()).hexdigest()
    scope = f"{date[:8]}/{region or REGIONS.get(host, REGION)}/{service}/request"
    signature = _signature(key.secret, scope, f"{ALGORITHM}\n{date}\n{scope}\n{digest}")
    credential = f"Credential={key.id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return sent | {"Authorization": f"{ALGORITHM} {credential}"}


def canonical(method: str, url: str, sent: Mapping[str, str]) -> str:
    """The request as it is signed: every header that is sent, in the order of their names."""
    parts = urlsplit(url)
    lines = [f"{name.lower()}:{value}" for name, value in sent.items()]
    names = ";".join(sent).lower()
    return "\n".join([method, parts.path or "/", parts.query, *lines, "", names, sent["X-Content-Sha256"]])


def _signature(secret: str, scope: str, text: str) -> str:
    key = secret.encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()
