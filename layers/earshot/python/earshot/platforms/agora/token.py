"""AccessToken2, version "007", for a listener (github.com/AgoraIO/Tools, DynamicKey/AgoraDynamicKey).

The signature covers the packed content and not its compressed form, which differs between zlib builds.
"""

import base64
import hashlib
import hmac
import zlib
from dataclasses import dataclass

from earshot.platforms import packing

VERSION = "007"
SERVICE_RTC = 1
JOIN_CHANNEL = 1
"""The subscriber's only privilege; 2, 3 and 4 would publish audio, video and data."""


@dataclass(frozen=True)
class Listener:
    """Who may listen where. ``issued_at`` in epoch seconds, ``life_s`` counts from there, ``salt`` is random."""

    app_id: str
    channel: str
    uid: int
    issued_at: int
    life_s: int
    salt: int

    def signing_info(self) -> bytes:
        """What is signed: the header, then one service with one privilege."""
        header = (packing.u32(self.issued_at), packing.u32(self.life_s), packing.u32(self.salt))
        service = packing.u16(SERVICE_RTC) + packing.privileges({JOIN_CHANNEL: self.life_s})
        names = packing.text(self.channel) + packing.text(str(self.uid))
        return b"".join([packing.text(self.app_id), *header, packing.u16(1), service, names])

    def signature(self, certificate: str) -> bytes:
        """HMAC-SHA256. In the first two rounds the number is the key and the secret the message: so it is."""
        secret = certificate.encode()
        for number in (self.issued_at, self.salt):
            secret = _hmac(packing.u32(number), secret)
        return _hmac(secret, self.signing_info())

    def token(self, certificate: str) -> str:
        """The token, signed with the app certificate (32 hexadecimal characters, used as text)."""
        content = packing.text(self.signature(certificate)) + self.signing_info()
        return VERSION + base64.b64encode(zlib.compress(content)).decode()


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()
