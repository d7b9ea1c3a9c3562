"""Puts the worlds together."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from local.doubles import accounts, scenario
from local.doubles.agora.world import AgoraWorld
from local.doubles.gin.world import GinWorld
from local.doubles.rooms.world import RoomWorld
from local.doubles.shumei.door import Clouds
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.world import ShumeiWorld
from local.doubles.trtc.world import TrtcWorld
from local.doubles.volcengine.world import VolcengineWorld
from local.doubles.world import World
from local.doubles.yidun import door as yidun_door
from local.doubles.yidun.world import YidunWorld
from local.doubles.yunxin.world import YunxinWorld
from local.doubles.zego.world import ZegoWorld

NAMES = ("zego", "agora", "trtc", "volcengine", "yunxin", "gin", "shumei", "yidun")
STREAM_TYPES = {"zego": "ZEGO", "agora": "AGORA", "trtc": "TRTC", "volcengine": "VOLC", "gin": "GIN"}
YIDUN_PLATFORMS = ("zego", "agora", "volcengine", "yunxin")


def worlds(
    settings: Path | None = None,
    played: Path | None = None,
    only: str | Collection[str] | None = None,
    any_token: bool = False,
) -> dict[str, World]:
    """The worlds by name, the recorders of Shumei and Yidun entering the rooms of those that are there.

    ``only``: a name or several. ``any_token``: everybody is let in, and an IdentifyToken once.
    """
    known, behaviour = accounts.load(settings)
    wanted = NAMES if only is None else (only,) if isinstance(only, str) else tuple(only)
    clouds: dict[str, RoomWorld[Any]] = {
        "zego": ZegoWorld(known),
        "agora": AgoraWorld(known),
        "trtc": TrtcWorld(known),
        "volcengine": VolcengineWorld(known),
        "yunxin": YunxinWorld(known),
        "gin": GinWorld(known),
    }
    doors = {kind: clouds[name] for name, kind in STREAM_TYPES.items() if name in wanted}
    entrance = Clouds({} if any_token else doors)
    script = scenario.load(played) if played else None
    shumei = ShumeiWorld(known, ShumeiSettings(), played=script, entrance=entrance)
    listened = {name: clouds[name] for name in YIDUN_PLATFORMS if name in wanted and not any_token}
    yidun = YidunWorld(known, played=script, entrance=yidun_door.Clouds(listened))
    everyone: dict[str, World] = {**clouds, "shumei": shumei, "yidun": yidun}
    for name, world in everyone.items():
        world.settings.update(behaviour.get(name, {}))
    return {name: everyone[name] for name in NAMES if name in wanted}
