"""Puts the worlds together."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from local.doubles import accounts, scenario
from local.doubles.agora.world import AgoraWorld
from local.doubles.gin.world import GinWorld
from local.doubles.lyrebird import door as lyrebird_door
from local.doubles.lyrebird.world import LyrebirdWorld
from local.doubles.rooms.world import RoomWorld
from local.doubles.shumei.door import Clouds
from local.doubles.shumei.world import ShumeiWorld
from local.doubles.trtc.world import TrtcWorld
from local.doubles.tupu import door as tupu_door
from local.doubles.tupu.world import TupuWorld
from local.doubles.volcengine.world import VolcengineWorld
from local.doubles.volcengine_content import door as content_door
from local.doubles.volcengine_content.world import ContentWorld
from local.doubles.world import World
from local.doubles.yidun import door as yidun_door
from local.doubles.yidun.world import YidunWorld
from local.doubles.yitu.world import YituWorld
from local.doubles.yunxin.world import YunxinWorld
from local.doubles.zego.world import ZegoWorld

NAMES = (
    *("zego", "agora", "trtc", "volcengine", "yunxin", "gin"),
    *("shumei", "yidun", "tupu", "volcengine_content", "yitu", "lyrebird"),
)
STREAM_TYPES = {
    **{"zego": "ZEGO", "agora": "AGORA", "trtc": "TRTC"},
    **{"volcengine": "VOLC", "gin": "GIN", "yunxin": "YUNXIN"},
}
YIDUN_PLATFORMS = ("zego", "agora", "volcengine", "yunxin")


LYREBIRD_PLATFORMS = ("zego", "agora")
ZEGO_ALONE = ("zego",)


def worlds(
    settings: Path | None = None,
    played: Path | None = None,
    only: str | Collection[str] | None = None,
    any_token: bool = False,
) -> dict[str, World]:
    """The worlds by name, the vendors' recorders entering the rooms of those clouds that are there.

    ``only``: a name or several. ``any_token``: everybody is let in, and an IdentifyToken once.
    """
    known, behaviour = accounts.load(settings)
    wanted = NAMES if only is None else (only,) if isinstance(only, str) else tuple(only)
    script = scenario.load(played) if played else None
    everyone = assemble(known, script, () if any_token else wanted)
    for name, world in everyone.items():
        world.settings.update(behaviour.get(name, {}))
    return {name: everyone[name] for name in NAMES if name in wanted}


def assemble(
    known: accounts.Accounts, script: scenario.Scenario | None, guarded: Collection[str]
) -> dict[str, World]:
    """All of them, by name. ``guarded``: the clouds that look at a recorder's credential."""
    clouds: dict[str, RoomWorld[Any]] = {
        "zego": ZegoWorld(known),
        "agora": AgoraWorld(known),
        "trtc": TrtcWorld(known),
        "volcengine": VolcengineWorld(known, played=script),
        "yunxin": YunxinWorld(known),
        "gin": GinWorld(known),
    }

    def doors(names: Collection[str]) -> dict[str, RoomWorld[Any]]:
        return {name: clouds[name] for name in names if name in guarded}

    shumei = ShumeiWorld(
        known,
        played=script,
        entrance=Clouds({STREAM_TYPES[name]: cloud for name, cloud in doors(STREAM_TYPES).items()}),
    )
    listened, zego = doors(YIDUN_PLATFORMS), doors(ZEGO_ALONE)
    lyrebird = lyrebird_door.Clouds(doors(LYREBIRD_PLATFORMS))
    everyone: dict[str, World] = {
        **clouds,
        "shumei": shumei,
        "yidun": YidunWorld(known, played=script, entrance=yidun_door.Clouds(listened)),
        "tupu": TupuWorld(known, played=script, entrance=tupu_door.Clouds(zego)),
        "volcengine_content": ContentWorld(known, played=script, entrance=content_door.Clouds(zego)),
        "yitu": YituWorld(known, played=script),
        "lyrebird": LyrebirdWorld(known, played=script, entrance=lyrebird),
    }
    return {name: everyone[name] for name in NAMES}
