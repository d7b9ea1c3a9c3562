"""The doubles without a network: the real HTTP client's requests, handed to the worlds in process."""

import io
import itertools
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter

from local.doubles.accounts import Accounts
from local.doubles.model import Now, Push, Reply, Request
from local.doubles.scenario import parse
from local.doubles.shumei.world import ShumeiWorld
from local.doubles.zego.world import ZegoWorld

SECRETS: dict[str, Any] = {
    "zego": {"1234567890": {"server_secret": "9193cc662a4c0ec135ec71fb57194b38"}},
    "shumei": {"access_key": "AK_LOCAL_0123456789", "app_id": "default"},
}
ZEGO_URL = "http://zego.double.test"
SHUMEI_URL = "http://shumei.double.test/{cluster}"
DAWN = 1_795_226_400
"""2026-11-21T02:00:00Z, when every test begins."""


class Clock:
    """Time for the bundle and for the doubles: it moves when a test says so, and a millisecond when looked at,
    so that two things never happen at once."""

    def __init__(self) -> None:
        self.second = 0.0
        self._ticks = itertools.count(1)

    def time_ns(self) -> int:
        """What ``time.time_ns`` is to the bundle."""
        return round((DAWN + self.second) * 1000 + next(self._ticks)) * 1_000_000

    def now(self) -> Now:
        """What the doubles' server hands to its worlds."""
        return Now(self.time_ns() / 1e9, self.second)


class Doubles:
    """Both worlds on one clock. ``answering`` holds, per operation, what happens once between the vendor's
    work and its answer."""

    def __init__(self, clock: Clock, script: dict[str, Any] | None = None) -> None:
        accounts = Accounts.read(SECRETS)
        self.clock = clock
        self.zego = ZegoWorld(accounts)
        self.shumei = ShumeiWorld(accounts, redeem=self.zego.desk.redeem)
        self.answering: dict[str, Callable[[], object]] = {}
        self._lock = threading.RLock()
        if script:
            self.shumei.runner.play(parse(script), clock.now())

    def handle(self, vendor: str, request: Request) -> Reply:
        """One call, as the doubles' server would let it through."""
        with self._lock:
            world = self.zego if vendor == "zego" else self.shumei
            reply = world.handle(request, self.clock.now())
        last = request.path.rsplit("/", 1)[-1]
        operation = {"audiostream": "submit", "finish_audiostream": "finish"}.get(last, "mint")
        self.answering.pop(operation, lambda: None)()
        return reply

    def due(self) -> list[Push]:
        """The pushes whose time has come."""
        with self._lock:
            return self.shumei.advance(self.clock.now())

    def took(self, push: Push, status: int) -> None:
        """What the receiver answered."""
        with self._lock:
            self.shumei.push_result(push, status, self.clock.now())

    def tasks(self) -> list[dict[str, Any]]:
        """The Shumei double's books."""
        with self._lock:
            tasks: list[dict[str, Any]] = self.shumei.state(self.clock.now())["tasks"]
        return tasks

    def running(self) -> list[dict[str, Any]]:
        """Tasks that are being paid for."""
        return [task for task in self.tasks() if task["state"] == "running"]

    def end(self, task_id: str, code: int | None) -> None:
        """The vendor ends a task of its own accord."""
        with self._lock:
            self.shumei.runner.end(self.shumei.runner.tasks[task_id], "admin", code, self.clock.second)

    def calls(self, operation: str) -> list[dict[str, Any]]:
        """What the Shumei double was asked, refused and unanswered calls included."""
        return [e for e in self.shumei.journal.since(0) if e.get("operation") == operation]

    def mints(self) -> list[dict[str, Any]]:
        """What the ZEGO double was asked."""
        return self.zego.journal.since(0)

    def tokens(self) -> list[str]:
        """The IdentifyToken of every submission, in order."""
        return [call["body"]["data"]["zegoParam"]["tokenId"] for call in self.calls("submit")]


class Wire(BaseAdapter):
    """A transport that delivers to the doubles; a reply that is cut or held too long never arrives."""

    def __init__(self, doubles: Doubles) -> None:
        super().__init__()
        self._doubles = doubles

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        parts = urlsplit(str(request.url))
        body = request.body or b""
        reply = self._doubles.handle(
            "zego" if "zego" in str(parts.hostname) else "shumei",
            Request(
                method=str(request.method),
                path=parts.path,
                query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
                headers=dict(request.headers),
                body=body.encode() if isinstance(body, str) else bytes(body),
            ),
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
