"""Calls to Volcengine: each to the product that the plan chose, and later to the one that accepted the task."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from earshot.clock import now_ms
from earshot.errors import AlreadyDone, EarshotError, OutcomeUnknown, RetryLater
from earshot.secrets import Keyring
from earshot.signing import volcengine_v4 as v4
from earshot.vendors.port import Accepted, Ending, Submission
from earshot.vendors.volcengine import content, rtc
from earshot.vendors.volcengine.content import ContentSecurity
from earshot.vendors.volcengine.gateway import Gateway
from earshot.vendors.volcengine.options import RTC, VolcengineOptions
from earshot.vendors.volcengine.rtc import RtcAudit


class VolcengineClient:
    """See :class:`earshot.vendors.port.Client`."""

    finish_batch = 1
    finish_every_ms = 0

    def __init__(self, content_security: ContentSecurity, rtc_audit: RtcAudit) -> None:
        self._content, self._rtc = content_security, rtc_audit

    def submit(self, submission: Submission) -> Accepted:
        """Open a task, or find that it runs."""
        options = VolcengineOptions.model_validate(submission.watch.plan["vendor_options"])
        if options.product == RTC:
            return self._rtc.submit(submission, options)
        return self._content.submit(submission, options)

    def named(self, submission: Submission) -> tuple[str, str] | None:
        """Every task has a name of ours."""
        options = VolcengineOptions.model_validate(submission.watch.plan["vendor_options"])
        return rtc.called(submission) if options.product == RTC else content.called(submission, options)

    def endpoint(self, options: Mapping[str, Any]) -> str:
        """The plan's product. A task of the RTC audit names its application itself."""
        chosen = VolcengineOptions.model_validate(dict(options))
        return RTC if chosen.product == RTC else content.endpoint(chosen.media)

    def finish(self, endings: Sequence[Ending]) -> list[EarshotError | None]:
        """Close tasks, one call each. Whatever is wrong, it is to be repeated: the vendor bills until then."""
        return [self._finish(ending) for ending in endings]

    def _finish(self, ending: Ending) -> EarshotError | None:
        product = (ending.endpoint or self.endpoint(ending.options)).partition("/")[0]
        try:
            error = (self._rtc if product == RTC else self._content).finish(ending)
        except EarshotError as problem:
            error = problem
        if error is None or isinstance(error, AlreadyDone | RetryLater | OutcomeUnknown):
            return error
        return RetryLater(error.reason, error.detail)


def connected(
    base_url: Callable[[str], str], keyring: Keyring, now: Callable[[], int]
) -> tuple[ContentSecurity, RtcAudit]:
    """Both products; an address is looked up when it is called."""
    review = Gateway(lambda: base_url("VOLCENGINE_BASE_URL"), content.SERVICE, now)
    audit = Gateway(lambda: base_url("VOLCENGINE_RTC_BASE_URL"), v4.RTC, now)
    return ContentSecurity(review, keyring), RtcAudit(audit, keyring)


def connect(base_url: Callable[[str], str], keyring: Keyring) -> VolcengineClient:
    """The registry's way in."""
    return VolcengineClient(*connected(base_url, keyring, now_ms))
