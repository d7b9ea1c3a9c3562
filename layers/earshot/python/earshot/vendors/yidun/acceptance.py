"""What the answer to a submission comes to. Code 200 alone does not say that it was accepted: ``result.status`` does.

Live audio says it with a number (``LiveAudioSubmitCodeEnum`` of the vendor's Java SDK), the live audio-video solution
with true or false. Whether ``taskId`` is there when it was not accepted is not documented.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, WrapValidator

from earshot.answers import or_none
from earshot.errors import Exhausted, OutcomeUnknown, RetryLater
from earshot.vendors.port import Accepted
from earshot.vendors.yidun import codes
from earshot.vendors.yidun.calls import Reply, shaped

ACCEPTED, FAILED, TOO_MANY, DUPLICATE = 0, 1, 2, 3
NOT_TAKEN = {
    FAILED: (RetryLater, "yidun_submit_failed", "the vendor could not take the submission"),
    TOO_MANY: (Exhausted, "yidun_concurrency", "the account runs as many tasks as it may (并发超限)"),
}


class _Submitted(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True, str_strip_whitespace=True)

    taskId: Annotated[str | None, WrapValidator(or_none)] = None
    status: Any = None


def accepted(reply: Reply, product: str, lasts_s: int | None) -> Accepted:
    """The task, new or adopted; or the error that the answer stands for."""
    try:
        return _read(reply, product, lasts_s)
    except OutcomeUnknown:
        raise
    except RetryLater as error:
        if reply.is_doubtful:
            raise OutcomeUnknown(error.reason, "and another host failed over it before") from None
        raise


def _read(reply: Reply, product: str, lasts_s: int | None) -> Accepted:
    if reply.code != codes.SUCCESS:
        raise codes.error_for(reply.code)
    found = shaped(_Submitted, reply.result) or _Submitted()
    status = _status(found.status, product)
    if status in NOT_TAKEN:
        kind, reason, meaning = NOT_TAKEN[status]
        raise kind(reason, meaning)
    if status not in {ACCEPTED, DUPLICATE}:
        raise codes.undocumented("yidun_submit_status", str(found.status)[:32])
    if not found.taskId:
        raise OutcomeUnknown("yidun_200" if status == ACCEPTED else "yidun_duplicate", "without taskId")
    return Accepted(found.taskId, product, adopted=status == DUPLICATE, lasts_s=lasts_s)


def _status(value: Any, product: str) -> int | None:
    """A number as it is documented for the product, True and False as what they mean; None for anything else."""
    if product == "livewall" and isinstance(value, bool):
        return ACCEPTED if value else FAILED
    if product == "livewall" or isinstance(value, bool):
        return None
    return {str(number): number for number in range(4)}.get(str(value))
