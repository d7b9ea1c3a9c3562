"""What ``make up`` was asked for. Make hands its command-line variables down through the environment."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from local import template
from local.failures import StepFailed
from local.places import SAMPLE_SETTINGS

DEFAULT_PORT = 4566
KNOWN = ("PORT", "SETTINGS", "PLAN", "SCENARIO", "WEBHOOKS", "TIME_SCALE", "PYTHON", "ARGS", "ENV")

N = TypeVar("N", int, float)


@dataclass(frozen=True)
class Options:
    """One stack's wishes.

    Attributes:
        port: of the emulator; 0 for any free one.
        scenario: who says what in our Shumei double; its own default where there is none.
        time_scale: how many scaled seconds pass in a real one, for the doubles and the emulator's waits alike.
        base_urls: vendor or platform name, lower case, to the address of somebody else's double (or the real one).
        double_ports: name to the port of our own double; any free one where none is named.
        webhooks: whether the doubles of RTC clouds tell the stack of their rooms.
        parameters: of the template, beside the addresses.
        one_clock: epoch seconds from which on the functions' clock and the doubles' time of day run scaled too; real
            where there is none.
    """

    port: int = DEFAULT_PORT
    settings: Path = SAMPLE_SETTINGS
    plan: Path | None = None
    scenario: Path | None = None
    time_scale: float = 1.0
    base_urls: Mapping[str, str] = field(default_factory=dict)
    double_ports: Mapping[str, int] = field(default_factory=dict)
    webhooks: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    one_clock: float | None = None

    @staticmethod
    def read(environ: Mapping[str, str]) -> Options:
        """Read the environment.

        Raises:
            StepFailed: a value is of the wrong kind, or make was given a variable that means nothing.
        """
        vendors = template.base_url_parameters()
        _refuse_unknown(environ.get("GIVEN", ""), vendors)
        given = {name: environ.get(f"{name.upper()}_BASE_URL", "").rstrip("/") for name in vendors}
        ports = {name: environ.get(f"{name.upper()}_PORT", "") for name in template.DOUBLES}
        return Options(
            port=_number("PORT", environ.get("PORT") or str(DEFAULT_PORT), int),
            settings=_file("SETTINGS", environ.get("SETTINGS")) or SAMPLE_SETTINGS,
            plan=_file("PLAN", environ.get("PLAN")),
            scenario=_file("SCENARIO", environ.get("SCENARIO")),
            time_scale=_number("TIME_SCALE", environ.get("TIME_SCALE") or "1", float),
            base_urls={name: url for name, url in given.items() if url},
            double_ports={name: _number(f"{name}_port", port, int) for name, port in ports.items() if port},
            webhooks=_switch("WEBHOOKS", environ.get("WEBHOOKS")),
        )

    def fingerprint(self) -> str:
        """Equal for two wishes that the same processes can serve."""
        said = self.scenario.read_text("utf-8") if self.scenario else None
        own = [self.port, self.settings.read_text("utf-8"), said, self.time_scale]
        wishes = json.dumps(
            [*own, dict(self.base_urls), dict(self.double_ports), self.webhooks, self.one_clock],
            sort_keys=True,
        )
        return hashlib.sha256(wishes.encode()).hexdigest()  # the settings hold secrets


def _refuse_unknown(overrides: str, vendors: Mapping[str, str]) -> None:
    addresses = {f"{name.upper()}_BASE_URL" for name in vendors}
    allowed = {*KNOWN, *addresses, *(f"{name.upper()}_PORT" for name in template.DOUBLES)}
    for name in re.findall(r"(?:^|\s)([A-Za-z_][A-Za-z0-9_]*)=", overrides):
        if name not in allowed:
            raise StepFailed(f"{name}= means nothing here; known are {', '.join(sorted(allowed))}")


def _number(name: str, text: str, kind: type[N]) -> N:
    try:
        return kind(text)
    except ValueError:
        raise StepFailed(f"{name}={text} is not a number") from None


def _switch(name: str, text: str | None) -> bool:
    if text not in {None, "", "on", "off"}:
        raise StepFailed(f"{name}={text} is neither on nor off")
    return text == "on"


def _file(name: str, text: str | None) -> Path | None:
    if not text:
        return None
    path = Path(text).expanduser().resolve()
    if not path.is_file():
        raise StepFailed(f"{name}={text}: there is no such file")
    return path
