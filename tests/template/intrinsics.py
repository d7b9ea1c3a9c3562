"""CloudFormation's intrinsic functions, as many as the template uses. An unknown one is an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.template.bundle import ACCOUNT_ID, REGION, transformed

PSEUDO = {
    "AWS::AccountId": ACCOUNT_ID,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackName": "earshot",
    "AWS::URLSuffix": "amazonaws.com",
}


@dataclass(frozen=True)
class Resolver:
    """``refs`` and ``attributes`` (by ``"Id.Attribute"``) are those of resources that exist; others get a name
    that is recognisable and of the right shape."""

    refs: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, value: Any) -> Any:
        """``value`` with every intrinsic in it evaluated."""
        if isinstance(value, list):
            return [self(item) for item in value]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref":
                return self._ref(argument)
            if name.startswith("Fn::"):
                return self._call(name, argument)
        return {name: self(item) for name, item in value.items()}

    def _call(self, name: str, argument: Any) -> Any:
        if name == "Fn::GetAtt":
            return self._attribute(".".join(argument))
        if name == "Fn::Sub" and isinstance(argument, str):
            return re.sub(r"\$\{([^}]+)\}", lambda found: self._named(found[1]), argument)
        if name == "Fn::If":
            return self(argument[1] if self._holds(argument[0]) else argument[2])
        raise NotImplementedError(name)

    def _named(self, name: str) -> str:
        is_attribute = "." in name and "::" not in name
        return self._attribute(name) if is_attribute else self._ref(name)

    def _ref(self, name: str) -> str:
        document = transformed()
        if name in PSEUDO:
            return PSEUDO[name]
        if name in document["Parameters"]:
            return self.parameters.get(name, str(document["Parameters"][name].get("Default", "")))
        assert name in document["Resources"], f"Ref to {name}, which does not exist"
        return self.refs.get(name, f"earshot-{name}")

    def _attribute(self, name: str) -> str:
        logical_id, _, attribute = name.partition(".")
        resource = transformed()["Resources"][logical_id]
        service = resource["Type"].split("::")[1].lower()
        made_up = f"arn:aws:{service}:{REGION}:{ACCOUNT_ID}:{logical_id}/{attribute}"
        return self.attributes.get(name, made_up)

    def _holds(self, condition: str) -> bool:
        return self._condition(transformed()["Conditions"][condition])

    def _condition(self, expression: Mapping[str, Any]) -> bool:
        ((name, argument),) = expression.items()
        if name == "Fn::Not":
            return not self._condition(argument[0])
        if name == "Fn::Equals":
            left, right = self(argument)
            return bool(left == right)
        raise NotImplementedError(name)
