"""How the books of each vendor's double are read: one small reader for each, and the table of them."""

from __future__ import annotations

from collections.abc import Collection

from local.chaos.reading.lyrebird import Lyrebird
from local.chaos.reading.parts import Reading
from local.chaos.reading.shumei import Shumei
from local.chaos.reading.tupu import Tupu
from local.chaos.reading.volcengine_content import VolcengineContent, VolcengineZego
from local.chaos.reading.volcengine_rtc import VolcengineRtc
from local.chaos.reading.yidun import Yidun
from local.chaos.reading.yitu import Yitu

READINGS: tuple[Reading, ...] = (
    *(Shumei(), Yidun(), Tupu(), VolcengineContent(), VolcengineRtc()),
    *(Yitu(), VolcengineZego(), Lyrebird()),
)
"""One vendor may be played by several doubles, by its products, and one double may play several vendors."""
PLATFORM_LIMITS = {
    "zego": frozenset({206, 207}),
    "agora": frozenset({429}),
    "yunxin": frozenset({416}),
    "volcengine": frozenset({100018, 100019}),
}


def readings(vendors: Collection[str]) -> list[Reading]:
    """Of these vendors. Two that one double plays cannot be told apart in its books: of them one may be asked for."""
    found = [one for one in READINGS if one.vendor in vendors]
    doubles = [one.double for one in found]
    if len(set(doubles)) < len(doubles):
        raise ValueError(f"played by one double: {', '.join(sorted(vendors))}")
    return found


def doubles_of(vendor: str) -> list[str]:
    """Who plays a vendor."""
    return [one.double for one in READINGS if one.vendor == vendor]


def limits_of(double: str) -> frozenset[int]:
    """Codes by which it says that a limit was exceeded."""
    codes = (one.limits for one in READINGS if one.double == double)
    return PLATFORM_LIMITS.get(double, frozenset()).union(*codes)
