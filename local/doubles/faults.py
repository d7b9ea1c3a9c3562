"""Which order applies to an event."""

from __future__ import annotations

from typing import Any

from local.doubles.model import Json
from local.doubles.orders import Facts, Order, parse


class FaultBook:
    """The orders in force, tried in the order in which they were given; one event takes at most one."""

    def __init__(self, operations: tuple[str, ...]) -> None:
        self.operations = operations
        self._orders: list[Order] = []
        self._count = 0

    def add(self, posted: Any) -> list[Json]:
        """Take one order or a list; raises BadField and takes none when any is wrong."""
        many = posted if isinstance(posted, list) else [posted]
        parsed = [
            parse(order, f"orders[{index}]." if isinstance(posted, list) else "", self.operations)
            for index, order in enumerate(many)
        ]
        for order in parsed:
            self._count += 1
            order.id = self._count
            if order.fault == "revive":
                self._orders = [kept for kept in self._orders if kept.fault != "die"]
            else:
                self._orders.append(order)
        return [order.view() for order in parsed]

    def clear(self) -> None:
        """Behave again."""
        self._orders.clear()

    def view(self) -> list[Json]:
        """All orders, used up ones included."""
        return [order.view() for order in self._orders]

    def dying(self) -> Order | None:
        """The order that kills the next call, if any: ``die`` refuses calls of every kind."""
        return next(
            (self._spent(o) for o in self._orders if o.fault == "die" and self._due(o, o.on, {})), None
        )

    def take(self, on: str, facts: Facts) -> Order | None:
        """The order for this event, counted as applied."""
        for order in self._orders:
            if order.fault != "die" and self._due(order, on, facts):
                return self._spent(order)
        return None

    @staticmethod
    def _due(order: Order, on: str, facts: Facts) -> bool:
        if not order.matches(on, facts):
            return False
        if order.skipped < order.after:
            order.skipped += 1
            return False
        return True

    @staticmethod
    def _spent(order: Order) -> Order:
        order.applied += 1
        return order
