"""The machine's edges: which are declared, and which an execution's history shows were taken."""

from collections.abc import Iterator, Sequence
from typing import Any

Definition = dict[str, Any]
FAILED = ("LambdaFunctionFailed", "TaskFailed", "LambdaFunctionTimedOut", "TaskTimedOut")
SCHEDULED = ("LambdaFunctionScheduled", "TaskScheduled")


def declared(machine: Definition) -> set[str]:
    """Every way out of, or back into, every state."""
    return {edge for name, state in machine["States"].items() for edge in _of_state(name, state)}


def _of_state(name: str, state: Definition) -> Iterator[str]:
    for retrier in state.get("Retry", []):
        yield from (_retry(name, retrier, error) for error in retrier["ErrorEquals"])
    for catcher in state.get("Catch", []):
        yield from (_catch(name, catcher, error) for error in catcher["ErrorEquals"])
    for choice in [state, *state.get("Choices", [])]:
        if "Next" in choice:
            yield f"{name} -> {choice['Next']}"
    if "Default" in state:
        yield f"{name} -> {state['Default']}"
    if "TimeoutSeconds" in state or "TimeoutSecondsPath" in state:
        yield f"{name} times out"


def _retry(name: str, retrier: Definition, error: str) -> str:
    word = "retries" if retrier["MaxAttempts"] else "does not retry"
    return f"{name} {word} {error}"


def _catch(name: str, catcher: Definition, error: str) -> str:
    return f"{name} catches {error} -> {catcher['Next']}"


def taken(machine: Definition, events: Sequence[Definition]) -> list[str]:
    """The edges of one execution, in order."""
    walk = _Walk(machine["States"])
    for event in events:
        walk.see(event)
    return walk.edges


class _Walk:
    """Reads a history: in a state, an error and then another try is a retry; an error and then an exit is a
    catch; an exit without an error is the ordinary way."""

    def __init__(self, states: Definition) -> None:
        self._states = states
        self._state = ""
        self._error: str | None = None
        self._left: str | None = None
        self.edges: list[str] = []

    def see(self, event: Definition) -> None:
        kind = str(event["type"])
        if kind in FAILED:
            self._fail(kind, event)
        elif kind in SCHEDULED and self._error is not None:
            self._record("Retry", _retry)
            self._error = None
        elif kind.endswith("StateExited"):
            self._left = self._state
        elif kind.endswith("StateEntered"):
            self._enter(event["stateEnteredEventDetails"]["name"])

    def _fail(self, kind: str, event: Definition) -> None:
        details = next(value for key, value in event.items() if key.endswith("EventDetails"))
        self._error = details.get("error", "")
        if kind.endswith("TimedOut"):
            self.edges.append(f"{self._state} times out")
        refusing = [r for r in self._states[self._state].get("Retry", []) if not r["MaxAttempts"]]
        self.edges += [
            _retry(self._state, r, self._error) for r in refusing if self._error in r["ErrorEquals"]
        ]

    def _enter(self, name: str) -> None:
        if self._left and self._error is not None:
            self._record("Catch", _catch)
        elif self._left:
            self.edges.append(f"{self._left} -> {name}")
        self._state, self._error, self._left = name, None, None

    def _record(self, field: str, label: Any) -> None:
        for rule in self._states[self._state].get(field, []):
            for error in rule["ErrorEquals"]:
                if error in {self._error, "States.ALL"}:
                    self.edges.append(label(self._state, rule, error))
                    return
        raise AssertionError(f"{self._state}: no {field} for {self._error}")
