"""Calls to Yidun: submissions and stops of live audio (直播音频) and of the live audio-video solution
(直播音视频解决方案)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from earshot.errors import EarshotError
from earshot.log_codes import LogCode
from earshot.secrets import Keyring
from earshot.telemetry import note
from earshot.vendors.port import Accepted, Ending, Submission
from earshot.vendors.yidun.acceptance import accepted
from earshot.vendors.yidun.account import is_polled
from earshot.vendors.yidun.calls import Call, Calls, calls
from earshot.vendors.yidun.options import YidunOptions
from earshot.vendors.yidun.request import form
from earshot.vendors.yidun.stops import outcomes, stop

PATHS = {"liveaudio": "/v4/liveaudio/check", "livewall": "/v3/livewallsolution/check"}
TIMEOUT_S = 2.0
"""Of a submission; suggested by the page of the live video submission, a sibling."""


class YidunClient:
    """See :class:`earshot.vendors.port.Client`. An endpoint is a product: the region is the account's."""

    finish_batch = 100
    finish_every_ms = 1_100
    """About once a second (page of the live audio-video solution's stops), and what the way there may vary."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def submit(self, submission: Submission) -> Accepted:
        """Open a task; one that runs already for the same ear is adopted."""
        options = YidunOptions.model_validate(submission.watch.plan["vendor_options"])
        built = form(submission, options, is_pushed=not is_polled(self._calls.section()))
        if built.left_out:
            left_out = ",".join(built.left_out)
            note(LogCode.ES214, vendor="yidun", task_ref=submission.task_ref, fields=left_out)
        product = options.product
        call = Call(product, PATHS[product], options.version, built.fields, TIMEOUT_S)
        return accepted(self._calls.make(call), product, built.lasts_s)

    def named(self, submission: Submission) -> tuple[str, str] | None:
        """The vendor names its tasks."""
        del submission
        return None

    def endpoint(self, options: Mapping[str, Any]) -> str:
        """The plan's product."""
        return YidunOptions.model_validate(dict(options)).product

    def finish(self, endings: Sequence[Ending]) -> list[EarshotError | None]:
        """Close tasks of one product. Stopping is asynchronous and may be repeated."""
        if not endings:
            return []
        product = endings[0].endpoint or self.endpoint(endings[0].options)
        return outcomes(self._calls.make(stop(product, endings)), endings)


def connect(base_url: Callable[[str], str], keyring: Keyring) -> YidunClient:
    """The registry's way in."""
    return YidunClient(calls(base_url("YIDUN_BASE_URL"), keyring))
