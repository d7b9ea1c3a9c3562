"""The doubles without a network: the real HTTP client's requests, handed to the worlds in process."""

import io
import itertools
import json
import threading
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter

from local.doubles import wiring
from local.doubles.accounts import Accounts
from local.doubles.model import Now, Push, Reply, Request
from local.doubles.rooms.world import RoomWorld
from local.doubles.scenario import parse
from local.doubles.shumei.world import ShumeiWorld
from local.doubles.world import ReadsAnswers
from local.doubles.yidun.world import YidunWorld
from local.doubles.zego.world import ZegoWorld

SECRETS: dict[str, Any] = {
    "zego": {"1234567890": {"server_secret": "9193cc662a4c0ec135ec71fb57194b38"}},
    "shumei": {"access_key": "AK_LOCAL_0123456789", "app_id": "default"},
    "yidun": {"secret_id": "y" * 32, "secret_key": "k" * 32, "business_id": "b" * 32},
}
ZEGO_URL = "http://zego.double.test"
SHUMEI_URL = "http://shumei.double.test/{cluster}"
CLOUDS = ("zego", "agora", "trtc", "volcengine", "yunxin", "gin")
SIGNING = {
    "zego": "callback_secret",
    "agora": "webhook_secret",
    "trtc": "webhook_key",
    "volcengine": "webhook_secret",
    "yunxin": "app_secret",
}
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

    def round(self) -> None:
        """A whole second has passed since: what looking has cost is forgotten, so that long stories do not drift."""
        self._ticks = itertools.count(1)

    def sleep(self, seconds: float) -> None:
        """What ``time.sleep`` is to the bundle."""
        self.second += seconds

    def now(self) -> Now:
        """What the doubles' server hands to its worlds."""
        return Now(self.time_ns() / 1e9, self.second)


class Doubles:
    """All worlds on one clock, the vendor's recorders entering the rooms of every cloud that the secrets know an app
    of. ``answering`` holds, per operation, what happens once between the vendor's work and its answer."""

    def __init__(
        self, clock: Clock, script: dict[str, Any] | None = None, known: dict[str, Any] | None = None
    ) -> None:
        secrets = known or SECRETS
        self.clock = clock
        played = parse(script) if script else None
        self.worlds = wiring.assemble(Accounts.read(secrets), played, secrets)
        self.clouds = {name: cast("RoomWorld[Any]", self.worlds[name]) for name in CLOUDS}
        self.zego = cast("ZegoWorld", self.worlds["zego"])
        self.shumei = cast("ShumeiWorld", self.worlds["shumei"])
        self.yidun = cast("YidunWorld", self.worlds["yidun"])
        for name, world in self.clouds.items():
            if address := webhook_address(name, secrets.get(name, {})):
                world.settings.update({"webhook_url": address})
        self.answering: dict[str, Callable[[], object]] = {}
        self._lock = threading.RLock()

    def handle(self, vendor: str, request: Request) -> Reply:
        """One call, as the doubles' server would let it through."""
        with self._lock:
            reply = self.worlds[vendor].handle(request, self.clock.now())
        last = request.path.rsplit("/", 1)[-1]
        operation = {"audiostream": "submit", "finish_audiostream": "finish"}.get(last, "mint")
        self.answering.pop(operation, lambda: None)()
        return reply

    def due(self) -> list[tuple[str, Push]]:
        """The pushes whose time has come, and whose they are."""
        with self._lock:
            now = self.clock.now()
            return [(name, push) for name, world in self.worlds.items() for push in world.advance(now)]

    def took(self, name: str, push: Push, answer: dict[str, Any]) -> None:
        """What the receiver answered, as API Gateway hands it over."""
        world, status = self.worlds[name], answer["statusCode"]
        with self._lock:
            if push.wants_body and isinstance(world, ReadsAnswers):
                world.push_answer(push, status, answer["body"], self.clock.now())
            else:
                world.push_result(push, status, self.clock.now())

    def drive(self, name: str, act: str, *arguments: Any, **more: Any) -> None:
        """Something that people do at a cloud: a method of ``local.doubles.rooms.driving.Driving``."""
        with self._lock:
            getattr(self.clouds[name], act)(*arguments, now=self.clock.now(), **more)

    def tasks(self) -> list[dict[str, Any]]:
        """The Shumei double's books."""
        with self._lock:
            tasks: list[dict[str, Any]] = self.shumei.state(self.clock.now())["tasks"]
        return tasks

    def yidun_tasks(self) -> list[dict[str, Any]]:
        """The Yidun double's books."""
        with self._lock:
            tasks: list[dict[str, Any]] = self.yidun.state(self.clock.now())["tasks"]
        return tasks

    def review(self, task_id: str, said: dict[str, Any]) -> None:
        """One of Yidun's people does something about a room."""
        path = f"/_double/tasks/{task_id}/review"
        with self._lock:
            reply = self.yidun.handle(Request("POST", path, body=json.dumps(said).encode()), self.clock.now())
        assert reply.status == 200, reply.body

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
        return [e for e in self.zego.journal.since(0) if e.get("operation") == "mint"]

    def tokens(self) -> list[str]:
        """The IdentifyToken of every submission, in order."""
        return [call["body"]["data"]["zegoParam"]["tokenId"] for call in self.calls("submit")]


def webhook_address(platform: str, apps: dict[str, Any]) -> str | None:
    """Where the only app of a platform sends its webhooks, if its secrets let them be proved."""
    for app_id, fields in apps.items():
        if SIGNING.get(platform) in fields:
            parts = ["https://callbacks.test/room-webhooks", platform, app_id, fields.get("url_key")]
            return "/".join(part for part in parts if part)
    return None


class Wire(BaseAdapter):
    """A transport that delivers to the doubles; a reply that is cut or held too long never arrives."""

    def __init__(self, doubles: Doubles) -> None:
        super().__init__()
        self._doubles = doubles

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        parts = urlsplit(str(request.url))
        body = request.body or b""
        reply = self._doubles.handle(
            str(parts.hostname).partition(".")[0].replace("-", "_"),
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
