"""A vendor's recorder needs a fresh credential in the middle of a room: minted here, for an open room, and kept
nowhere."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from earshot.domain import ids
from earshot.domain.watch import Status, Task, TaskState, Watch
from earshot.errors import EarshotError, GiveUp, Refused, RetryLater
from earshot.log_codes import LogCode
from earshot.platforms.port import MintRequest, Platform
from earshot.store.port import Lifecycle, Missing, Turns
from earshot.telemetry import note
from earshot.usecases.pace import Pace
from earshot.vendors.port import TokenApi, TokenRequest

if TYPE_CHECKING:
    from earshot.secrets import Section

EVERY_MS = 1_000
"""A task's recorder may ask so often; whoever replays its question gets no platform's limit used up."""
REFRESH_AFTER_MS = 10_000
PATIENCE_MS = 400
"""For a turn at the platform: the vendor's request stands open meanwhile, and it asks again."""


class TokenStore(Lifecycle, Turns, Protocol):
    """What this use case needs of the store."""


@dataclass(frozen=True)
class ProvideToken:
    """See the module. ``api`` gives a vendor's (None: it has none), ``secrets`` its section of the settings no older
    than so many milliseconds, ``per_s`` how often a platform lets an app mint (None: as often as it likes)."""

    store: TokenStore
    api: Callable[[str], TokenApi | None]
    secrets: "Callable[[str, int | None], Section]"
    platform: Callable[[str], Platform]
    pace: Pace
    per_s: Callable[[str], float | None]
    now: Callable[[], int]

    def __call__(self, vendor: str, key: str, body: bytes) -> str:
        """The JSON for the vendor. Raises Refused, GiveUp, RetryLater, BadInput or Misconfigured."""
        try:
            return self._provide(vendor, key, body)
        except EarshotError as error:
            note(LogCode.ES216, vendor=vendor[:20], reason=error.reason)
            raise

    def _provide(self, vendor: str, key: str, body: bytes) -> str:
        api = self.api(vendor)
        if api is None:
            raise Refused("not_authenticated")
        request = self._read(api, vendor, key, body)
        task = self._task(vendor, request)
        watch = self.store.watch(task.watch_id)
        self._check(watch, task, request)
        if self.store.take_turn(f"token:{task.task_ref}", self.now(), EVERY_MS):
            raise RetryLater("asked_too_often", "one credential a second for each task")
        bucket, per_s = f"mint:{watch.room.platform}:{watch.room.app_id}", self.per_s(watch.room.platform)
        if not self.pace.within(bucket, per_s, PATIENCE_MS):
            raise RetryLater("busy", "others' credentials are being minted first")
        # The recorder that stands in the room keeps its name: the number is the task's.
        ask = MintRequest(watch.room, watch.watch_id, task.number, watch.plan["platform_options"], self.now())
        minted = self.platform(watch.room.platform).mint(ask)
        self.store.next_number(watch.watch_id)
        answer = api.answer(watch.room.platform, minted.secrets, self.secrets(vendor, None))
        note(LogCode.ES215, task_ref=task.task_ref, expires_at=minted.expires_at)
        return answer

    def _read(self, api: TokenApi, vendor: str, key: str, body: bytes) -> TokenRequest:
        """A secret that has just been rotated is read once more before the caller is refused."""
        try:
            return api.read(key, body, self.secrets(vendor, None), self.now())
        except Refused:
            return api.read(key, body, self.secrets(vendor, REFRESH_AFTER_MS), self.now())

    def _task(self, vendor: str, request: TokenRequest) -> Task:
        if request.task_ref and ids.is_task_ref(request.task_ref):
            task = self.store.task(request.task_ref)
        else:
            owner = self.store.owner(vendor, request.vendor_task_id) if request.vendor_task_id else None
            mine = self.store.tasks(owner) if owner else []
            task = next((one for one in mine if one.vendor_task_id == request.vendor_task_id), None)
        if task is None or task.vendor != vendor:
            raise Missing("task")
        if request.vendor_task_id and task.vendor_task_id not in {None, request.vendor_task_id}:
            raise GiveUp("another_task", "our ref and the vendor's id are of two tasks")
        return task

    def _check(self, watch: Watch, task: Task, request: TokenRequest) -> None:
        """Never for a room that is closed, nor for another than the task's."""
        is_closed = watch.last_word or watch.status in {Status.FAILED, Status.ENDED}
        is_done = task.finished_at is not None or task.ended_at is not None
        if is_closed or is_done or task.state is TaskState.REFUSED:
            raise GiveUp("room_closed", "nobody is to listen any more")
        if request.room_id not in {None, watch.room.room_id}:
            raise GiveUp("another_room", "the task is of another room")
