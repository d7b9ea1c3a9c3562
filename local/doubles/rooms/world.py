"""A cloud: calls, rooms, the recorder's entrance, webhooks. A platform says what differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import Generic, TypeVar

from local.doubles import admin
from local.doubles.accounts import Accounts
from local.doubles.agenda import Agenda
from local.doubles.call_faults import Coded, Played, elsewhere, judged
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal, parsed
from local.doubles.model import Json, Now, Outcome, Push, Reply, Request, Verdict
from local.doubles.orders import Facts
from local.doubles.rooms.doors import Doors
from local.doubles.rooms.engine import Rooms
from local.doubles.rooms.entrance import Refused
from local.doubles.rooms.life import Event, Life, Stay
from local.doubles.rooms.notice import Attempt, Notice, Sealed
from local.doubles.rooms.outbox import WebhookOutbox
from local.doubles.rooms.settings import RoomSettings, WebhookSettings
from local.doubles.window import SlidingWindow

S = TypeVar("S", bound=RoomSettings)
W = TypeVar("W", bound=WebhookSettings)


class RoomWorld(Doors, Generic[S]):
    """Pure logic of one cloud; see ``world.World``."""

    operations: tuple[str, ...] = ()

    def __init__(self, accounts: Accounts, settings: S) -> None:
        self.settings: S = settings
        self.accounts = accounts
        self.faults = FaultBook((*self.operations, "webhook"))
        self.journal = Journal(lambda: accounts.secrets_of(self.name))
        self.agenda = Agenda()
        self.rooms = Rooms(self.agenda, settings, self.hear, self.life_id, self.linger)
        self._rates: defaultdict[str, SlidingWindow] = defaultdict(lambda: SlidingWindow(1.0))

    # What a platform says.

    def operation(self, request: Request) -> str | None:
        """Which of ``operations`` a call is."""
        raise NotImplementedError

    def answer(self, operation: str, request: Request, now: Now, verdict: Verdict, forget: bool) -> Reply:
        """Do a call; raises Refused."""
        raise NotImplementedError

    def refusal(self, refused: Refused, now: Now) -> Reply:
        """How the platform says no."""
        raise NotImplementedError

    def facts(self, request: Request) -> Facts:  # noqa: ARG002
        """What a fault order may match in a call."""
        return {}

    def life_id(self, now: Now, count: int) -> int:
        """The id of a new life; made of the time, so that a double that starts anew does not repeat itself."""
        return round(now.wall * 1000) * 1000 + count % 1000

    def linger(self, life: Life, last: Stay) -> float:  # noqa: ARG002
        """Scaled seconds that an empty room stays."""
        return 0.0

    def tell(self, event: Event, now: Now) -> None:
        """Webhooks of an event."""

    # What the server and the admin API ask for.

    def handle(self, request: Request, now: Now) -> Reply:
        """Answer one call and write it down."""
        if request.path.startswith(admin.PREFIX):
            return admin.handle(self, request, now)
        operation = self.operation(request)
        call: Played | Outcome = self.elsewhere(request)
        if operation is not None:
            run, facts = partial(self.call, operation, request, now), self.facts(request)
            call = Played(operation, facts, run, self.coded(now))
        outcome, said = judged(self.faults, call)
        self.journal.add(
            "call",
            now,
            operation=operation or self.operations[0],
            method=request.method,
            path=request.path,
            query=request.params(),
            body=parsed(request.body.decode("utf-8", "replace")) if request.body else None,
            **said,
        )
        return outcome.reply

    def call(self, operation: str, request: Request, now: Now, forget: bool) -> Outcome:
        """Do a call and judge it."""
        verdict = Verdict(code=0)
        try:
            return Outcome(self.answer(operation, request, now, verdict, forget), verdict)
        except Refused as no:
            verdict.ok, verdict.code, verdict.field, verdict.message = False, no.code, no.field, no.message
            return Outcome(self.refusal(no, now), verdict)

    def coded(self, now: Now) -> Coded:
        """The platform's answer with a code, for orders."""
        return lambda code, message: self.refusal(Refused(code, message), now)

    def elsewhere(self, request: Request) -> Outcome:
        """A path that is not played."""
        return elsewhere(request)

    def too_many(self, key: str, limit: int, now: Now, counts_refused: bool = True) -> bool:
        """More than ``limit`` calls in the real second that ends now."""
        window = self._rates[key]
        full = window.count(now.wall) >= limit
        if not full or counts_refused:
            window.add(now.wall)
        return full

    def advance(self, now: Now) -> list[Push]:
        """Let time pass; the pushes that are due."""
        self.agenda.run(now)
        return []

    def push_result(self, push: Push, status: int | None, now: Now, note: str = "") -> None:
        """Report what the receiver answered."""

    def next_due(self) -> float | None:
        """Scaled second of the next thing that happens by itself."""
        return self.agenda.next_due()

    def state(self, now: Now) -> Json:
        """The truth about all rooms."""
        return {
            "second": round(now.scaled, 3),
            "apps": list(self.accounts.apps.get(self.name, {})),
            "rooms": [life.view() for life in self.rooms.lives],
        }

    def hear(self, event: Event, now: Now) -> None:
        """Write down what happened in a room, and tell whoever wants to know."""
        stay = event.stay
        self.journal.add(
            "room",
            now,
            event=event.kind,
            app_id=event.life.app_id,
            room=event.life.room_id,
            life=event.life.id,
            user=stay.user if stay else None,
            recorder=stay.recorder if stay else None,
            reason=event.reason,
        )
        self.tell(event, now)


