"""The doubles without a network: the real HTTP client's requests, handed to the worlds in process."""

import io
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter

from local.doubles.accounts import Accounts
from local.doubles.model import Now, Request
from local.doubles.scenario import parse
from local.doubles.shumei_world import ShumeiWorld
from local.doubles.zego_world import ZegoWorld

SECRETS: dict[str, Any] = {
    "zego": {"1234567890": {"server_secret": "9193cc662a4c0ec135ec71fb57194b38"}},
    "shumei": {"access_key": "AK_LOCAL_0123456789", "app_id": "default"},
}
ZEGO_URL = "http://zego.double.test"
SHUMEI_URL = "http://shumei.double.test/{cluster}"


class Doubles:
    """Both worlds on one virtual clock."""

    def __init__(self, script: dict[str, Any] | None = None) -> None:
        accounts = Accounts.read(SECRETS)
        self.zego = ZegoWorld(accounts)
        self.shumei = ShumeiWorld(accounts, redeem=self.zego.desk.redeem)
        self.second = 0.0
        if script:
            self.shumei.runner.play(parse(script), self.now())

    def now(self) -> Now:
        return Now(time.time(), self.second)

    def tasks(self) -> list[dict[str, Any]]:
        tasks: list[dict[str, Any]] = self.shumei.state(self.now())["tasks"]
        return tasks

    def calls(self, operation: str) -> list[dict[str, Any]]:
        """What the Shumei double was asked."""
        return [e for e in self.shumei.journal.entries if e.get("operation") == operation]


class Wire(BaseAdapter):
    """A transport that delivers to the doubles; a reply that is cut or held too long never arrives."""

    def __init__(self, doubles: Doubles) -> None:
        super().__init__()
        self._doubles = doubles

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        parts = urlsplit(str(request.url))
        world = self._doubles.zego if "zego" in str(parts.hostname) else self._doubles.shumei
        body = request.body or b""
        reply = world.handle(
            Request(
                method=str(request.method),
                path=parts.path,
                query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
                headers=dict(request.headers),
                body=body.encode() if isinstance(body, str) else bytes(body),
            ),
            self._doubles.now(),
        )
        if reply.hold > kwargs["timeout"][1]:
            raise requests.exceptions.ReadTimeout
        if reply.cut:
            raise requests.exceptions.ConnectionError("reset")
        answer = requests.Response()
        answer.status_code = reply.status
        answer.raw = io.BytesIO(reply.body.encode())
        answer.url = str(request.url)
        return answer

    def close(self) -> None:
        """Nothing is open."""
