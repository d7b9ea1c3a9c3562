"""Token fetches for long rooms. The page "易盾token获取规范" was never found: all of this is [?], hence settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from local.doubles.agenda import Agenda
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal
from local.doubles.model import Json, Now, Push
from local.doubles.orders import Order
from local.doubles.yidun.seal import CODE_OK, HTTP_OK, Sealer
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.task import Task

NOT_SENT = ("drop", "status", "code", "body")
UNHEARD = ("accept_then_drop", "accept_then_timeout", "forget")


@dataclass(frozen=True)
class Grant:
    """What the customer's API answered."""

    token: str
    uid: str


Done = Callable[[Grant | None, Now], None]


@dataclass
class Fetch:
    """One fetch with its retries."""

    id: int
    task: Task
    done: Done
    attempts: int = 0
    order: Order | None = None


@dataclass
class Fetcher:
    """Asks for tokens. A fault order of a call stands for what the customer's API did."""

    agenda: Agenda
    faults: FaultBook
    journal: Journal
    settings: YidunSettings
    sealer: Sealer
    number: Callable[[], int]
    entropy: Callable[[int], str]
    ready: list[Push] = field(default_factory=list)
    _open: dict[int, Fetch] = field(default_factory=dict)

    def ask(self, task: Task, done: Done, due: float) -> None:
        """Ask for a token; ``done`` gets it, or nothing."""
        fetch = Fetch(self.number(), task, done)
        self._open[fetch.id] = fetch
        self.agenda.at(due, lambda at, now: self._attempt(fetch, at, now))

    def result(self, push: Push, status: int | None, body: str, now: Now, note: str) -> bool:
        """What the API answered; ``False`` for somebody else's answer."""
        fetch = self._open.get(push.delivery)
        if fetch is None:
            return False
        self._note(fetch, push, status if status is not None else note or "no answer", now)
        unheard = fetch.order is not None and fetch.order.fault in UNHEARD
        self._settle(fetch, None if unheard else grant_of(status, body, self.settings), now)
        return True

    def _attempt(self, fetch: Fetch, due: float, now: Now) -> None:
        fetch.attempts += 1
        fetch.task.counts["fetches"] += 1
        fetch.order = self.faults.take("token", fetch.task.facts() | {"attempt": (str(fetch.attempts),)})
        push = self._push(fetch, due, now)
        if fetch.order and fetch.order.fault in NOT_SENT:
            status, body = _instead(fetch.order)
            self._note(fetch, push, f"not sent: {fetch.order.fault}", now)
            self._settle(fetch, grant_of(status, body, self.settings), now)
        elif fetch.order and fetch.order.fault == "delay":
            self.agenda.at(due + fetch.order.args["seconds"], lambda *_: self.ready.append(push))
        else:
            self.ready.append(push)

    def _settle(self, fetch: Fetch, grant: Grant | None, now: Now) -> None:
        if grant is None and fetch.attempts <= self.settings.token_retries:
            due = now.scaled + self.settings.token_retry_delay
            self.agenda.at(due, lambda at, then: self._attempt(fetch, at, then))
            return
        del self._open[fetch.id]
        fetch.done(grant, now)

    def _push(self, fetch: Fetch, due: float, now: Now) -> Push:
        s, task, names = self.settings, fetch.task, self.settings.token_fields
        said = self.sealer.ids(task.owner) | {
            "timestamp": str(round(now.wall * 1000)),
            "nonce": self.entropy(16),
            "taskId": task.id,
            "dataId": task.form.get("dataId", ""),
            "channel": task.address.room,
            "appId": task.address.app,
            "platform": task.address.platform,
        }
        form = {names[name]: value for name, value in said.items() if names[name]}
        body = self.sealer.seal(form, task.owner, names["signature"])
        place = (fetch.id, fetch.attempts, 0, s.token_url)
        return Push(*place, body, s.push_content_type, s.token_timeout, due, wants_body=True)

    def _note(self, fetch: Fetch, push: Push, status: int | str, now: Now) -> None:
        self.journal.add(
            "push",
            now,
            push="token",
            task=fetch.task.id,
            room=fetch.task.room,
            data_id=fetch.task.form.get("dataId", ""),
            attempt=push.attempt,
            url=push.url,
            status=status,
            sent_second=round(push.sent, 3),
            fault=fetch.order.view() if fetch.order else None,
            form=push.body,
        )


def grant_of(status: int | None, body: str, settings: YidunSettings) -> Grant | None:
    """Read an answer; nothing but HTTP 200 with code 200 and a token is one."""
    names = settings.token_answer
    try:
        answer = json.loads(body)
        if status != HTTP_OK or answer[names["code"]] != CODE_OK:
            return None
        inner: Json = answer[names["result"]] if names["result"] else answer
        token, uid = inner[names["token"]], inner.get(names["uid"], "")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return Grant(token, str(uid)) if isinstance(token, str) and token else None


def _instead(order: Order) -> tuple[int | None, str]:
    args = order.args
    match order.fault:
        case "drop":
            return None, ""
        case "code":
            return HTTP_OK, json.dumps({"code": args["code"], "msg": args["message"]})
    return args["status"], args["body"]
