"""The token "001" of a listener (www.volcengine.com/docs/6348/70121; github.com/volcengine/rtc-aigc-demo)."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from earshot.platforms import packing

VERSION = "001"
SUBSCRIBE = 4
"""PrivSubscribeStream, the only privilege; 0 would publish."""


@dataclass(frozen=True)
class Listener:
    """Who may listen where. Both times are epoch seconds, and an ``expires_at`` of 0 would never come."""

    app_id: str
    room_id: str
    user_id: str
    issued_at: int
    expires_at: int
    nonce: int

    def message(self) -> bytes:
        """What is signed."""
        head = packing.u32(self.nonce) + packing.u32(self.issued_at) + packing.u32(self.expires_at)
        names = packing.text(self.room_id) + packing.text(self.user_id)
        return head + names + packing.privileges({SUBSCRIBE: self.expires_at})

    def token(self, app_key: str) -> str:
        """The token, byte for byte as Volcengine's own code makes it. The reader cuts the app id off by position."""
        message = self.message()
        signature = hmac.new(app_key.encode(), message, hashlib.sha256).digest()
        packed = base64.b64encode(packing.text(message) + packing.text(signature))
        return VERSION + self.app_id + packed.decode()
