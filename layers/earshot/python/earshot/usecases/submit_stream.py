"""Lifecycle step: open a task at the vendor."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from earshot import callback_url
from earshot.domain import ids
from earshot.domain.lifecycle import Next, look_s
from earshot.domain.watch import Task, TaskState, Watch
from earshot.errors import AlreadyDone, EarshotError, OutcomeUnknown, RetryLater
from earshot.log_codes import LogCode
from earshot.store.port import Lifecycle
from earshot.telemetry import note
from earshot.usecases.start_watch import machine_state
from earshot.vendors.port import Accepted, Client, Submission


@dataclass(frozen=True)
class SubmitStream:
    """See the module. ``callback_key`` gives the newest key of callback addresses."""

    store: Lifecycle
    vendor: Callable[[str], Client]
    callback_base: str
    callback_key: Callable[[], str]
    now: Callable[[], int]

    def __call__(self, watch_id: str, number: int) -> dict[str, object]:
        """The machine's state for its next round: parked, and rid of the ear that the new one takes over from.

        The task is written before the call: whatever the vendor may have opened has an owner, even if this
        function dies in the middle. Raises AlreadyDone when the room is closed, CredentialClaimed when an
        earlier try used the credential, and what the vendor raises.
        """
        watch = self.store.watch(watch_id)
        if watch.last_word or watch.is_over:
            raise AlreadyDone("room_closed")
        vendor = self.vendor(watch.plan["vendor"])
        before = self.store.task(watch.current_task) if watch.current_task else None
        task = self._task(watch, number)
        credential = self.store.open_task(task)
        url = callback_url.build(self.callback_base, self.callback_key(), task.vendor, task.task_ref)
        ear = ids.ear(watch_id, before.number if before else 0)
        try:
            accepted = vendor.submit(Submission(task.task_ref, watch, url, credential.secrets, ear))
        except EarshotError as error:
            self._give_back(task, error)
            raise
        if accepted.adopted and not self._is_free(watch, task, accepted.vendor_task_id):
            # Of the room's session before, on its way to be finished: adopted, it would end unheard.
            self.store.drop_task(task.task_ref, TaskState.REFUSED, "duplicate_of_another")
            raise RetryLater("duplicate_of_another", "the vendor still runs a task of another watch")
        tries = self._tries(watch, before) if accepted.adopted else []
        running = self._accept(watch, task, accepted, tries, credential.expires_at)
        look = look_s(watch, running, self.now())
        return machine_state(watch_id, Next.WATCH.value, look, release=before is not None)

    def _task(self, watch: Watch, number: int) -> Task:
        ref = ids.task_ref(watch.watch_id, number, hits_only=watch.plan["keep"] == "hits")
        return Task(ref, watch.watch_id, number, watch.plan["vendor"], submitted_at=self.now())

    def _give_back(self, task: Task, error: EarshotError) -> None:
        unknown = isinstance(error, OutcomeUnknown)
        self.store.drop_task(task.task_ref, TaskState.UNKNOWN if unknown else TaskState.REFUSED, error.reason)
        if unknown:
            note(LogCode.ES204, task_ref=task.task_ref, reason=error.reason)

    def _tries(self, watch: Watch, before: Task | None) -> list[Task]:
        """Tries of the same ear whose answer was lost. The vendor notices duplicates, so the task that it runs is the
        only one: they are that task."""
        first = before.number if before else 0
        tasks = self.store.tasks(watch.watch_id)
        return [one for one in tasks if one.is_unresolved and one.number > first]

    def _accept(
        self, watch: Watch, task: Task, accepted: Accepted, tries: list[Task], expires_at: int | None
    ) -> Task:
        now = self.now()
        began = min([one.submitted_at for one in tries], default=now)
        running = replace(
            task,
            state=TaskState.RUNNING,
            vendor_task_id=accepted.vendor_task_id,
            endpoint=accepted.endpoint,
            accepted_at=now,
            adopted=accepted.adopted,
            renew_at=_renew_at(watch, began, accepted.lasts_s, expires_at),
        )
        self.store.accept_task(watch, running, now)
        for one in tries:
            self.store.learn_task(one.task_ref, accepted.vendor_task_id)
        code = LogCode.ES203 if accepted.adopted else LogCode.ES202
        note(code, task_ref=task.task_ref, vendor=task.vendor, task_id=accepted.vendor_task_id)
        return running

    def _is_free(self, watch: Watch, task: Task, vendor_task_id: str) -> bool:
        """Whether a running task may become this watch's: nobody else is known to have it, or still needs it."""
        owner = self.store.owner(task.vendor, vendor_task_id)
        return owner in {None, watch.watch_id} or self.store.watch(str(owner)).is_over


def _renew_at(watch: Watch, began: int, lasts_s: int | None, expires_at: int | None) -> int | None:
    """Before the vendor's limit or the credential's end, whichever is first; None where the vendor sets no limit.

    After half of the time at the earliest: an ear that ends sooner than the plan renews it would be replaced without
    end.
    """
    if lasts_s is None:
        return None
    limit = began + lasts_s * 1000
    ends = limit if expires_at is None else min(limit, max(expires_at, began))
    lasting = ends - began
    return began + max(1_000, lasting - min(int(watch.plan["renew_before_s"]) * 1000, lasting // 2))
