"""A callback address names its task and proves that we made it.

Most stream vendors sign nothing, so the address itself carries a keyed MAC over vendor and task: it cannot be
made for another task, and nothing else than these two parts is trusted.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable

MAC_LENGTH = 32
"""Characters: 160 bits of HMAC-SHA256 in lower-case base32."""


def mac(key: str, vendor: str, task_ref: str) -> str:
    """The MAC of one task's callback address."""
    digest = hmac.new(
        key.encode(), f"{vendor}\n{task_ref}".encode("utf-8", "surrogatepass"), hashlib.sha256
    ).digest()
    return base64.b32encode(digest[:20]).decode().lower()


def build(base_url: str, key: str, vendor: str, task_ref: str) -> str:
    """The address to give to ``vendor`` for ``task_ref``."""
    return f"{base_url}/callbacks/{vendor}/{task_ref}/{mac(key, vendor, task_ref)}"


def is_genuine(keys: Iterable[str], vendor: str, task_ref: str, claimed: str) -> bool:
    """Constant-time check against every key in use (two during rotation). An empty key proves nothing."""
    offered = claimed.encode("utf-8", "surrogatepass")
    matches = [hmac.compare_digest(mac(key, vendor, task_ref).encode(), offered) for key in keys if key]
    return any(matches)
