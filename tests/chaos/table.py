"""The in-memory twin as the bundle's table: it tells its changes, keeps the parked tokens, and answers UpdateItem."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from earshot.domain import ids
from earshot.domain.watch import Task, Watch
from earshot.store.dynamo import keys
from earshot.store.memory import MemoryStore
from earshot.store.port import Change, Segment, SegmentChange, WatchChange

from tests.chaos.paths import Unplayed

TOKEN_TAKERS = frozenset({"resolve", "close_watch", "restart"})
"""Writes that take the parked token away where they succeed (test_table.py holds them against the real store)."""
K = TypeVar("K")
V = TypeVar("V")
Told = Callable[[str, Change], None]


class Noted(dict[K, V], Generic[K, V]):
    """A dictionary that remembers what was there before each key was written."""

    def __init__(self) -> None:
        super().__init__()
        self.before: dict[K, V | None] = {}

    def __setitem__(self, key: K, value: V) -> None:
        self.before.setdefault(key, self.get(key))
        super().__setitem__(key, value)

    def __ior__(self, other: Any) -> Noted[K, V]:  # type: ignore[override,misc]
        for key, value in dict(other).items():
            self[key] = value
        return self

    def update(self, *others: Any, **more: Any) -> None:
        for key, value in dict(*others, **more).items():
            self[key] = value

    def pop(self, key: K, *default: Any) -> Any:
        if key in self:
            self.before.setdefault(key, self[key])
        return super().pop(key, *default)

    def drain(self) -> dict[K, V | None]:
        """What was written since, with what was there."""
        before, self.before = self.before, {}
        return before


class Tasks(Noted[str, Task]):
    """With an index by watch: in a storm there are ten thousand of them."""

    def __init__(self) -> None:
        super().__init__()
        self.of: dict[str, dict[str, None]] = {}

    def __setitem__(self, ref: str, task: Task) -> None:
        self.of.setdefault(task.watch_id, {})[ref] = None
        super().__setitem__(ref, task)


class Watches(Noted[str, Watch]):
    """With an index by session."""

    def __init__(self) -> None:
        super().__init__()
        self.of: dict[str, dict[str, None]] = {}

    def __setitem__(self, watch_id: str, watch: Watch) -> None:
        self.of.setdefault(ids.session_of(watch_id), {})[watch_id] = None
        super().__setitem__(watch_id, watch)


class Table(MemoryStore):
    """``told`` gets each change with the partition that it happened in; call ``tell`` after each write."""

    def __init__(self, told: Told) -> None:
        super().__init__()
        self._watches: Watches = Watches()
        self._tasks: Tasks = Tasks()
        self._segments: Noted[tuple[str, str], Segment] = Noted()
        self._tokens: Noted[str, str] = Noted()
        self._told = told

    # the same, without looking at everything there is

    def tasks(self, watch_id: str) -> list[Task]:
        mine = [self._tasks[ref] for ref in self._tasks.of.get(watch_id, ())]
        return sorted(mine, key=lambda task: task.number)

    def watches(self, session_id: str) -> list[Watch]:
        mine = [self._watches[one] for one in self._watches.of.get(session_id, ())]
        return sorted(mine, key=lambda watch: watch.watch_id)

    def all_watches(self) -> Sequence[Watch]:
        """For the books."""
        return list(self._watches.values())

    def all_tasks(self) -> Sequence[Task]:
        """For the books."""
        return list(self._tasks.values())

    # changes

    def tell(self, method: str = "") -> None:
        """What the last call changed goes to the stream. DynamoDB makes no record of a write that changes nothing."""
        if method in TOKEN_TAKERS:
            for watch_id in self._watches.before:
                self._tokens.pop(watch_id, None)
        watches, tokens, segments = self._watches.drain(), self._tokens.drain(), self._segments.drain()
        for watch_id in {**watches, **tokens}:
            now, token = self._watches[watch_id], self._tokens.get(watch_id)
            was = watches.get(watch_id, now)
            token_was = tokens.get(watch_id, token)
            if was != now or token != token_was:
                change = WatchChange(was=was, now=now, token=token, token_was=token_was)
                self._told(str(keys.watch(watch_id)["pk"]["S"]), change)
        for (ref, key), before in segments.items():
            segment = self._segments[ref, key]
            if before is None and segment.problem is None:
                self._told(f"TASK#{ref}", SegmentChange(_loader(segment)))
        self._tasks.before.clear()

    # UpdateItem, as the Watch state does it

    def update_item(self, request: Mapping[str, Any]) -> bool:
        """False if the condition does not hold. Raises Unplayed for a request that is not about parking."""
        sk = request["Key"]["sk"]["S"]
        watch_id = sk.removeprefix("WATCH#")
        item = self._item(watch_id) if request["Key"] == keys.watch(watch_id) else {}
        values = request["ExpressionAttributeValues"]
        if not condition(request.get("ConditionExpression", ""), item, request):
            return False
        assigned = re.fullmatch(r"SET task_token = (:\w+), parked_at = (:\w+)", request["UpdateExpression"])
        if assigned is None:
            raise Unplayed(f"UpdateExpression {request['UpdateExpression']}")
        self._tokens[watch_id] = values[assigned[1]]["S"]
        self.tell()
        return True

    def _item(self, watch_id: str) -> Mapping[str, Any]:
        """What a condition may look at, by the names of the attributes."""
        watch = self._watches.get(watch_id)
        if watch is None:
            return {}
        signal = watch.signal
        item = {
            "pk": f"SESSION#{watch.session_id}",
            "sk": f"WATCH#{watch_id}",
            "signal_id": signal.signal_id if signal else None,
            "signal_name": signal.name.value if signal else None,
            "signal_is_last": signal.is_last if signal else None,
            "task_token": self._tokens.get(watch_id),
            "status": watch.status.value,
            "status_seq": watch.status_seq,
            "generation": getattr(watch, "generation", 0),
        }
        return {name: value for name, value in item.items() if value is not None}


def _loader(segment: Segment) -> Callable[[], Segment]:
    return lambda: segment


TERM = re.compile(r"(attribute_exists|attribute_not_exists)\(([#\w]+)\)|([#\w]+)\s*(=|<>|<|<=|>|>=)\s*(:\w+)")


def condition(text: str, item: Mapping[str, Any], request: Mapping[str, Any]) -> bool:
    """A ConditionExpression of terms joined by AND, and OR between brackets; what else there is, is refused."""
    names: Mapping[str, str] = request.get("ExpressionAttributeNames", {})
    values = request["ExpressionAttributeValues"]

    def term(match: re.Match[str]) -> str:
        name = match[2] or match[3]
        name = names[name] if name.startswith("#") else name
        _known(name)
        if match[1]:
            return str((name in item) == (match[1] == "attribute_exists"))
        return str(_compare(item.get(name), match[4], values[match[5]]))

    reduced = TERM.sub(term, text)
    words = re.sub(r"\bAND\b", "and", re.sub(r"\bOR\b", "or", re.sub(r"\bNOT\b", "not", reduced)))
    if not re.fullmatch(r"(\s|\(|\)|True|False|and|or|not)*", words):
        raise Unplayed(f"ConditionExpression {text}")
    return bool(eval(words or "True", {"__builtins__": {}}))


ATTRIBUTES = frozenset(
    {
        *("pk", "sk", "signal_id", "signal_name", "signal_is_last"),
        *("task_token", "status", "status_seq", "generation"),
    }
)


def _known(name: str) -> None:
    if name not in ATTRIBUTES:
        raise Unplayed(f"attribute {name}")


def _compare(held: Any, operator: str, typed: Mapping[str, Any]) -> bool:
    ((kind, text),) = typed.items()
    wanted: Any = int(text) if kind == "N" else text
    if held is None:
        return operator == "<>"
    return bool(
        {
            "=": held == wanted,
            "<>": held != wanted,
            **(
                {"<": held < wanted, "<=": held <= wanted, ">": held > wanted, ">=": held >= wanted}
                if type(held) is type(wanted)
                else {}
            ),
        }[operator]
    )
