"""Restart a watch from its items: another execution looks at the facts and goes on, the one before steps aside.

``make restart WATCH=<id>``
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Protocol

from earshot.domain.orphans import execution_name
from earshot.domain.watch import Watch
from earshot.errors import EarshotError
from earshot.store.port import Missing

from operations.stack import NoStack, arguments, find


class Watches(Protocol):
    """What the command needs of the store."""

    def watch(self, watch_id: str) -> Watch:
        """See :class:`earshot.store.port.Lifecycle`."""

    def restart(self, watch_id: str, generation: int) -> bool:
        """See :class:`earshot.store.port.Lifecycle`."""


class Refused(Exception):
    """It is not restarted; the message says why."""


def restart(store: Watches, watch_id: str) -> str:
    """The name of the execution that goes on with the watch; the table's stream starts it. Raises Refused."""
    try:
        watch = store.watch(watch_id)
    except Missing:
        raise Refused(f"there is no watch {watch_id} in this stack") from None
    if watch.is_over:
        reason = watch.reason or "unknown"
        raise Refused(f"watch {watch_id} is over ({reason}). To listen again, open a new session of its room")
    if not store.restart(watch_id, watch.generation):
        raise Refused(f"watch {watch_id} was restarted or ended just now: look again")
    return execution_name(store.watch(watch_id))


def main(given: Sequence[str] | None = None) -> int:
    """0 if it is being started."""
    parser = arguments("Restart a watch from its items.")
    parser.add_argument("watch", help="the watch's id, as events and logs name it")
    wanted = parser.parse_args(given)
    try:
        stack = find(wanted.stack, wanted.env)
        name = restart(stack.store(), wanted.watch)
    except (NoStack, Refused, EarshotError) as problem:
        print(f"not restarted: {problem}", file=sys.stderr)
        return 1
    print(f"{stack.name}: execution {name} is being started; it looks at the facts and goes on")
    return 0


if __name__ == "__main__":
    sys.exit(main())
