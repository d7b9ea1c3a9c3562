"""Calls of a declared vendor: submissions and finishes."""

from __future__ import annotations

import secrets as randomness
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from earshot.clock import now_ms
from earshot.errors import AlreadyDone, BadInput, EarshotError, Misconfigured, OutcomeUnknown, RetryLater
from earshot.http_client import Answer
from earshot.log_codes import LogCode
from earshot.secrets import Keyring
from earshot.telemetry import note
from earshot.vendors.declared import transport
from earshot.vendors.declared.calls import Call
from earshot.vendors.declared.description import Description, load
from earshot.vendors.declared.origins import Origin, local
from earshot.vendors.declared.outward import Outward
from earshot.vendors.declared.places import BadDescription
from earshot.vendors.declared.room import start
from earshot.vendors.declared.rules import context_of
from earshot.vendors.declared.schema import Invalid, complete, mended
from earshot.vendors.declared.transport import Bounds, Send, Wire
from earshot.vendors.declared.trees import NotMade
from earshot.vendors.port import Accepted, Ending, Submission

LONGEST_ID = 512


def _sent(wire: Wire, bounds: Bounds) -> Answer:
    """Looked up when it is called: a test may put another in its place."""
    return transport.send(wire, bounds)


@dataclass(frozen=True)
class Caller:
    """Makes the calls of one description, with the newest secrets. ``nonce`` gives 32 hex characters."""

    description: Description
    keyring: Keyring
    send: Send = _sent
    now: Callable[[], int] = now_ms
    nonce: Callable[[], str] = lambda: randomness.token_hex(16)

    @cached_property
    def outward(self) -> Outward:
        """What the description says of calls."""
        try:
            return self.description.outward()
        except BadDescription as error:
            raise Misconfigured(f"description {self.description.name}", str(error)) from None

    def settings(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Of a plan, completed. Raises BadInput for what another version of the description allowed."""
        try:
            return complete(self.description.settings, options)
        except Invalid as error:
            raise BadInput(".".join(map(str, error.loc)), error.why) from None

    def moment(self) -> dict[str, Any]:
        """What every call knows."""
        now = self.now()
        return {"now_ms": now, "now_s": now // 1000, "nonce": self.nonce(), "request_id": self.nonce()}

    def origin_name(self, call: Call, context: Mapping[str, Any], endpoint: str = "") -> str:
        """Of the one that a call goes to."""
        found = call.origin.text(context) if call.origin else endpoint
        if found not in self.outward.origins:
            raise BadInput(f"{call.place}.origin", f"is none of {', '.join(self.outward.origins)}")
        return str(found)

    def make(self, call: Call, origin_name: str, context: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The outcome of one call, and what its rules looked at. Raises what the transport raises, and BadInput."""
        names = {one for tree in call.trees() for one in tree.secrets}
        section = self.keyring.section(self.description.name) if names else None
        values = {one: section.newest(one) for one in names} if section else {}
        bounds = Bounds(self.description.limits.timeout_s, self.description.limits.answer_bytes)
        try:
            wire = call.draft(self._origin(origin_name), context, values).wire()
        except UnicodeEncodeError:
            raise BadInput(call.place, "would hold half a character, which UTF-8 has not") from None
        answer = context_of(self.send(wire, bounds), context["settings"])
        outcome = call.rules.outcome(answer)
        if outcome == "unknown":
            code = call.rules.code_of(answer)
            note(LogCode.ES501, vendor=self.description.name, vendor_code=code)
        return outcome, answer

    def _origin(self, name: str) -> Origin:
        return local(self.description.name, name) or self.outward.origins[name]

    def later(
        self, vendor_task_id: str, endpoint: str, options: Mapping[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """Origin and context of a call about a task that runs."""
        origin_name, kept = self.outward.reached(endpoint)
        settings = mended(self.description.settings, {**options, **kept})
        return origin_name, {**self.moment(), "task": {"id": vendor_task_id}, "settings": settings}


class DeclaredClient:
    """See :class:`earshot.vendors.port.Client`. An endpoint names an origin and holds the settings that finishing
    needs."""

    finish_batch = 1

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.finish_every_ms = caller.description.limits.finish_every_ms

    def submit(self, submission: Submission) -> Accepted:
        """Open a task."""
        caller, outward = self._caller, self._caller.outward
        settings = caller.settings(submission.watch.plan["vendor_options"])
        context = {**caller.moment(), **start(caller.description, outward, submission), "settings": settings}
        origin_name = caller.origin_name(outward.submit, context)
        endpoint = outward.endpoint(origin_name, settings)
        try:
            outcome, answer = caller.make(outward.submit, origin_name, context)
            if outcome not in {"accepted", "already_running"}:
                raise outward.submit.rules.error(caller.description.name, outcome, answer)
            return self._accepted(outcome, endpoint, {**context, **answer})
        except OutcomeUnknown:
            self._after_unknown(endpoint, context)
            raise

    def _accepted(self, outcome: str, endpoint: str, context: Mapping[str, Any]) -> Accepted:
        found = self._task_id(context)
        if not found:
            raise OutcomeUnknown(f"{self._caller.description.name}_{outcome}", "without the task's id")
        return Accepted(
            found,
            endpoint,
            adopted=outcome == "already_running",
            lasts_s=self._seconds("lasts_s", context),
            signs_every_s=self._seconds("signs_every_s", context),
            deaf_s=self._seconds("deaf_s", context) or 0,
        )

    def _task_id(self, context: Mapping[str, Any]) -> str | None:
        try:
            found = (self._caller.outward.outputs["vendor_task_id"].text(context) or "").strip()
        except NotMade:
            return None
        return found if len(found) <= LONGEST_ID and found.isprintable() else None

    def _seconds(self, fact: str, context: Mapping[str, Any]) -> int | None:
        tree = self._caller.outward.outputs.get(fact)
        try:
            found = tree(context) if tree else None
        except NotMade:
            return None
        return found if isinstance(found, int) and not isinstance(found, bool) and 0 < found < 10**9 else None

    def _after_unknown(self, endpoint: str, context: Mapping[str, Any]) -> None:
        """What may have been opened under an id of ours is closed at once; that it was, nobody can promise: it stays
        unknown."""
        if self._caller.outward.on_unknown != "finish_then_resubmit":
            return
        found = self._task_id({**context, "body": None, "status": 0})
        if found:
            self.finish([Ending(found, endpoint, {})])

    def named(self, submission: Submission) -> tuple[str, str] | None:
        """Where the description makes the task's id of ours."""
        caller, outward = self._caller, self._caller.outward
        settings = caller.settings(submission.watch.plan["vendor_options"])
        context = {**caller.moment(), **start(caller.description, outward, submission), "settings": settings}
        found = self._task_id({**context, "body": None, "status": 0})
        return (
            (found, outward.endpoint(caller.origin_name(outward.submit, context), settings))
            if found
            else None
        )

    def endpoint(self, options: Mapping[str, Any]) -> str:
        """Where a submission with these options goes."""
        caller = self._caller
        settings = mended(caller.description.settings, options)
        nothing: dict[str, Any] = {"room": {}, "task": {}, "token": {}, "callback_url": ""}
        origin_name = caller.origin_name(
            caller.outward.submit, {**caller.moment(), **nothing, "settings": settings}
        )
        return caller.outward.endpoint(origin_name, settings)

    def finish(self, endings: Sequence[Ending]) -> list[EarshotError | None]:
        """Close tasks. Safe to repeat; whatever is not understood is asked for again."""
        return [self._finish(ending) for ending in endings]

    def _finish(self, ending: Ending) -> EarshotError | None:
        caller, call = self._caller, self._caller.outward.finish
        try:
            endpoint = ending.endpoint or self.endpoint(ending.options)
            origin_name, context = caller.later(ending.vendor_task_id, endpoint, ending.options)
            outcome, answer = caller.make(call, caller.origin_name(call, context, origin_name), context)
        except RetryLater as error:
            return error
        except BadInput as error:
            return RetryLater(f"{caller.description.name}_not_sent", error.field)
        if outcome == "finished":
            return None
        reason = f"{caller.description.name}_{call.rules.code_of(answer)}"
        if outcome == "gone" and ending.known_ended:
            return AlreadyDone(reason, "no such task")
        kind = OutcomeUnknown if outcome == "unknown" else RetryLater
        return kind(reason, f"outcome {outcome}")


@dataclass(frozen=True)
class Part:
    """What the registry asks for its ``connect``."""

    description: Description

    def connect(self, base_url: Callable[[str], str], keyring: Keyring) -> DeclaredClient:
        """The registry's way in; addresses are the description's, not the environment's."""
        del base_url
        return DeclaredClient(Caller(self.description, keyring))


def of(vendor: str) -> Part:
    """The client of one vendor."""
    return Part(load(vendor))
