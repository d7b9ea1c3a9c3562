"""The plan's settings for a declared vendor: what its description says, checked and completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from earshot.vendors.declared.description import Description, load
from earshot.vendors.declared.schema import Invalid, complete


@dataclass(frozen=True)
class Options:
    """See :mod:`earshot.vendors.port`, ``options``."""

    description: Description

    def check(self, target: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Validated options with their defaults. Raises pydantic's ValidationError."""
        del target
        try:
            return complete(self.description.settings, options)
        except Invalid as error:
            raise _as_pydantic(self.description.name, error) from None

    def needs_credential(self, options: Mapping[str, Any]) -> bool:
        """Whether the description takes any part of a platform's credential."""
        del options
        return bool(self.description.rest.get("token"))

    def thrift(self, options: Mapping[str, Any], step: str) -> dict[str, Any]:
        """The settings after a step of saving: those that the description puts in the place of others."""
        return {**options, **self.description.thrift.get(step, {})}

    def audited_share(self, options: Mapping[str, Any]) -> float:
        """As the description says."""
        del options
        return self.description.audited_share


def _as_pydantic(vendor: str, error: Invalid) -> Exception:
    """The error that every vendor's settings raise, so that whoever reads plans knows one."""
    from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError  # noqa: PLC0415

    told = PydanticCustomError("declared_setting", "{why}", {"why": error.why})
    details = InitErrorDetails(type=told, loc=error.loc, input=error.given)
    return ValidationError.from_exception_data(vendor, [details])


def of(vendor: str) -> Options:
    """The options of one vendor."""
    return Options(load(vendor))
