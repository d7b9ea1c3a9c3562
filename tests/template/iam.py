"""A small evaluator of IAM policies: Allow, exact or wildcard actions and resources, and the two conditions that
the template uses. Whatever else a policy says is an error, not a guess."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from tests.template.calls import Call
from tests.template.intrinsics import Resolver

KEYS = ("ForAllValues:StringLike", "dynamodb:LeadingKeys")
SOURCE = ("StringEquals", "events:source")


@dataclass(frozen=True)
class Grant:
    """One action on one resource, with one statement's limits on keys and sources (empty: no limit)."""

    policy: str
    sid: str
    action: str
    resource: str
    keys: tuple[str, ...]
    sources: tuple[str, ...]

    def allows(self, call: Call) -> bool:
        """Whether this grant covers the call."""
        return (
            fnmatchcase(call.action.lower(), self.action.lower())
            and fnmatchcase(call.resource, self.resource)
            # ForAllValues is also true of a request without any key; ours always have one.
            and (not self.keys or all(any(fnmatchcase(key, like) for like in self.keys) for key in call.keys))
            and (not self.sources or set(call.sources) <= set(self.sources))
        )


def grants(role: Mapping[str, Any], resolve: Resolver) -> list[Grant]:
    """Every grant of a role's own policies."""
    return [
        grant
        for policy in role.get("Policies", [])
        for statement in _list(policy["PolicyDocument"]["Statement"])
        for grant in _statement(policy["PolicyName"], resolve(statement))
    ]


def _statement(policy: str, statement: Mapping[str, Any]) -> Iterator[Grant]:
    unknown = set(statement) - {"Sid", "Effect", "Action", "Resource", "Condition"}
    assert not unknown, f"the evaluator does not know {unknown}"
    assert statement["Effect"] == "Allow"
    keys, sources = _limits(statement.get("Condition", {}))
    for action in _list(statement["Action"]):
        for resource in _list(statement["Resource"]):
            yield Grant(policy, statement.get("Sid", ""), action, resource, keys, sources)


def _limits(condition: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    said = {(operator, key): _list(value) for operator, by in condition.items() for key, value in by.items()}
    assert set(said) <= {KEYS, SOURCE}, f"the evaluator does not know {set(said)}"
    return tuple(said.get(KEYS, ())), tuple(said.get(SOURCE, ()))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
