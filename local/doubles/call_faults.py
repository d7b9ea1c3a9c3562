"""How an order changes the answer to a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from local.doubles.model import Outcome, Reply, Verdict
from local.doubles.orders import Order

Act = Callable[[bool], Outcome]
Coded = Callable[[int, str], Reply]

CUT = Reply(status=0, cut="close")
RESET = Reply(status=0, cut="reset")


def apply(order: Order | None, act: Act, coded: Coded) -> Outcome:
    """Run a call under an order.

    ``act(forget)`` does the work and answers (``forget``: answer as if done, and leave no trace).
    ``coded(code, message)`` shapes a business answer without doing anything.
    """
    if order is None:
        return act(False)
    args = order.args
    match order.fault:
        case "drop":
            return _undone(CUT, order)
        case "status":
            return _undone(Reply(args["status"], args["body"], args["content_type"]), order)
        case "code":
            return _undone(coded(args["code"], args["message"]), order)
        case "forget":
            return act(True)
    done = act(False)
    return Outcome(_altered(done.reply, order), done.verdict)


def _altered(reply: Reply, order: Order) -> Reply:
    args = order.args
    match order.fault:
        case "delay":
            return replace(reply, hold=float(args["seconds"]))
        case "accept_then_timeout":
            return replace(reply, hold=float(args["seconds"]), cut="close")
        case "accept_then_drop":
            return replace(reply, cut="close")
        case _:
            return Reply(args["status"], args["body"], args["content_type"])


def _undone(reply: Reply, order: Order) -> Outcome:
    return Outcome(reply, Verdict(ok=None, message=f"not looked at: fault {order.fault}"))
