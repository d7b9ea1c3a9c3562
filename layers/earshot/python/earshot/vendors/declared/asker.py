"""Results of one task of a declared vendor, had by asking for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from earshot.errors import OutcomeUnknown, RetryLater
from earshot.secrets import Keyring
from earshot.vendors.declared.callback import ENDED, Callback
from earshot.vendors.declared.client import Caller, DeclaredClient
from earshot.vendors.declared.description import Description, load
from earshot.vendors.declared.expressions import Expression
from earshot.vendors.declared.functions import as_text
from earshot.vendors.declared.outward import Poll
from earshot.vendors.declared.parsing import stored
from earshot.vendors.declared.schema import mended
from earshot.vendors.port import Unreadable


class DeclaredAsker:
    """See :class:`earshot.vendors.port.Asker`."""

    def __init__(self, caller: Caller, poll: Poll) -> None:
        self._caller, self._poll, self.every_ms = caller, poll, poll.every_ms

    def asks(self, options: Mapping[str, Any]) -> bool:
        """As the description's ``when`` says of the settings."""
        settings = mended(self._caller.description.settings, options)
        try:
            return self._poll.when is None or self._poll.when.holds({"settings": settings})
        except ValueError:  # an expression that fails says no
            return False

    def ask(self, vendor_task_id: str, endpoint: str | None, options: Mapping[str, Any]) -> Sequence[bytes]:
        """Each result as a push of one event; at last, if the state says so, that the task is over."""
        caller, call = self._caller, self._poll.call
        where = endpoint or DeclaredClient(caller).endpoint(options)
        origin_name, context = caller.later(vendor_task_id, where, options)
        try:
            outcome, answer = caller.make(call, caller.origin_name(call, context, origin_name), context)
        except OutcomeUnknown as error:
            raise RetryLater(error.reason, error.detail) from None
        if outcome == "gone":
            return ()
        if outcome != "accepted":
            trouble = call.rules.error(caller.description.name, outcome, answer)
            is_open = isinstance(trouble, OutcomeUnknown)
            raise RetryLater(trouble.reason, trouble.detail) if is_open else trouble
        return [*self._results(answer), *self._end(vendor_task_id, answer)]

    def _results(self, answer: Mapping[str, Any]) -> list[bytes]:
        found = _value(self._poll.results, answer)
        pushes = found if isinstance(found, list) else [found]
        return [result for push in pushes if isinstance(push, dict) for result in self._apart(push)]

    def _apart(self, push: dict[str, Any]) -> list[bytes]:
        """None yet is no trouble, when it is we who ask."""
        callback = self._caller.description.callback
        inner: Any = push
        for step in callback.events:
            inner = inner.get(step) if isinstance(inner, dict) else None
        if callback.events and not inner:
            return []
        return [result for portion in callback.portions(push) for result in _parted(callback, portion)]

    def _end(self, vendor_task_id: str, answer: Mapping[str, Any]) -> list[bytes]:
        state = as_text(_value(self._poll.state, answer))
        if state is None or state in self._poll.running:
            return []
        return [stored({ENDED: {"task_id": vendor_task_id, "state": state}})]


def _parted(callback: Callback, push: Mapping[str, Any]) -> list[bytes]:
    try:
        return callback.apart(push)
    except Unreadable:
        return [stored(push)]


def _value(expression: Expression | None, answer: Mapping[str, Any]) -> Any:
    try:
        return expression(answer) if expression else None
    except ValueError:
        raise RetryLater("unreadable_answer", "an expression of the description failed") from None


@dataclass(frozen=True)
class Part:
    """What the registry asks for its ``connect``."""

    description: Description

    def connect(self, base_url: Callable[[str], str], keyring: Keyring) -> DeclaredAsker | None:
        """None if the description has no ``poll``."""
        del base_url
        if self.description.rest.get("poll") is None:
            return None
        caller = Caller(self.description, keyring)
        poll = caller.outward.poll
        return DeclaredAsker(caller, poll) if poll else None


def of(vendor: str) -> Part:
    """The asker of one vendor."""
    return Part(load(vendor))
