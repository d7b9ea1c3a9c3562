"""Virtual time, and callers of both doubles."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any, Generic, TypeVar

import pytest

from local.doubles.accounts import DEFAULT, Accounts
from local.doubles.agora.world import AgoraWorld
from local.doubles.gin.world import GinWorld
from local.doubles.model import Json, Now, Push, Reply, Request
from local.doubles.scenario import parse
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.world import ShumeiWorld
from local.doubles.trtc.world import TrtcWorld
from local.doubles.volcengine.world import VolcengineWorld
from local.doubles.world import World
from local.doubles.yunxin.world import YunxinWorld
from local.doubles.zego.settings import ZegoSettings
from local.doubles.zego.tokens import TokenDesk
from local.doubles.zego.world import ZegoWorld
from tests.unit.doubles.params import PARAMS

APP = "1234567890"
SECRET = "0123456789abcdef0123456789abcdef"
START = 1_700_000_000.0

W = TypeVar("W", bound=World)
Status = int | None


class Time:
    """Both clocks, moved by hand; the scaled one runs at the speed of the real one unless told otherwise."""

    def __init__(self) -> None:
        self.wall, self.scaled = START, 0.0

    @property
    def now(self) -> Now:
        return Now(self.wall, self.scaled)

    def go(self, seconds: float) -> None:
        self.wall += seconds
        self.scaled += seconds

    def to(self, scaled: float) -> None:
        self.go(scaled - self.scaled)


class Caller(Generic[W]):
    """Admin API of one world."""

    def __init__(self, world: W, time: Time) -> None:
        self.world, self.time = world, time

    def admin(
        self, method: str, path: str, body: object = None, query: Iterable[tuple[str, str]] = ()
    ) -> tuple[int, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        request = Request(method, f"/_double/{path}", tuple(query), {}, raw)
        reply = self.world.handle(request, self.time.now)
        return reply.status, json.loads(reply.body)

    def faults(self, *orders: Json) -> list[Json]:
        status, answer = self.admin("POST", "faults", list(orders))
        assert status == 200, answer
        taken: list[Json] = answer["orders"]
        return taken

    def journal(self, kind: str | None = None) -> list[Json]:
        entries = self.admin("GET", "journal")[1]["entries"]
        return [entry for entry in entries if kind in (None, entry["kind"])]

    def state(self) -> Json:
        state: Json = self.admin("GET", "state")[1]
        return state


class Zego(Caller[ZegoWorld]):
    """Calls of a customer of ZEGO."""

    def params(self, **changes: str | None) -> dict[str, str]:
        stamp = str(int(self.time.wall))
        params = {
            "Action": "GenerateIdentifyToken",
            "AppId": APP,
            "SignatureNonce": "4fd24687296dd9f3",
            "Timestamp": stamp,
            "SignatureVersion": "2.0",
        } | changes
        secret = params.pop("secret", SECRET)
        if "Signature" not in params:
            text = f"{params['AppId']}{params['SignatureNonce']}{secret}{params['Timestamp']}"
            params["Signature"] = hashlib.md5(text.encode()).hexdigest()
        return {name: value for name, value in params.items() if value is not None}

    def raw(
        self, params: dict[str, str], method: str = "GET", path: str = "/", host: str = "127.0.0.1:9101"
    ) -> Reply:
        request = Request(method, path, tuple(params.items()), {"Host": host})
        return self.world.handle(request, self.time.now)

    def mint(self, **changes: str | None) -> Json:
        answer: Json = json.loads(self.raw(self.params(**changes)).body)
        return answer

    def token(self, **changes: str | None) -> str:
        token: str = self.mint(**changes)["Data"]["IdentifyToken"]
        return token


class Shumei(Caller[ShumeiWorld]):
    """Calls of a customer of Shumei, and the customer's receiver."""

    def __init__(self, world: ShumeiWorld, time: Time) -> None:
        super().__init__(world, time)
        self.got: list[tuple[float, Push]] = []  # (scaled second, push)
        self._tokens = count(1)

    def body(
        self, kind: str = "ZEGO", param: Json | None = None, top: Json | None = None, **data: Any
    ) -> Json:
        name, given = PARAMS[kind]
        value: Any = copy.deepcopy(given)
        if kind == "ZEGO":
            value["tokenId"] = f"token-{next(self._tokens)}"
        if isinstance(value, dict):
            value = {k: v for k, v in (value | (param or {})).items() if v is not ...}
        everything = {"streamType": kind, name: value, "tokenId": "owner-42", "channel": "VOICE_ROOM"} | data
        whole: Json = {
            "accessKey": "AK_EXAMPLE",
            "type": "POLITY_EROTIC_DIRTY_ADVERT_MOAN",
            "btId": "bt-1",
            "appId": "default",
            "callback": "https://receiver.example.com/cb",
            "data": {k: v for k, v in everything.items() if v is not ...},
        } | (top or {})
        return {k: v for k, v in whole.items() if v is not ...}

    def post(self, path: str, body: object, host: str = "127.0.0.1:9102", method: str = "POST") -> Reply:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.world.handle(Request(method, path, (), {"Host": host}, raw), self.time.now)

    def send(self, body: object, cluster: str = "sh") -> Reply:
        return self.post(f"/{cluster}/v2/saas/anti_fraud/audiostream", body)

    def submit(
        self,
        kind: str = "ZEGO",
        param: Json | None = None,
        top: Json | None = None,
        cluster: str = "sh",
        **data: Any,
    ) -> Json:
        answer: Json = json.loads(self.send(self.body(kind, param, top, **data), cluster).body)
        return answer

    def start(
        self, kind: str = "ZEGO", param: Json | None = None, top: Json | None = None, **data: Any
    ) -> str:
        """A submission that asks for everything; its task id."""
        wish = {"returnAllText": True, "returnFinishInfo": True} | data
        answer = self.submit(kind, param, top, **wish)
        assert answer["code"] == 1100, answer
        assert "detail" not in answer
        request_id: str = answer["requestId"]
        return request_id.strip()

    def finish(self, request_id: object, cluster: str = "sh", **changes: Any) -> Json:
        body = {"accessKey": "AK_EXAMPLE", "requestId": request_id} | changes
        body = {k: v for k, v in body.items() if v is not ...}
        reply = self.post(f"/{cluster}/v2/saas/anti_fraud/finish_audiostream", body)
        answer: Json = json.loads(reply.body)
        return answer

    def run(self, until: float, status: Status | Callable[[Push], Status] = 200) -> list[Json]:
        """Let scaled time pass event by event; what arrived, as bodies. ``status`` may depend on the push."""
        arrived = []
        while True:
            for push in self.world.advance(self.time.now):
                answer = status(push) if callable(status) else status
                self.got.append((self.time.scaled, push))
                arrived.append(push)
                self.world.push_result(push, answer, self.time.now)
            due = self.world.next_due()
            if due is None or due > until:
                break
            self.time.to(max(due, self.time.scaled))
        self.time.to(until)
        return [json.loads(push.body) for push in arrived]

    def play(self, *lines: Json, **script: Any) -> None:
        """Speech for every room."""
        self.world.runner.play(parse({"rooms": {"*": {"lines": list(lines)} | script}}), self.time.now)

    def path(self, kind: str, where: str, name: str) -> str:
        return {"top": name, "data": f"data.{name}", "param": f"data.{kind.lower()}Param.{name}"}[where]

    def changed(self, kind: str, where: str, name: str, value: Any) -> Json:
        """A good submission with one field changed (``...`` leaves it out)."""
        if where == "top":
            return self.body(kind, top={name: value})
        return self.body(kind, param={name: value}) if where == "param" else self.body(kind, **{name: value})

    def refused(self, body: object, field: str) -> None:
        """1902 that names the field, and nothing done."""
        answer = json.loads(self.send(body).body)
        assert answer["code"] == 1902, (field, answer)
        assert field in answer["message"]
        assert answer["requestId"]
        assert self.journal("call")[-1]["verdict"]["field"] == field
        assert self.state()["tasks"] == []

    def accepted(self, body: object) -> None:
        answer = json.loads(self.send(body).body)
        assert answer["code"] == 1100, answer

    def set(self, **values: Any) -> None:
        self.world.settings.update(values)

    def task(self, request_id: str) -> Json:
        return next(task for task in self.state()["tasks"] if task["id"] == request_id)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def zego(time: Time) -> Zego:
    accounts = Accounts.read({"zego": DEFAULT["zego"] | {"12345": {"server_secret": ["new", "old"]}}})
    return Zego(ZegoWorld(accounts, ZegoSettings(), TokenDesk()), time)


