"""Calls to Tupu's speech streams (语音流审核): submit and close. The call that asks for a stream's state is not used:
what it answers could not be read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from earshot.errors import AlreadyDone, EarshotError, OutcomeUnknown, RetryLater
from earshot.secrets import Keyring
from earshot.vendors.port import Accepted, Ending, Submission
from earshot.vendors.tupu import codes
from earshot.vendors.tupu.calls import Calls, calls
from earshot.vendors.tupu.elements import word
from earshot.vendors.tupu.fields import REQUEST_ID
from earshot.vendors.tupu.options import NOTHING_FOUND, TupuOptions
from earshot.vendors.tupu.stream import EVERYTHING, callback_rules, element

SUBMIT_TIMEOUT_S = 3.0
"""The video stream's page suggests 1 s. A submission whose answer is lost may run, and no duplicate of it is known to
be recognised: it is waited for longer."""
CLOSE_TIMEOUT_S = 2.0
SLICE_S = 10
"""Of the transcription page's example."""


class TupuClient:
    """See :class:`earshot.vendors.port.Client`. An endpoint is the path of the submission."""

    finish_batch = 20
    """The SDKs close several; how many at most is not said."""
    finish_every_ms = 0

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def submit(self, submission: Submission) -> Accepted:
        """Open a task. Whether Tupu recognises a stream that runs already is not documented: every try opens one."""
        options = TupuOptions.model_validate(submission.watch.plan["vendor_options"])
        fields = {
            "speechStream": [element(submission, options)],
            "tasks": options.task_ids,
            "uid": options.uid,
        }
        endpoint = options.path(submission.watch.room.platform)
        sent = {name: value for name, value in fields.items() if value is not None}
        reply = self._calls.make(endpoint, sent, SUBMIT_TIMEOUT_S)
        if reply.code != codes.SUCCESS:
            raise codes.error_for(reply.code)
        is_regular = options.tells_every_slice and callback_rules(submission) == EVERYTHING
        return Accepted(_first_id(reply.result), endpoint, signs_every_s=SLICE_S if is_regular else None)

    def named(self, submission: Submission) -> tuple[str, str] | None:
        """The vendor names its tasks."""
        del submission
        return None

    def endpoint(self, options: Mapping[str, Any]) -> str:
        """The path of its submission."""
        return TupuOptions.model_validate(dict(options)).only_path

    def finish(self, endings: Sequence[Ending]) -> list[EarshotError | None]:
        """Close tasks of one endpoint. Safe to repeat: a task that is gone is told by a code of its own."""
        if not endings:
            return []
        code = self._close(endings)
        if code == codes.SUCCESS:
            return [None] * len(endings)
        if len(endings) > 1 and any(code == _gone(ending) for ending in endings):
            # Which of them, the answer does not say.
            return [self._outcome(ending, self._close([ending])) for ending in endings]
        return [self._outcome(ending, code) for ending in endings]

    def _close(self, endings: Sequence[Ending]) -> int:
        where = endings[0].endpoint or self.endpoint(endings[0].options)
        tasks = dict.fromkeys(ending.vendor_task_id for ending in endings)
        listed = [{REQUEST_ID: task_id} for task_id in tasks]
        return self._calls.make(f"{where}/close", {"speechStream": listed}, CLOSE_TIMEOUT_S).code

    @staticmethod
    def _outcome(ending: Ending, code: int) -> EarshotError | None:
        if code == codes.SUCCESS:
            return None
        if code == _gone(ending):
            kind = AlreadyDone if ending.known_ended else RetryLater
            return kind("tupu_no_such_task", "no such task")
        return RetryLater(f"tupu_{code}", codes.meaning(code))


def _gone(ending: Ending) -> int | None:
    """The code that says that there is no such task (inferred: 16, nothing found)."""
    return ending.options.get("noSuchTaskCode", NOTHING_FOUND) or None


def _first_id(result: Any) -> str:
    """One element for each stream, in their order: we send one."""
    first = result[0] if isinstance(result, list) and result else None
    found = word(first.get(REQUEST_ID)) if isinstance(first, Mapping) else None
    if found is None:
        raise OutcomeUnknown("tupu_0", f"success without {REQUEST_ID}")
    return found


def connect(base_url: Callable[[str], str], keyring: Keyring) -> TupuClient:
    """The registry's way in."""
    return TupuClient(calls(base_url("TUPU_BASE_URL"), keyring))
