"""Clouds whose secrets are those of the sheets' vectors, which were made at the second at which every test starts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from local.doubles.accounts import DEFAULT, Accounts
from local.doubles.model import Json, Push, Request
from local.doubles.rooms.entrance import Visit
from local.doubles.rooms.world import RoomWorld
from tests.unit.doubles.conftest import Caller

if TYPE_CHECKING:
    from local.doubles.model import Reply
    from local.doubles.rooms.life import Gone
    from tests.unit.doubles.conftest import Status

R = TypeVar("R", bound=RoomWorld[Any])

AGORA_APP, TRTC_APP = "970CA35de60c44645bbae8a215061b33", "1400000000"
VOLC_APP, YUNXIN_APP = "123456781234567812345678", "c37bf7a8758a4ed00000000000000000"
URL = "https://receiver.example.com/rooms"
ACCOUNTS = Accounts.read(
    DEFAULT
    | {"volcengine": {VOLC_APP: DEFAULT["volcengine"][VOLC_APP] | {"app_key": ["newer", "app key"]}}}
    | {"zego": {"1234567890": DEFAULT["zego"]["1234567890"] | {"callback_secret": "secret-ABC"}}}
)

# Published vectors of tokens.
AGORA_A5 = (
    "007eJxTYLgvE7yWNTZ86XTmiJ97uVJnnspVLLGf6f/72FK3uStvrXNVYLA0N3B2NDZNSTUzSDYxMTMxTUpKTLVINDI0NTAzTDI2ZvgYnNoQ"
    "yMjgl7iHgREKQXxuhqL8/FzdlNTcfF1DNgZLAyAwBADPBCIf"
)
TRTC_T1 = (
    "eJyrVgrxCdYrSy1SslJQMtIzUNJRAItkpqTmlWSmZUIkKjIT87NK82CSxSnZiQUFmSlAKUMTAyiAyqVWFGQWpQJlLMxM4IIlmbkgIUNzNMXF"
    "mekg44P93EzccsOcA0qT8yOKnfwLksLcjNPcnNNMzb0Ccg1Sq6IMs1LDPH1ywpJtlWoBk68y0A__"
)
TRTC_T1_NODE = (
    "eJyrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwhWZiflZpXlQqeKU7MSCgswUJStDEwMogMiUZOamKlkZmqOKplYUZBalKllZmJnAhIoz"
    "05WslIL93EzccsOcA0qT8yOKnfwLksLcjNPcnNNMzb0Ccg1Sq6IMs1LDPH1ywpJtlWoBGRkxcA__"
)
TRTC_T2 = (
    "eJyrVgrxCdYrSy1SslJQMtIzUNJRAItkpqTmlWSmZUIkcvNTUosSSzLz83ST8kt0DWGqilOyEwsKMlOAagxNDKAAKpdaUZBZlAqUsTAzgQuW"
    "ZOaChAzN0RQXZ6aD7DGp9IzM8AtJDY4KNagsSip2Dsr2SEv1yE8q8U3xdQ0v9-ErLsuoSPI0MPK0VaoFAM02NrI_"
)
VOLC_V1 = (
    "001123456781234567812345678KwBOYbwAAPFTZYBCVWUIAG5ldyByb29tCwBuZXcgdXNlciBpZAEABACAQlVlIADSKFLSAQeB4mQpGSF1"
    "AWy6wi6s1VoyfPF2hnGx2PZ9AA=="
)
VOLC_V3 = (
    "001123456781234567812345678QwBOYbwAAPFTZYBCVWUIAG5ldyByb29tCwBuZXcgdXNlciBpZAUAAACAQlVlAQCAQlVlAgCAQlVlAwCA"
    "QlVlBACAQlVlIABFENVJbvM0D0VnE76u40gZLDnNf5PeR21UYUsy9Bs0TA=="
)
VOLC_V4 = (
    "001123456781234567812345678JAABAAAAR/QQAAAAAAABACoLAG5ldyB1c2VyIGlkAQAEAAAAAAAgANb4UMYRGMiyna1OvJ0PO"
    "u2ci4dQs7QumIFYctIUSpqF"
)
YUNXIN_N3 = (
    "eyJzaWduYXR1cmUiOiI2NjA4MTAwODBmMDc1YWM5ODgwZjI5ZTUzN2IxMzIxOTZkYzI5Nzg1IiwiY3VyVGltZSI6MTcwMDAwMDAwMDAwMCwi"
    "dHRsIjo4NjM5OX0="
)


class Cloud(Caller[R]):
    """One cloud, its people, and the receiver of its webhooks."""

    @property
    def now(self) -> Any:
        return self.time.now

    def set(self, **values: Any) -> None:
        self.world.settings.update(values)

    def listen(self, **values: Any) -> None:
        self.set(webhook_url=URL, **values)

    def get(self, path: str, query: Json | None = None, headers: Json | None = None) -> Reply:
        return self.world.handle(
            Request("GET", path, tuple((query or {}).items()), headers or {}), self.time.now
        )

    def rooms(self) -> list[Json]:
        found: list[Json] = self.state()["rooms"]
        return found

    def visit(self, room: str, user: str, token: str, app: str, gone: Gone | None = None, **more: Any) -> str:
        visit = Visit(app, room, user, token, more.pop("by", "task-1"), **more)
        return self.world.enter(visit, self.time.now, gone)

    def due(self, status: Status = 200) -> list[Push]:
        """The webhooks that are due now, answered at once."""
        pushes = self.world.advance(self.time.now)
        for push in pushes:
            self.world.push_result(push, status, self.time.now)
        return pushes

    def run(self, until: float, status: Status | Callable[[Push], Status] = 200) -> list[tuple[float, Push]]:
        """Let time pass event by event; what arrived, and when."""
        arrived: list[tuple[float, Push]] = []
        while True:
            pushes = self.world.advance(self.time.now)
            for push in pushes:
                answer = status(push) if callable(status) else status
                arrived.append((self.time.scaled, push))
                self.world.push_result(push, answer, self.time.now)
            if pushes:
                continue  # an answer may have let go what was held
            due = self.world.next_due()
            if due is None or due > until:
                break
            self.time.to(max(due, self.time.scaled))
        self.time.to(until)
        return arrived

    def bodies(self, until: float | None = None) -> list[Json]:
        return [json.loads(push.body) for _, push in self.run(self.time.scaled if until is None else until)]


def people(cloud: Any, *users: str, room: str = "r", role: str = "host") -> None:
    """Some who come in."""
    for user in users:
        cloud.world.person_enters(room, user, cloud.now, role=role)
