"""What arrives over HTTP, as API Gateway hands it over: callbacks, questions for credentials, room webhooks."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from local.doubles.model import Push


class Doorstep:
    """Part of the bundle."""

    invoke: Callable[[str, Any], tuple[Any, bool]]

    def deliver(self, push: Push) -> dict[str, Any]:
        """A double's push: a vendor's callback, its question for a credential, or a cloud's webhook."""
        body = push.body.encode()
        if "/credentials/" in push.url:
            return self.ask_credential(push.url, body)
        headers = {"content-type": push.content_type} | {k.lower(): v for k, v in push.headers.items()}
        if "/room-webhooks/" not in push.url:
            return self.post(push.url, body, headers=headers)
        return self.webhook(push.url, headers, body)

    def webhook(self, url: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        """A cloud's POST as API Gateway hands it over."""
        parts = urlsplit(url)
        names = ("platform", "app_id", "key")
        path = dict(zip(names, parts.path.split("/")[2:], strict=False))
        event = {
            "pathParameters": path,
            "queryStringParameters": dict(parse_qsl(parts.query)) or None,
            "headers": headers,
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }
        answer, failed = self.invoke("ingest_room_webhook", event)
        assert not failed, answer
        return dict(answer)

    def ask_credential(self, url: str, body: bytes) -> dict[str, Any]:
        """A vendor's POST as API Gateway hands it over."""
        path = dict(zip(("vendor", "key"), urlsplit(url).path.split("/")[2:], strict=False))
        event = {"pathParameters": path, "body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        answer, failed = self.invoke("provide_token", event)
        assert not failed, answer
        return dict(answer)

    def post(self, url: str, body: bytes, **extra: Any) -> dict[str, Any]:
        """A POST as API Gateway hands it over."""
        _, _, vendor, task_ref, mac = urlsplit(url).path.split("/")
        path = {"vendor": vendor, "task_ref": task_ref, "mac": mac}
        event = {"pathParameters": path, "body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        answer, failed = self.invoke("receive_callback", event | extra)
        assert not failed, answer
        return dict(answer)
