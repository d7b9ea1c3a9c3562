"""POST /room-webhooks/{platform}/{app_id}[/{key}]: what an RTC cloud says about its rooms."""

import base64
import json
from typing import Any

from earshot import wiring
from earshot.clock import now_ms
from earshot.errors import EarshotError
from earshot.log_codes import LogCode
from earshot.platforms.port import Delivery
from earshot.settings import seconds
from earshot.telemetry import note
from earshot.usecases.ingest_room_webhook import IngestRoomWebhook, Webhooked
from earshot.usecases.recorders import Recorders
from earshot.usecases.take_notice import TakeNotice

store, plans = wiring.store(), wiring.plan_reader()
take = TakeNotice(store, wiring.room_teller(), now_ms, seconds("EMPTY_ROOM_GRACE_S"))
ingest = IngestRoomWebhook(
    store, wiring.keyring(), plans, Recorders(plans), take, now_ms, seconds("WEBHOOK_MAX_AGE_S")
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """200 and the platform's own answer once it is taken; 401 or 413 for what is not, 503 to be sent it again."""
    path, query = event["pathParameters"], event.get("queryStringParameters") or {}
    headers = {name.lower(): value for name, value in event["headers"].items()}
    delivery = Delivery(path["app_id"], headers, _raw_body(event))
    came = Webhooked(path["platform"], delivery, path.get("key", ""), query.get("plan") or "default")
    try:
        return _answer(200, ingest(came))
    except EarshotError as error:
        if error.status >= 500:
            note(LogCode.ES605, platform=came.platform, reason=error.reason)
        return _answer(error.status, json.dumps({"error": error.reason}))


def _raw_body(event: dict[str, Any]) -> bytes:
    body: str = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


def _answer(status: int, body: str) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": body}


wiring.ready()
