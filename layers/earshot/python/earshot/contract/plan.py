"""The moderation plan: a JSON object of named plans in one parameter, validated on read.

``default`` always exists. The vendor's and the platform's own settings are checked by their own folders.
"""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from earshot.contract.problems import first_problem
from earshot.errors import BadInput, Misconfigured
from earshot.platforms import registry as platforms
from earshot.vendors import registry as vendors


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Retry(_Strict):
    """How a watch comes back from trouble: seconds, doubled each time up to the cap, half of it jitter."""

    max_attempts: Annotated[int, Field(ge=0, le=1_000)] = 50
    base_s: Annotated[float, Field(ge=0, le=3_600)] = 2
    cap_s: Annotated[float, Field(ge=0, le=3_600)] = 300
    healthy_s: Annotated[float, Field(ge=0, le=86_400)] = 60


class Plan(_Strict):
    """One entry of the plan.

    ``keep``: store and publish all segments, or only hits. ``settle_s``: how long after the finish the last
    callbacks are waited for. ``look_s``: a parked watch looks at its facts at least this often.
    ``renew_before_s``: how long before a task may listen no more another ear takes over.
    """

    vendor: str = "shumei"
    target: Literal["room_mixed", "room_split", "stream"] = "room_mixed"
    keep: Literal["all", "hits"] = "all"
    settle_s: Annotated[int, Field(ge=0, le=600)] = 10
    look_s: Annotated[int, Field(ge=60, le=86_400)] = 3_600
    renew_before_s: Annotated[int, Field(ge=10, le=3_600)] = 120
    retry: Retry = Retry()
    vendors: dict[str, dict[str, Any]] = {}
    platforms: dict[str, dict[str, Any]] = {}


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
        vendors.check_options(plan.vendor, plan.target, plan.vendors.get(plan.vendor, {}))
    except ValidationError as error:
        raise Misconfigured(*first_problem(error, where)) from None
    except BadInput as error:
        raise Misconfigured(f"{where}.{error.field}", error.rule) from None
    return plan


def resolve(plan: Plan, platform: str) -> dict[str, Any]:
    """The plan as a watch carries it for its whole life: one vendor, one platform, defaults filled in.

    Raises :class:`BadInput` for a platform that Earshot does not know.
    """
    return {
        **plan.model_dump(exclude={"vendors", "platforms"}),
        "vendor_options": vendors.check_options(plan.vendor, plan.target, plan.vendors.get(plan.vendor, {})),
        "platform_options": platforms.check_options(platform, plan.platforms.get(platform, {})),
    }
