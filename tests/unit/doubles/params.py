"""A good parameter object of every stream type."""

from __future__ import annotations

from typing import Any

PARAMS: dict[str, tuple[str, Any]] = {
    "NORMAL": ("url", "rtmp://live.example.com/app/one"),
    "AGORA": ("agoraParam", {"appId": "agora-app", "channel": "room-1"}),
    "ZEGO": ("zegoParam", {"tokenId": "token-1", "roomId": "room-1"}),
    "TRTC": (
        "trtcParam",
        {"sdkAppId": 1400498247, "demoSences": 4, "userId": "12345", "userSig": "sig", "roomId": 517067780},
    ),
    "VOLC": ("volcParam", {"appId": "volc-app", "roomId": "room-1", "token": "t", "userId": "robot"}),
    "GIN": (
        "ginParam",
        {"tokenId": "t", "roomId": "room-1", "isMixingEnabled": True, "ip": "10.0.0.1", "port": "80"},
    ),
    "ALI": ("aliParam", {"token": "t", "room": "room-1", "userId": "robot"}),
}
