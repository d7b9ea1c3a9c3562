"""Retry and Catch: which rule an error falls under, and how long a retry waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Rule = Mapping[str, Any]
RUNTIME = "States.Runtime"
TIMEOUT, HEARTBEAT = "States.Timeout", "States.HeartbeatTimeout"
LIMIT = "States.DataLimitExceeded"


def matches(rule: Rule, error: str) -> bool:
    """Whether a rule is for an error, as AWS reads the wildcards."""
    if error == RUNTIME:
        return False
    named: Sequence[str] = rule["ErrorEquals"]
    wild = ("States.ALL" in named and error != LIMIT) or (
        "States.TaskFailed" in named and error not in {TIMEOUT, HEARTBEAT}
    )
    return wild or error in named


def catcher(state: Rule, error: str) -> Rule | None:
    """The first that applies."""
    return next((rule for rule in state.get("Catch", []) if matches(rule, error)), None)


class Retries:
    """The counts of one visit of a state: each rule has its own."""

    def __init__(self, state: Rule) -> None:
        self._rules: Sequence[Rule] = state.get("Retry", [])
        self._tries: Counter[int] = Counter()

    @property
    def total(self) -> int:
        """``$$.State.RetryCount``."""
        return self._tries.total()

    def wait(self, error: str, luck: float) -> float | None:
        """Seconds until the next try; None: no more. Only the first rule that applies is asked."""
        for number, rule in enumerate(self._rules):
            if matches(rule, error):
                if self._tries[number] >= rule.get("MaxAttempts", 3):
                    return None
                waits = rule.get("IntervalSeconds", 1) * rule.get("BackoffRate", 2.0) ** self._tries[number]
                self._tries[number] += 1
                waits = min(waits, rule.get("MaxDelaySeconds", waits))
                return float(waits * luck if rule.get("JitterStrategy") == "FULL" else waits)
        return None
