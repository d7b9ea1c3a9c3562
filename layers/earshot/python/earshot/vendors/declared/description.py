"""One description, compiled: read once a process, and only that of the vendor that is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from earshot.errors import Misconfigured
from earshot.vendors.declared.callback import Callback, callback
from earshot.vendors.declared.functions import as_text
from earshot.vendors.declared.places import BadDescription, Part, name
from earshot.vendors.declared.schema import Schema, properties
from earshot.vendors.declared.trees import Names

if TYPE_CHECKING:  # a door calls nobody: what makes calls is read when it is asked for
    from earshot.vendors.declared.outward import Outward

FORMAT = 1
FOLDER = Path(__file__).parent / "descriptions"
MAX_BYTES = 131_072
RISKS = {"pass": "PASS", "review": "REVIEW", "reject": "REJECT"}
TARGETS = ("room_mixed", "room_split", "stream")
STEPS = ("hits_only", "longer_step", "mixed")


@dataclass(frozen=True)
class Times:
    """How the vendor writes when something was; ``unit`` may be a setting's to say."""

    unit: str
    offset_hours: float


@dataclass(frozen=True)
class Limits:
    """``answer_bytes`` and ``callback_bytes`` of a body that is read; ``finish_every_ms`` between two finishing
    calls."""

    timeout_s: float
    answer_bytes: int
    callback_bytes: int
    finish_every_ms: int


@dataclass(frozen=True)
class Description:
    """``verdicts`` and ``labels`` hold their ``default`` under the name None."""

    name: str
    title: str
    verified: Mapping[str, str] | None
    unknown: tuple[str, ...]
    settings: Mapping[str, Schema]
    secrets: tuple[str, ...]
    limits: Limits
    callback: Callback
    verdicts: Mapping[str | None, str]
    labels: Mapping[str | None, str]
    score_max: float
    times: Times
    thrift: Mapping[str, Mapping[str, Any]]
    audited_share: float
    capabilities: Any
    examples: Any
    rest: Mapping[str, Any]
    """What concerns calls alone; see :meth:`outward`."""

    def outward(self) -> Outward:
        """The calls, compiled once. Raises BadDescription."""
        return self._outward

    @cached_property
    def _outward(self) -> Outward:
        from earshot.vendors.declared.outward import outward  # noqa: PLC0415

        return outward(self)

    def verdict(self, value: Any) -> str:
        """``PASS``, ``REVIEW`` or ``REJECT``; the default for what the table has not."""
        return RISKS[_looked_up(self.verdicts, value)]

    def label(self, code: str) -> str:
        """Our label of a vendor's code."""
        return _looked_up(self.labels, code)


def _looked_up(table: Mapping[str | None, str], value: Any) -> str:
    text = as_text(value)
    return table[text] if text in table else table[None]


@cache
def load(vendor: str) -> Description:
    """The vendor's description. Raises Misconfigured, which names the place."""
    try:
        return compiled(json.loads((FOLDER / f"{vendor}.json").read_bytes()))
    except BadDescription as error:
        raise Misconfigured(f"description {vendor}", str(error)) from None
    except (OSError, ValueError):
        raise Misconfigured(f"description {vendor}", "cannot be read") from None


def compiled(said: Any) -> Description:
    """A description, checked but for its calls. Raises BadDescription."""
    part = Part(said, "")
    if part.need("format") != FORMAT:
        raise part.wrong("format", f"must be {FORMAT}")
    settings = properties(part.part("settings", optional=True))
    secrets = tuple(
        name(text, f"{part.at('secrets')}[{at}]") for at, text in enumerate(part.texts("secrets"))
    )
    limits = _limits(part.part("limits", optional=True))
    names = Names(frozenset(), {"settings": frozenset(settings)}, frozenset(secrets))
    made = Description(
        name(part.text("name"), part.at("name")),
        part.text("title"),
        _verified(part),
        part.texts("unknown"),
        settings,
        secrets,
        limits,
        callback(part.part("callback"), names, limits.callback_bytes),
        _table(part, "verdicts", tuple(RISKS)),
        _table(part, "labels", _label_names()),
        part.number("score_max", 1e-6, 1e9, 1),
        _times(part.part("times", optional=True)),
        part.table("thrift", lambda value, place: Part(value, place).whole(), optional=True),
        part.number("audited_share", 0.001, 1, 1),
        part.need("capabilities"),
        part.take("examples", {}),
        {
            field: part.take(field)
            for field in ("origins", "targets", "token", "sign", "submit", "finish", "poll", "on_unknown")
        },
    )
    part.done()
    _check_thrift(made, part)
    return made


def _verified(part: Part) -> dict[str, str] | None:
    """``none``, or a day and what it rests on."""
    if part.need("verified") == "none":
        return None
    said = part.part("verified")
    made = {"on": said.text("on"), "evidence": said.text("evidence")}
    said.done()
    return made


def _limits(part: Part) -> Limits:
    made = Limits(
        part.number("timeout_s", 0.2, 20, 3),
        int(part.number("answer_bytes", 1_024, 4_000_000, 1_000_000)),
        int(part.number("callback_bytes", 1_024, 1_000_000, 262_144)),
        int(part.number("finish_every_ms", 0, 60_000, 0)),
    )
    part.done()
    return made


def _table(part: Part, field: str, known: tuple[str, ...]) -> dict[str | None, str]:
    given = part.part(field)
    made: dict[str | None, str] = {}
    for key, value, place in given.fields():
        if value not in known:
            raise BadDescription(place, f"must be one of {', '.join(known)}")
        made[None if key == "default" else key] = value
    if None not in made:
        raise given.wrong("default", "is required: a vendor says new things one day")
    return made


def _label_names() -> tuple[str, ...]:
    from earshot.domain.verdict import Label  # noqa: PLC0415

    return tuple(label.value for label in Label)


def _times(part: Part) -> Times:
    units = ("epoch_ms", "epoch_s", "iso8601", "wall_clock", "none")
    unit = part.text("unit", "epoch_ms")
    if unit not in units and not unit.startswith("settings."):
        raise part.wrong("unit", f"must be one of {', '.join(units)}, or settings.<name>")
    made = Times(unit, part.number("offset_hours", -12, 14, 0))
    part.done()
    return made


def _check_thrift(made: Description, part: Part) -> None:
    for step, changes in made.thrift.items():
        if step not in STEPS:
            raise part.wrong(f"thrift.{step}", f"is no step; known: {', '.join(STEPS)}")
        for setting in changes:
            if setting not in made.settings:
                raise part.wrong(f"thrift.{step}.{setting}", "is not a setting")


def listed(folder: Path = FOLDER) -> Iterator[str]:
    """The names of all that are shipped."""
    return (path.stem for path in sorted(folder.glob("*.json")))
