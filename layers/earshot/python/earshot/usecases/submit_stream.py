"""Lifecycle step: open a task at the vendor."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from earshot import callback_url
from earshot.domain import ids
from earshot.domain.ears import current_task, is_due, is_silent, refs_of
from earshot.domain.failure import Failure
from earshot.domain.lifecycle import Next, parking
from earshot.domain.spending import NO_LIMITS, spending
from earshot.domain.watch import Credential, Status, Task, TaskState, Watch
from earshot.errors import AlreadyDone, EarshotError, Exhausted, OutcomeUnknown, RetryLater
from earshot.log_codes import LogCode
from earshot.store.port import Conflict, Lifecycle
from earshot.telemetry import note
from earshot.usecases.pace import Pace
from earshot.usecases.start_watch import next_state
from earshot.usecases.stream_slots import HandOn
from earshot.usecases.thrift import cut_for
from earshot.usecases.vendor_health import VendorHealth
from earshot.vendors.port import Accepted, Client, Submission

State = Mapping[str, Any]


@dataclass(frozen=True)
class Opening:
    """A submission on its way: the watch as it was read, its tasks, and the ear that the new one would join."""

    watch: Watch
    tasks: Sequence[Task]
    ear: Task | None
    task: Task
    credential: Credential


@dataclass(frozen=True)
class SubmitStream:
    """See the module. ``callback_key`` gives the newest key of callback addresses, ``per_s`` how often a vendor takes
    submissions (None: as often as anybody likes), ``hand_on`` gives a stream that nothing came of to whoever
    waits."""

    store: Lifecycle
    vendor: Callable[[str], Client]
    callback_base: str
    callback_key: Callable[[], str]
    health: VendorHealth
    pace: Pace
    per_s: Callable[[str], float | None]
    hand_on: HandOn
    now: Callable[[], int]

    def __call__(self, state: State) -> dict[str, object]:
        """The machine's state for its next round: parked, and rid of the ears that nobody needs.

        The task is written before the call: whatever the vendor may have opened has an owner, even if this
        function dies in the middle. Raises AlreadyDone when the room is closed, CredentialClaimed when an
        earlier try used the credential, and what the vendor raises.
        """
        watch = self.store.watch(state["watch_id"])
        if watch.last_word or watch.is_over or state.get("generation", 0) < watch.generation:
            # Whoever goes on may have looked for what is left before it was taken.
            self.hand_on.slots.unused(watch, self.store.tasks(watch.watch_id), state["number"])
            raise AlreadyDone("room_closed")
        name = state.get("vendor") or watch.plan["vendor"]
        slot = self.pace.slot(f"submit:{name}", self.per_s(name), state.get("slot") or None)
        if slot.wait_ms:
            held = {"wait_s": -(-slot.wait_ms // 1000), "slot": slot.at}
            return next_state(
                state, Next.SUBMIT.value, watch.plan["look_s"], number=state["number"], vendor=name, **held
            )
        vendor = self.vendor(name)
        opening = self._open(watch, name, state["number"], vendor)
        accepted = self._submit(vendor, opening)
        if accepted.adopted and opening.ear and accepted.vendor_task_id == opening.ear.vendor_task_id:
            return self._known(state, opening, opening.ear)
        return self._took_over(state, opening, accepted)

    def _open(self, watch: Watch, vendor: str, number: int, client: Client) -> Opening:
        """Claim the credential, and own whatever may come of it."""
        tasks = self.store.tasks(watch.watch_id)
        before = current_task(watch, tasks)
        ear = before if before is not None and before.is_live else None
        asks_after = ear is not None and ear.vendor == vendor and not self._must_go(watch, ear)
        after = before.after if before and asks_after else before.number if before else 0
        keep = cut_for(watch, vendor, watch.level).keep
        ref = ids.task_ref(watch.watch_id, number, hits_only=keep == "hits")
        task = Task(
            ref, watch.watch_id, number, vendor, submitted_at=self.now(), after=after, level=watch.level
        )
        task = _named(task, client, _wanted(watch, task))
        return Opening(watch, tasks, ear, task, self.store.open_task(task))

    def _submit(self, vendor: Client, opening: Opening) -> Accepted:
        watch, task = opening.watch, opening.task
        url = callback_url.build(self.callback_base, self.callback_key(), task.vendor, task.task_ref)
        try:
            accepted = vendor.submit(_wanted(watch, task, url, opening.credential.secrets))
        except EarshotError as error:
            self._give_back(task, error)
            raise
        self.health.succeeded(task.vendor)
        if accepted.adopted and not self._is_free(watch, task, accepted.vendor_task_id):
            # Of the room's session before, on its way to be finished: adopted, it would end unheard.
            self._drop(task, TaskState.DUPLICATE, "duplicate_of_another")
            raise RetryLater("duplicate_of_another", "the vendor still runs a task of another watch")
        return accepted

    def _give_back(self, task: Task, error: EarshotError) -> None:
        self.health.failed(task.vendor, error)
        if isinstance(error, OutcomeUnknown):
            # Its stream may be taken: it is given back when the task is found and finished, or the watch closes.
            self.store.drop_task(task.task_ref, TaskState.UNKNOWN, error.reason)
            note(LogCode.ES204, task_ref=task.task_ref, reason=error.reason)
            return
        # Who has no room now is not asked again at once, where there is another.
        is_permanent = error.failure is Failure.PERMANENT or isinstance(error, Exhausted)
        self._drop(task, TaskState.REFUSED, error.reason, permanent=is_permanent)

    def _drop(self, task: Task, state: TaskState, reason: str, *, permanent: bool = False) -> None:
        self.store.drop_task(task.task_ref, state, reason, permanent=permanent)
        self.hand_on(task.vendor, task.task_ref)

    def _known(self, state: State, opening: Opening, ear: Task) -> dict[str, object]:
        """The vendor still runs the ear that we have. Asked after, it is alive; to be replaced, it stands in the way
        of its own successor: it is finished first, and what is missed meanwhile is the ledger's."""
        self._drop(opening.task, TaskState.DUPLICATE, "still_listens")
        if self._must_go(opening.watch, ear):
            note(LogCode.ES224, task_ref=ear.task_ref)
            self._lose(opening, ear, self.now())
            return next_state(state, Next.MINT.value, opening.watch.plan["look_s"], release=True)
        note(LogCode.ES223, task_ref=ear.task_ref)
        self.store.hear_task(ear.task_ref, self.now(), 0)
        if opening.watch.status is Status.INTERRUPTED:
            # It was told as silent while its vendor could not be asked: who looks now tells that it is heard.
            return next_state(state, Next.LOOK.value, opening.watch.plan["look_s"])
        heard = replace(ear, heard_at=self.now())
        return self._parked(state, opening.watch, [heard, *(t for t in opening.tasks if t is not ear)])

    def _lose(self, opening: Opening, ear: Task, at: int) -> None:
        """Under each of its refs: the ledger counts what any of them heard."""
        for ref in refs_of(opening.tasks, ear):
            self.store.lose_task(ref, at)

    def _must_go(self, watch: Watch, ear: Task) -> bool:
        """Whether another is to take its place even if it is alive."""
        return is_due(ear, self.now()) or ear.level != watch.level

    def _took_over(self, state: State, opening: Opening, accepted: Accepted) -> dict[str, object]:
        watch, ear, tasks = opening.watch, opening.ear, list(opening.tasks)
        running = self._accept(opening, accepted)
        if ear is not None and is_silent(ear, self.now()):
            self._lose(opening, ear, ear.last_sign)
            tasks = [replace(t, lost_at=t.last_sign) if t is ear else t for t in tasks]
            note(LogCode.ES225, task_ref=ear.task_ref)
        if watch.queued_at is not None:
            # It may have stood in the line of another vendor than the one that listens now.
            for vendor in watch.order:
                self.hand_on.slots.leave(vendor, watch.watch_id)
        watch = replace(watch, current_task=running.task_ref)
        return self._parked(state, watch, [*tasks, running])

    def _parked(self, state: State, watch: Watch, tasks: Sequence[Task]) -> dict[str, object]:
        park, spent = parking(watch, tasks, self.now()), spending(watch, tasks, (), NO_LIMITS, self.now())
        # The room's own cap may be nearer than anything else; those of a day are known at the first look.
        look = park.look_s if spent.look_s is None else max(2, min(park.look_s, spent.look_s))
        beat = min(look - 1, park.beat_s)
        return next_state(state, Next.WATCH.value, look, beat_s=beat, release=park.release)

    def _accept(self, opening: Opening, accepted: Accepted) -> Task:
        watch, task, now = opening.watch, opening.task, self.now()
        tries = self._tries(opening) if accepted.adopted else []
        began = min([one.submitted_at for one in tries], default=now)
        running = replace(
            task,
            state=TaskState.RUNNING,
            vendor_task_id=accepted.vendor_task_id,
            endpoint=accepted.endpoint,
            accepted_at=now,
            adopted=accepted.adopted,
            renew_at=_renew_at(watch, began, accepted.lasts_s, opening.credential),
            silent_s=_silent_s(watch, task.task_ref, accepted),
            hears_from=began + accepted.deaf_s * 1000 if accepted.deaf_s else None,
        )
        try:
            self.store.accept_task(watch, running, now)
        except Conflict:
            # Another execution took over during the call: the task is its to finish.
            self.store.learn_task(task.task_ref, accepted.vendor_task_id)
            raise
        for one in tries:
            self.store.learn_task(one.task_ref, accepted.vendor_task_id)
            self.hand_on(one.vendor, one.task_ref)
        code = LogCode.ES203 if accepted.adopted else LogCode.ES202
        note(code, task_ref=task.task_ref, vendor=task.vendor, task_id=accepted.vendor_task_id)
        return running

    def _tries(self, opening: Opening) -> list[Task]:
        """Tries of the same ear whose answer was lost. The vendor notices duplicates, so the task that it runs is the
        only one: they are that task."""
        mine = opening.task
        return [
            one
            for one in opening.tasks
            if one.is_unresolved and one.vendor == mine.vendor and one.number > mine.after
        ]

    def _is_free(self, watch: Watch, task: Task, vendor_task_id: str) -> bool:
        """Whether a running task may become this watch's: nobody else is known to have it, or still needs it."""
        owner = self.store.owner(task.vendor, vendor_task_id)
        return owner in {None, watch.watch_id} or self.store.watch(str(owner)).is_over


