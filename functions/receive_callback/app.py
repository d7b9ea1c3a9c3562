"""POST /callbacks/{vendor}/{task_ref}/{mac}: a vendor's push, stored before it is acknowledged."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from earshot import wiring
from earshot.clock import now_ms
from earshot.errors import BadInput, EarshotError
from earshot.log_codes import LogCode
from earshot.telemetry import note
from earshot.usecases.receive_callback import ReceiveCallback

receive = ReceiveCallback(wiring.inbox(), wiring.callback_keys(), wiring.vendor_secrets, now_ms)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Exactly 200 once the callback is kept; 401, 400 or 413 for what is not, 503 to be sent it again."""
    path = event["pathParameters"]
    try:
        headers = event.get("headers") or {}
        answer = receive(path["vendor"], path["task_ref"], path["mac"], _raw_body(event), headers)
        return _answer(200, answer)
    except BadInput as error:
        return _answer(error.status, {"error": error.detail, "field": error.field})
    except EarshotError as error:
        if error.status >= 500:
            note(LogCode.ES303, reason=error.reason)
        return _answer(error.status, {"error": error.reason})


def _raw_body(event: dict[str, Any]) -> bytes:
    body: str = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


def _answer(status: int, body: Mapping[str, Any] | str) -> dict[str, Any]:
    if isinstance(body, str):
        return {"statusCode": status, "headers": {"Content-Type": "text/plain"}, "body": body}
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(dict(body)),
    }


wiring.ready()
