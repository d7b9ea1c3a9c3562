"""What the app secret makes: a join token, and the checksum that every server API asks for.

doc.yunxin.163.com/nertc/docs/TQ0MTI2ODQ; github.com/netease-im/G2-API-Examples, server/token_server.
"""

import base64
import hashlib
import json


def join_token(app_key: str, app_secret: str, channel: str, uid: int, now_ms: int, ttl_s: int) -> str:
    """Lets ``uid`` into ``channel`` for less than a day; it knows no rights, so it also lets publish."""
    signature = _sha1(f"{app_key}{uid}{now_ms}{ttl_s}{channel}{app_secret}")
    document = {"signature": signature, "curTime": now_ms, "ttl": ttl_s}
    return base64.b64encode(json.dumps(document, separators=(",", ":")).encode()).decode()


def api_headers(app_key: str, app_secret: str, nonce: str, now_s: int) -> dict[str, str]:
    """Of every server API; good for five minutes."""
    checksum = _sha1(f"{app_secret}{nonce}{now_s}")
    return {"AppKey": app_key, "Nonce": nonce, "CurTime": str(now_s), "CheckSum": checksum}


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()  # the vendor's algorithm
