"""What an example of a description is about, and the engine's own calls of it, against answers that are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from earshot.domain.room import Room
from earshot.domain.watch import Watch
from earshot.errors import RetryLater
from earshot.http_client import Answer
from earshot.secrets import Keyring, Section
from earshot.vendors.declared.asker import DeclaredAsker
from earshot.vendors.declared.calls import Call
from earshot.vendors.declared.client import Caller, DeclaredClient
from earshot.vendors.declared.description import Description
from earshot.vendors.declared.places import BadDescription, Part
from earshot.vendors.declared.rules import context_of
from earshot.vendors.declared.schema import complete
from earshot.vendors.declared.transport import Bounds, Wire
from earshot.vendors.port import Ending, Submission


@dataclass(frozen=True)
class Given:
    """What an example is about: the sections of ``given``, each over the common one."""

    said: Mapping[str, Any]

    def section(self, name: str) -> dict[str, Any]:
        """One of them."""
        return dict(self.said.get(name) or {})

    def submission(self) -> Submission:
        """The submission that it describes."""
        room, task = self.section("room"), self.section("task")
        plan = {"target": room.get("target", "room_mixed"), "vendor_options": self.section("settings")}
        watch = Watch(
            str(task.get("watch_id", "watch")),
            "session",
            Room(*(str(room.get(name, "")) for name in ("platform", "app_id", "room_id"))),
            "default",
            plan,
            opened_at=int(self.said.get("now_ms", 0)),
            stream_id=room.get("stream_id"),
            stream_url=room.get("stream_url"),
            account_id=room.get("account_id"),
            attributes=str(room.get("attributes", "{}")),
        )
        url = str(self.said.get("callback_url", "https://mod.example.com/callbacks/x/y/z"))
        return Submission(
            str(task.get("ref", "ref")), watch, url, self.section("token"), str(task.get("ear", "ear"))
        )

    def hidden(self) -> list[str]:
        """What is not to be shown: secrets, and the room's credential."""
        values = [*self.section("secrets").values(), *self.section("token").values()]
        return sorted({str(one) for one in values if one}, key=len, reverse=True)


@dataclass(frozen=True)
class _Accounts:
    """A keyring of the example's secrets."""

    secrets: Mapping[str, Any]

    def section(self, name: str) -> Section:
        return Section(name, self.secrets)


class Bench:
    """Makes an example's calls against answers that are given."""

    def __init__(self, description: Description, given: Given, answer: Answer | None = None) -> None:
        self._description, self._given, self._answer = description, given, answer
        self.sent: list[Wire] = []
        keyring = cast(Keyring, _Accounts(given.section("secrets")))
        now = int(given.said.get("now_ms", 0))
        self.caller = Caller(
            description, keyring, self._send, lambda: now, lambda: str(given.said.get("nonce", "0" * 32))
        )

    def _send(self, wire: Wire, _bounds: Bounds) -> Answer:
        self.sent.append(wire)
        if self._answer is None:
            raise RetryLater("not_connected")
        return self._answer

    def run(self, call: str) -> Any:
        """One call as the engine makes it; what it comes to. Raises what the engine raises."""
        client = DeclaredClient(self.caller)
        if call == "submit":
            return client.submit(self._given.submission())
        task_id, options = str(self._given.section("task").get("id", "id")), self._given.section("settings")
        endpoint = client.endpoint(options)
        if call == "finish":
            (error,) = client.finish([Ending(task_id, endpoint, options)])
            return error
        poll = self.caller.outward.poll
        if poll is None:
            raise BadDescription("examples", "there is no poll")
        return DeclaredAsker(self.caller, poll).ask(task_id, endpoint, options)

    def outcome(self, call: str, answer: Answer) -> str:
        """What the rules make of the answer."""
        settings = complete(self._description.settings, self._given.section("settings"))
        return self.compiled(call).rules.outcome(context_of(answer, settings))

    def compiled(self, call: str) -> Call:
        """One of the description's calls. Raises BadDescription for a poll that it has not."""
        outward = self.caller.outward
        if call == "poll" and outward.poll is None:
            raise BadDescription("examples", "there is no poll")
        calls = {"submit": outward.submit, "finish": outward.finish}
        return outward.poll.call if call == "poll" and outward.poll else calls[call]


def given_of(examples: Part, own: Any = None) -> Given:
    """The common ``given`` with an example's own over it."""
    common = examples.part("given", optional=True).whole()
    return Given({**common, **(own or {})})
