"""UserSig and PrivateMapKey (github.com/tencentyun/tls-sig-api-v2-python; trtc.tencentcloud.com document 34385)."""

import base64
import hashlib
import hmac
import json
import struct
import zlib
from dataclasses import dataclass

URL_ALPHABET = str.maketrans("+/=", "*-_")
"""Tencent's own, not base64url."""


@dataclass(frozen=True)
class Signer:
    """Signs for one user of one app. ``now_s`` in epoch seconds, ``life_s`` counts from there."""

    sdk_app_id: int
    user_id: str
    now_s: int
    life_s: int

    def user_sig(self, secret_key: str) -> str:
        """Opens every room of the app for this user; the key is used as the text that it is."""
        return self._sealed(secret_key, None)

    def private_map_key(self, secret_key: str, room_id: int | str, privileges: int) -> str:
        """What one room demands beside the UserSig if the app's permission key is on."""
        return self._sealed(secret_key, base64.b64encode(self.permission(room_id, privileges)).decode())

    def permission(self, room_id: int | str, privileges: int) -> bytes:
        """The signed buffer, big-endian; its expiry is absolute. A number and a text are different rooms."""
        user, text = self.user_id.encode(), room_id.encode() if isinstance(room_id, str) else None
        head = struct.pack(">BH", text is not None, len(user)) + user
        number = room_id if isinstance(room_id, int) else 0
        body = struct.pack(">5I", self.sdk_app_id, number, self.now_s + self.life_s, privileges, 0)
        return head + body + (b"" if text is None else struct.pack(">H", len(text)) + text)

    def _sealed(self, secret_key: str, userbuf: str | None) -> str:
        fields: dict[str, str | int] = {
            "TLS.identifier": self.user_id,
            "TLS.sdkappid": self.sdk_app_id,
            "TLS.time": self.now_s,
            "TLS.expire": self.life_s,
        }
        if userbuf is not None:
            fields["TLS.userbuf"] = userbuf
        signed = "".join(f"{name}:{value}\n" for name, value in fields.items())
        digest = hmac.new(secret_key.encode(), signed.encode(), hashlib.sha256).digest()
        document = {"TLS.ver": "2.0", **fields, "TLS.sig": base64.b64encode(digest).decode()}
        packed = zlib.compress(json.dumps(document, separators=(",", ":")).encode())
        return base64.b64encode(packed).decode().translate(URL_ALPHABET)
