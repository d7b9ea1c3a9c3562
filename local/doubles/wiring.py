"""Puts the worlds together."""

from __future__ import annotations

from pathlib import Path

from local.doubles import accounts, scenario
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.world import ShumeiWorld
from local.doubles.world import World
from local.doubles.zego.settings import ZegoSettings
from local.doubles.zego.world import ZegoWorld


def worlds(
    settings: Path | None = None, played: Path | None = None, only: str | None = None, any_token: bool = False
) -> dict[str, World]:
    """The worlds by name, Shumei redeeming at ZEGO; ``any_token`` (or ``only`` Shumei): any token, once."""
    known, behaviour = accounts.load(settings)
    zego = ZegoWorld(known, ZegoSettings())
    zego.settings.update(behaviour.get("zego", {}))
    redeem = None if any_token or only == "shumei" else zego.desk.redeem
    shumei = ShumeiWorld(known, ShumeiSettings(), redeem, scenario.load(played) if played else None)
    shumei.settings.update(behaviour.get("shumei", {}))
    both: dict[str, World] = {"zego": zego, "shumei": shumei}
    return {name: world for name, world in both.items() if only in (None, name)}
