"""Lifecycle step: open a task at the vendor."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from earshot import callback_url
from earshot.domain import ids
from earshot.domain.watch import Task, TaskState, Watch
from earshot.errors import AlreadyDone, EarshotError, OutcomeUnknown, RetryLater
from earshot.log_codes import LogCode
from earshot.store.port import Lifecycle
from earshot.telemetry import note
from earshot.vendors.port import Accepted, Client, Submission


@dataclass(frozen=True)
class SubmitStream:
    """See the module. ``callback_key`` gives the newest key of callback addresses."""

    store: Lifecycle
    vendor: Callable[[str], Client]
    callback_base: str
    callback_key: Callable[[], str]
    now: Callable[[], int]

    def __call__(self, watch_id: str, number: int) -> str:
        """The task's ref.

        The task is written before the call: whatever the vendor may have opened has an owner, even if this
        function dies in the middle. Raises AlreadyDone when the room is closed, CredentialClaimed when an
        earlier try used the credential, and what the vendor raises.
        """
        watch = self.store.watch(watch_id)
        if watch.last_word or watch.is_over:
            raise AlreadyDone("room_closed")
        vendor = self.vendor(watch.plan["vendor"])
        task = self._task(watch, number)
        credential = self.store.open_task(task)
        url = callback_url.build(self.callback_base, self.callback_key(), task.vendor, task.task_ref)
        try:
            accepted = vendor.submit(Submission(task.task_ref, watch, url, credential.secrets))
        except EarshotError as error:
            self._give_back(task, error)
            raise
        if accepted.adopted and not self._is_free(watch, task, accepted.vendor_task_id):
            # Of the room's session before, on its way to be finished: adopted, it would end unheard.
            self.store.drop_task(task.task_ref, TaskState.REFUSED, "duplicate_of_another")
            raise RetryLater("duplicate_of_another", "the vendor still runs a task of another watch")
        self._accept(watch, task, accepted)
        return task.task_ref

    def _task(self, watch: Watch, number: int) -> Task:
        ref = ids.task_ref(watch.watch_id, number, hits_only=watch.plan["keep"] == "hits")
        return Task(ref, watch.watch_id, number, watch.plan["vendor"], submitted_at=self.now())

    def _give_back(self, task: Task, error: EarshotError) -> None:
        unknown = isinstance(error, OutcomeUnknown)
        self.store.drop_task(task.task_ref, TaskState.UNKNOWN if unknown else TaskState.REFUSED, error.reason)
        if unknown:
            note(LogCode.ES204, task_ref=task.task_ref, reason=error.reason)

    def _accept(self, watch: Watch, task: Task, accepted: Accepted) -> None:
        now = self.now()
        running = replace(
            task,
            state=TaskState.RUNNING,
            vendor_task_id=accepted.vendor_task_id,
            endpoint=accepted.endpoint,
            accepted_at=now,
            adopted=accepted.adopted,
        )
        self.store.accept_task(watch, running, now)
        if accepted.adopted:
            self._resolve(watch, accepted.vendor_task_id)
        code = LogCode.ES203 if accepted.adopted else LogCode.ES202
        note(code, task_ref=task.task_ref, vendor=task.vendor, task_id=accepted.vendor_task_id)

    def _is_free(self, watch: Watch, task: Task, vendor_task_id: str) -> bool:
        """Whether a running task may become this watch's: nobody else is known to have it, or still needs it."""
        owner = self.store.owner(task.vendor, vendor_task_id)
        return owner in {None, watch.watch_id} or self.store.watch(str(owner)).is_over

    def _resolve(self, watch: Watch, vendor_task_id: str) -> None:
        """The vendor notices duplicates, so the task that it runs is the only one: earlier tries are that task."""
        for task in self.store.tasks(watch.watch_id):
            if task.is_unresolved:
                self.store.learn_task(task.task_ref, vendor_task_id)
