"""What stands before every Volcengine API: its error codes (pages "公共错误码") and its envelope."""

from __future__ import annotations

from local.doubles.model import Json, Reply
from local.doubles.rooms.entrance import Refused

NO_PARAMETER, NO_TOKEN, NO_INFO, NO_SIGNATURE, BAD_TIME = 100002, 100003, 100004, 100005, 100006
NO_ACTION, NO_KEY, MISMATCH = 100008, 100009, 100010
CODES: dict[int, tuple[str, int]] = {
    NO_PARAMETER: ("MissingParameter", 400),
    NO_TOKEN: ("MissingAuthenticationToken", 401),
    NO_INFO: ("MissingRequestInfo", 400),
    NO_SIGNATURE: ("MissingSignature", 401),
    BAD_TIME: ("InvalidTimestamp", 403),
    100007: ("ServiceNotFound", 404),
    NO_ACTION: ("InvalidActionOrVersion", 404),
    NO_KEY: ("InvalidAccessKey", 401),
    MISMATCH: ("SignatureDoesNotMatch", 401),
    100012: ("LackPolicy", 403),
    100013: ("AccessDenied", 403),
    100014: ("InternalError", 500),
    100015: ("FailToConnect", 500),  # the HTTP status of this one and the next is [?]
    100016: ("InternalServiceTimeout", 500),
}
TIME_STATUSES = (400, 403)
"""The two pages differ about ``InvalidTimestamp``."""


class Envelope:
    """``ResponseMetadata`` around every answer; its ``RequestId`` says that a double made it."""

    def __init__(self, service: str) -> None:
        self._service, self._answers = service, 0

    def metadata(self, asked: dict[str, str], region: str) -> Json:
        """``asked``: the query of the call."""
        self._answers += 1
        return {
            "RequestId": f"double-{self._answers:012d}",
            "Action": asked.get("Action", ""),
            "Version": asked.get("Version", ""),
            "Service": self._service,
            "Region": region,
        }


def refusal(metadata: Json, refused: Refused, time_status: int) -> Reply:
    """The gateway says no: no ``Result`` at all."""
    name, status = CODES[refused.code]
    if refused.code == BAD_TIME:
        status = time_status
    error = {"CodeN": refused.code, "Code": name, "Message": refused.message}
    return Reply.of({"ResponseMetadata": metadata | {"Error": error}}, refused.status or status)
