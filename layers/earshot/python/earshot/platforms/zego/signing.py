"""ZEGO's request signature (doc-zh.zego.im article 19458)."""

import hashlib


def signature(app_id: str, nonce: str, server_secret: str, timestamp_s: int) -> str:
    """``md5(AppId + SignatureNonce + ServerSecret + Timestamp)``, lower-case hex."""
    text = f"{app_id}{nonce}{server_secret}{timestamp_s}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()  # the vendor's algorithm
