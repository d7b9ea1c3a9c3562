"""POST /credentials/{vendor}: a vendor fetches a fresh credential for its recorder."""

import base64
import json
from typing import Any

from earshot import wiring
from earshot.clock import now_ms
from earshot.errors import EarshotError
from earshot.usecases.provide_token import ProvideToken
from earshot.vendors import registry

provide = ProvideToken(
    store=wiring.store(),
    api=registry.token_api,
    secrets=wiring.vendor_secrets,
    platform=wiring.platform,
    pace=wiring.pace(),
    per_s=wiring.limits().mints_per_s,
    now=now_ms,
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """200 with a credential; else an error that says nothing about rooms."""
    path = event["pathParameters"]
    body: str = event.get("body") or ""
    raw = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    try:
        return _answer(200, provide(path["vendor"], path.get("key", ""), raw))
    except EarshotError as error:
        return _answer(error.status, json.dumps({"code": error.status, "msg": error.reason}))


def _answer(status: int, body: str) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": body}


wiring.ready()