def _wanted(watch: Watch, task: Task, url: str = "", secrets: Mapping[str, str] | None = None) -> Submission:
    cut = cut_for(watch, task.vendor, task.level)
    listens = {"vendor": task.vendor, "vendor_options": cut.options}
    plan = {**watch.plan, **listens, "keep": cut.keep, "target": cut.target}
    ear = ids.ear(watch.watch_id, task.after)
    return Submission(task.task_ref, replace(watch, plan=plan), url, secrets or {}, ear)


def _named(task: Task, vendor: Client, wanted: Submission) -> Task:
    """With its name, where it is ours to give: what becomes of the call, it can be finished."""
    try:
        called = vendor.named(wanted)
    except EarshotError:
        return task  # the submission says what is wrong
    return task if called is None else replace(task, named=called[0], endpoint=called[1])


def _renew_at(watch: Watch, began: int, lasts_s: int | None, credential: Credential) -> int | None:
    """Before the vendor's limit or the credential's end, whichever is first; None where neither ends the ear.

    After half of the time at the earliest: an ear that ends sooner than the plan renews it would be replaced without
    end.
    """
    limit = None if lasts_s is None else began + lasts_s * 1000
    counts = credential.expires_at is not None and (lasts_s is not None or credential.ends_ear)
    expires = max(int(credential.expires_at or 0), began) if counts else None
    ends = min((at for at in (limit, expires) if at is not None), default=None)
    if ends is None:
        return None
    lasting = ends - began
    return began + max(1_000, lasting - min(int(watch.plan["renew_before_s"]) * 1000, lasting // 2))


def _silent_s(watch: Watch, task_ref: str, accepted: Accepted) -> int | None:
    """Only where all segments are kept does silence mean anything; three that do not come are no accident."""
    if accepted.signs_every_s is None or ids.keeps_hits_only(task_ref):
        return None
    return max(int(watch.plan.get("silence_s", 60)), 3 * accepted.signs_every_s)
