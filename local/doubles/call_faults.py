"""How an order changes the answer to a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from local.doubles.faults import FaultBook
from local.doubles.journal import answer_view
from local.doubles.model import Json, Outcome, Reply, Request, Verdict
from local.doubles.orders import Facts, Order

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


@dataclass(frozen=True)
class Played:
    """A call that a double plays. ``facts``: what a fault order may match."""

    operation: str
    facts: Facts
    act: Act
    coded: Coded


def judged(faults: FaultBook, call: Played | Outcome) -> tuple[Outcome, Json]:
    """Run a call, unless it is answered already, under the order for it; and what the journal says of that."""
    order = faults.dying()
    if order is not None:
        outcome = Outcome(RESET, Verdict(ok=None, message="not looked at: fault die"))
    elif isinstance(call, Outcome):
        outcome = call
    else:
        order = faults.take(call.operation, call.facts)
        outcome = apply(order, call.act, call.coded)
    view = order.view() if order else None
    return outcome, {"verdict": vars(outcome.verdict), "fault": view, "answer": answer_view(outcome.reply)}


def elsewhere(request: Request, known: bool = False, where: str = "") -> Outcome:
    """The answer to what nobody plays; ``known``: the path is, only not by this method."""
    text = f"{request.method} {request.path}{where} is nothing that this double plays"
    return Outcome(Reply.of({"error": text}, 405 if known else 404), Verdict(ok=False, message=text))
