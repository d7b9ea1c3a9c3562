"""Callers of Shumei's audio stream V4 and video stream V4."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from tests.unit.doubles.conftest import Shumei
from tests.unit.doubles.params import PARAMS

if TYPE_CHECKING:
    from local.doubles.model import Json, Reply

V4_PARAMS = PARAMS | {
    "GIN": ("ginParam", {"tokenId": "t", "roomId": "room-1", "ip": "10.0.0.1", "port": "80"}),
    "YUNXIN": ("yunxinParam", {"token": "t", "cname": "room-1", "uid": 7, "appKey": "app-key"}),
}
VIDEO_PARAMS = {kind: PARAMS[kind] for kind in ("NORMAL", "AGORA", "ZEGO", "TRTC", "VOLC", "ALI")}
SWITCHES = {"returnAllText": 1, "returnFinishInfo": 1}


def without_gaps(values: Json) -> Json:
    """``...`` leaves a field out."""
    return {name: value for name, value in values.items() if value is not ...}


class AudioV4(Shumei):
    """Calls of audio stream V4."""

    params = V4_PARAMS
    path_submit, path_finish = "/audiostream/v4", "/finish_audiostream/v4"
    wish = SWITCHES

    def body(
        self, kind: str = "ZEGO", param: Json | None = None, top: Json | None = None, **data: Any
    ) -> Json:
        name, given = self.params[kind]
        value: Any = copy.deepcopy(given)
        if kind == "ZEGO":
            value["tokenId"] = f"{self.path_submit}-{next(self._tokens)}"  # one world redeems for all
        if isinstance(value, dict):
            value = without_gaps(value | (param or {}))
        inner = {"streamType": kind, name: value, "tokenId": "owner-42"} | self.own_data() | data
        whole = self.top() | {"data": without_gaps(inner)} | (top or {})
        return without_gaps(whole)

    def top(self) -> Json:
        return {
            "accessKey": "AK_EXAMPLE",
            "appId": "default",
            "eventId": "audio_room",
            "type": "POLITY_EROTIC_DIRTY_ADVERT_MOAN",
            "callback": "https://receiver.example.com/cb",
        }

    def own_data(self) -> Json:
        return {"btId": "bt-1"}

    def send(self, body: object, cluster: str = "sh") -> Reply:
        return self.post(f"/{cluster}{self.path_submit}", body)

    def start(
        self, kind: str = "ZEGO", param: Json | None = None, top: Json | None = None, **data: Any
    ) -> str:
        answer = self.submit(kind, param, top, **(self.wish | data))
        assert answer["code"] == 1100, answer
        request_id: str = answer["requestId"]
        return request_id.strip()

    def finish(self, request_id: object, cluster: str = "sh", **changes: Any) -> Json:
        body = without_gaps({"accessKey": "AK_EXAMPLE", "requestId": request_id} | changes)
        answer: Json = json.loads(self.post(f"/{cluster}{self.path_finish}", body).body)
        return answer


class Video(AudioV4):
    """Calls of video stream V4."""

    params = VIDEO_PARAMS
    path_submit, path_finish = "/videostream/v4", "/finish_videostream/v4"
    wish = SWITCHES | {"returnAllImg": 1}

    def top(self) -> Json:
        return {
            "accessKey": "AK_EXAMPLE",
            "appId": "default",
            "eventId": "video_room",
            "imgType": "POLITY_EROTIC_ADVERT",
            "audioType": "POLITY_DIRTY",
            "imgCallback": "https://receiver.example.com/images",
            "audioCallback": "https://receiver.example.com/audio",
        }

    def own_data(self) -> Json:
        return {}
