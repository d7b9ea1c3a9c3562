"""A customer of Yidun, and the customer's receiver; nothing of the double's own signing is used."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlencode

from local.doubles.accounts import DEFAULT, Accounts
from local.doubles.model import Json, Push, Reply, Request
from local.doubles.scenario import parse
from local.doubles.yidun.door import Clouds
from local.doubles.yidun.world import YidunWorld
from tests.unit.doubles.conftest import Caller, Time

KEY, SECRET_ID, BUSINESS_ID = "c" * 32, "a" * 32, "b" * 32
RECEIVER = "https://mod.example.org/yidun/push"
FORM = "application/x-www-form-urlencoded; charset=utf-8"
GOOD = '{"code":200,"msg":"ok"}'
SUBMIT, POLL, STOP = "/v4/liveaudio/check", "/v4/liveaudio/callback/results", "/v1/liveaudio/feedback"
WALL_SUBMIT, WALL_POLL = "/v3/livewallsolution/check", "/v3/livewallsolution/callback/results"
WALL_STOP = "/v1/livewallsolution/feedback"
Answer = tuple[int | None, str]


def md5(fields: dict[str, str], key: str = KEY, method: str = "md5") -> str:
    """As the vendor's page writes it down."""
    text = "".join(f"{name}{fields[name]}" for name in sorted(fields) if name != "signature")
    return hashlib.new(method, (text + key).encode()).hexdigest()


def form_of(push: Push) -> dict[str, str]:
    return dict(parse_qsl(push.body, keep_blank_values=True, strict_parsing=True))


class Yidun(Caller[YidunWorld]):
    """Signs calls, answers pushes, moves time."""

    def __init__(self, time: Time, clouds: dict[str, Any] | None = None, **account: Any) -> None:
        accounts = Accounts.read(DEFAULT | {"yidun": DEFAULT["yidun"] | account})
        super().__init__(YidunWorld(accounts, entrance=Clouds(clouds or {})), time)
        self.got: list[tuple[float, Push]] = []
        self._nonces = count(1)

    def set(self, **values: Any) -> None:
        self.world.settings.update(values)

    def form(self, path: str, **fields: Any) -> dict[str, str]:
        """A signed form; ``...`` leaves a field out, ``key`` signs with another one."""
        version = path.split("/")[1]
        common: dict[str, Any] = {"secretId": SECRET_ID, "businessId": BUSINESS_ID, "version": version}
        common |= {"timestamp": str(round(self.time.wall * 1000)), "nonce": str(next(self._nonces))}
        if "livewall" in path:
            common["businessId"] = ...
        key = fields.pop("key", KEY)
        form = {name: str(value) for name, value in (common | fields).items() if value is not ...}
        return {"signature": md5(form, key)} | form

    def send(self, path: str, form: dict[str, str], packed: bool = False, encoding: str = "") -> Reply:
        body = urlencode(form).encode()
        headers = {"Content-Type": FORM, "Content-Encoding": "gzip" if packed else encoding}
        request = Request("POST", path, (), headers, gzip.compress(body) if packed else body)
        return self.world.handle(request, self.time.now)

    def call(self, path: str, **fields: Any) -> Json:
        answer: Json = json.loads(self.send(path, self.form(path, **fields)).body)
        return answer

    def submit(self, path: str = SUBMIT, **fields: Any) -> Json:
        number = next(self._nonces)
        wish = {"url": f"rtc://room.zego.im/room-1?identify_token=t{number}", "dataId": "room-1:1"}
        return self.call(path, **(wish | fields))

    def start(self, path: str = SUBMIT, **fields: Any) -> str:
        """A submission that is accepted; its task id."""
        answer = self.submit(path, **fields)
        assert (answer["code"], answer["result"]["status"]) in ((200, 0), (200, True)), answer
        task: str = answer["result"]["taskId"]
        return task

    def pushed(self, path: str = SUBMIT, **fields: Any) -> str:
        """The same with a receiver."""
        return self.start(path, **({"callbackUrl": RECEIVER} | fields))

    def poll(self, path: str = POLL, **fields: Any) -> list[Json]:
        answer = self.call(path, **fields)
        assert answer["code"] == 200, answer
        found: list[Json] = answer["result"]
        return found

    def stop(self, *tasks: str, path: str = STOP, status: Any = 100) -> Json:
        name = "feedbacks" if path == STOP else "realTimeInfoList"
        elements = [{"taskId": task, "status": status} for task in tasks]
        return self.call(path, **{name: json.dumps(elements)})

    def run(self, until: float, answer: Answer | Callable[[Push], Answer] = (200, GOOD)) -> list[Json]:
        """Let scaled time pass event by event; every ``callbackData`` that arrived."""
        arrived: list[Json] = []
        while True:
            pushes = self.world.advance(self.time.now)
            for push in pushes:
                status, body = answer(push) if callable(answer) else answer
                self.got.append((self.time.scaled, push))
                data = form_of(push).get("callbackData")
                arrived += [json.loads(data)] if data else []
                self.world.push_answer(push, status, body, self.time.now)
            due = self.world.next_due()
            if not pushes and (due is None or due > until):
                break
            if not pushes and due is not None:
                self.time.to(max(due, self.time.scaled))
        self.time.to(until)
        return arrived

    def times(self) -> list[float]:
        return [at for at, _ in self.got]

    def play(self, *lines: Json, **script: Any) -> None:
        """Speech for every room."""
        self.world.runner.play(parse({"rooms": {"*": {"lines": list(lines)} | script}}), self.time.now)

    def task(self, task_id: str) -> Json:
        return next(task for task in self.state()["tasks"] if task["id"] == task_id)

    def verdict(self) -> Json:
        found: Json = self.journal("call")[-1]["verdict"]
        return found


def test_caller_signs_like_the_sheet() -> None:
    fields = {"foo": "1", "bar": "2", "foo_bar": "3", "baz": "4"}
    assert md5(fields, "6308afb129ea00301bd7c79621d07591") == "730b0588690874dde18fa58cb1301787"