class CloudWorld(RoomWorld[W]):
    """A cloud that tells of its rooms by webhooks."""

    def __init__(self, accounts: Accounts, settings: W) -> None:
        super().__init__(accounts, settings)
        self.outbox = WebhookOutbox(self.agenda, self.faults, self.journal, self.name, settings, self.seal)

    def notices(self, event: Event, now: Now) -> Iterable[Notice]:
        """The webhooks of an event."""
        raise NotImplementedError

    def seal(self, notice: Notice, attempt: Attempt, spoil: str) -> Sealed:
        """Body and headers of one attempt; ``spoil``: ``signature`` or ``unsigned`` to order."""
        raise NotImplementedError

    def secret(self, notice: Notice, name: str, spoil: str) -> str:
        """The newest secret that signs webhooks of an app; empty: unsigned."""
        if spoil == "unsigned":
            return ""
        known = self.accounts.secret(self.name, notice.app_id, name)
        return f"not-{known[0]}" if known and spoil else next(iter(known), "")

    def tell(self, event: Event, now: Now) -> None:
        """Put webhooks on their way."""
        for notice in self.notices(event, now):
            self.outbox.add(notice, now)

    def advance(self, now: Now) -> list[Push]:
        """Let time pass; the webhooks that are due."""
        self.agenda.run(now)
        return self.outbox.drain()

    def push_result(self, push: Push, status: int | None, now: Now, note: str = "") -> None:
        """Report what the receiver answered."""
        self.outbox.result(push, status, now, note)

    def state(self, now: Now) -> Json:
        """The truth about all rooms, and what was told of it."""
        return super().state(now) | {"webhooks": dict(self.outbox.counts)}

    def checks_address(self, now: Now, app_id: str | None = None) -> int:
        """Send the platform's address check; how many webhooks that is."""
        chosen = self._app(app_id)
        return sum(self.outbox.add(notice, now) for notice in self.address_checks(chosen, now))

    def address_checks(self, app_id: str, now: Now) -> Iterable[Notice]:  # noqa: ARG002
        """The platform's address check; most have none."""
        return ()

    def extra_admin(self, method: str, path: str, body: Json, now: Now) -> Json | None:
        """``POST /_double/webhooks/check``."""
        if (method, path) != ("POST", "webhooks/check"):
            return None
        return {"ok": True, "sent": self.checks_address(now, body.get("app_id"))}
