"""The moderation plan: a JSON object of named plans in one parameter, validated on read.

``default`` always exists. The vendor's and the platform's own settings are checked by their own folders.
"""

import json
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from earshot.contract.problems import first_problem
from earshot.domain.spending import LADDER, Step
from earshot.errors import BadInput, Misconfigured
from earshot.platforms import registry as platforms
from earshot.vendors import registry as vendors


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


MIN_PROBE_S = 300


def _never_or_rarely(seconds: int) -> int:
    if 0 < seconds < MIN_PROBE_S:
        raise ValueError(f"must be 0 (never), or {MIN_PROBE_S} at least")
    return seconds


class Retry(_Strict):
    """How a watch comes back from trouble: seconds, doubled each time up to the cap, half of it jitter."""

    max_attempts: Annotated[int, Field(ge=0, le=1_000)] = 50
    base_s: Annotated[float, Field(ge=0, le=3_600)] = 2
    cap_s: Annotated[float, Field(ge=0, le=3_600)] = 300
    healthy_s: Annotated[float, Field(ge=0, le=86_400)] = 60


class Caps(_Strict):
    """``room_hours``: that the ears of one watch may listen, all together."""

    room_hours: Annotated[float, Field(gt=0, le=10_000)] | None = None


class Degrade(_Strict):
    """One step towards a cap: ``at`` which part of it ``do`` what."""

    at: Annotated[float, Field(gt=0, le=1)]
    do: Step


def _ascending(steps: list[Degrade]) -> list[Degrade]:
    for before, after in pairwise(steps):
        if after.at <= before.at:
            raise ValueError("steps must ascend: each `at` above the one before")
        if before.do == "stop":
            raise ValueError("nothing can follow `stop`")
    return steps


def _ladder() -> list[Degrade]:
    return [Degrade(at=at, do=step) for at, step in LADDER]


class Plan(_Strict):
    """One entry of the plan.

    ``keep``: store and publish all segments, or only hits. ``settle_s``: how long after the finish the last
    callbacks are waited for. ``look_s``: a parked watch looks at its facts at least this often.
    ``renew_before_s``: how long before a task may listen no more another ear takes over.

    ``failover``: the vendors that may listen instead of ``vendor``, in their order; ``return_s``: how often a room
    that one of them hears looks whether a better one has recovered. ``silence_s``: how long an ear that gives regular
    signs of life may be silent; ``probe_s``: how often the vendor is asked about one that gives none (0: never).
    ``priority``: who goes first where a vendor's streams are all taken, 0 before 9. ``when_unheard``: whether the app
    is told to close a room that nobody has heard for ``unheard_s``.

    ``caps``: what a room may cost; ``degrade``: what is done on the way there, of these caps and of the settings'.
    """

    vendor: str = "shumei"
    failover: list[str] = []
    target: Literal["room_mixed", "room_split", "stream"] = "room_mixed"
    keep: Literal["all", "hits"] = "all"
    settle_s: Annotated[int, Field(ge=0, le=600)] = 10
    look_s: Annotated[int, Field(ge=60, le=86_400)] = 3_600
    renew_before_s: Annotated[int, Field(ge=10, le=3_600)] = 120
    silence_s: Annotated[int, Field(ge=30, le=3_600)] = 60
    probe_s: Annotated[int, Field(ge=0, le=86_400), AfterValidator(_never_or_rarely)] = 3_600
    return_s: Annotated[int, Field(ge=60, le=86_400)] = 300
    priority: Annotated[int, Field(ge=0, le=9)] = 5
    when_unheard: Literal["open", "closed"] = "open"
    unheard_s: Annotated[int, Field(ge=10, le=3_600)] = 60
    caps: Caps = Caps()
    degrade: Annotated[list[Degrade], AfterValidator(_ascending)] = Field(default_factory=_ladder)
    retry: Retry = Retry()
    vendors: dict[str, dict[str, Any]] = {}
    platforms: dict[str, dict[str, Any]] = {}

    @property
    def order(self) -> list[str]:
        """The vendors that may listen, the first before the others."""
        return [self.vendor, *self.failover]

    def options(self, vendor: str) -> dict[str, Any]:
        """The vendor's own settings, validated and completed. Raises ValidationError or BadInput."""
        return vendors.check_options(vendor, self.target, self.vendors.get(vendor, {}))


def parse(text: str) -> dict[str, Plan]:
    """Every plan, or :class:`Misconfigured` naming the plan and the field."""
    try:
        raw = json.loads(text or "{}")
    except ValueError as error:
        raise Misconfigured("plan", f"is not JSON: {error}") from None
    if not isinstance(raw, dict):
        raise Misconfigured("plan", "must be an object of named plans")
    return {"default": Plan(), **{name: _one(name, body) for name, body in raw.items()}}


def _one(name: str, body: Any) -> Plan:
    where = f"plan {name}"
    try:
        plan = Plan.model_validate(body)
        for vendor, options in plan.vendors.items():
            where = f"plan {name}.vendors.{vendor}"
            vendors.check_options(vendor, plan.target, options)
        for platform, options in plan.platforms.items():
            where = f"plan {name}.platforms.{platform}"
            platforms.check_options(platform, options)
        where = f"plan {name}"
        plan.options(plan.vendor)
        for index, vendor in enumerate(plan.failover):
            where = f"plan {name}"
            _check_next(plan, index)
            where = f"plan {name}.failover[{index}]"
            plan.options(vendor)
    except ValidationError as error:
        raise Misconfigured(*first_problem(error, where)) from None
    except BadInput as error:
        raise Misconfigured(f"{where}.{error.field}", error.rule) from None
    return plan


def _check_next(plan: Plan, index: int) -> None:
    """A vendor of the failover is one that we know, and none that has had its turn."""
    field, vendor = f"failover[{index}]", plan.failover[index]
    if not vendors.known(vendor):
        raise BadInput(field, f"unknown vendor; known: {', '.join(vendors.names())}")
    if vendor in [plan.vendor, *plan.failover[:index]]:
        raise BadInput(field, "is in the order before")


def resolve(plan: Plan, platform: str) -> dict[str, Any]:
    """The plan as a watch carries it for its whole life: its vendors in order, one platform, defaults filled in.

    A vendor that does not hear the platform's rooms is none of them, unless no other does: its refusal says why.
    Raises :class:`BadInput` for a platform that Earshot does not know.
    """
    platform_options = platforms.check_options(platform, plan.platforms.get(platform, {}))
    known = {vendor: plan.options(vendor) for vendor in plan.order}
    options = {name: one for name, one in known.items() if vendors.hears(name, platform, one)} or known
    order = list(options)
    return {
        **plan.model_dump(exclude={"vendors", "platforms"}),
        "vendor": order[0],
        "failover": order[1:],
        "order": order,
        "vendors": options,
        "vendor_options": options[order[0]],
        "platform_options": platform_options,
    }