@pytest.fixture
def shumei(time: Time) -> Shumei:
    """Shumei alone: every token is good once."""
    return Shumei(ShumeiWorld(Accounts.read(DEFAULT), ShumeiSettings()), time)


@pytest.fixture
def pair(zego: Zego, time: Time) -> tuple[Zego, Shumei]:
    """Shumei that redeems at ZEGO."""
    world = ShumeiWorld(Accounts.read(DEFAULT), ShumeiSettings(), zego.world.desk.redeem)
    return zego, Shumei(world, time)


def cloud(kind: Any, time: Time) -> Any:
    """A cloud with the secrets of the sheets' vectors."""
    from tests.unit.doubles.clouds import ACCOUNTS, Cloud

    return Cloud(kind(ACCOUNTS), time)


@pytest.fixture
def rooms(time: Time) -> Any:
    """ZEGO's rooms."""
    return cloud(ZegoWorld, time)


@pytest.fixture
def agora(time: Time) -> Any:
    return cloud(AgoraWorld, time)


@pytest.fixture
def trtc(time: Time) -> Any:
    return cloud(TrtcWorld, time)


@pytest.fixture
def volcengine(time: Time) -> Any:
    return cloud(VolcengineWorld, time)


@pytest.fixture
def yunxin(time: Time) -> Any:
    return cloud(YunxinWorld, time)


@pytest.fixture
def gin(time: Time) -> Any:
    return cloud(GinWorld, time)
