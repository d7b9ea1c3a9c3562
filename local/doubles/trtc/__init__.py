"""Tencent TRTC: room and media callbacks, UserSig. There is no query."""
