"""Where a vendor asks for a fresh token."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from earshot.contract.plan import Plan
from earshot.domain.watch import Task, Watch
from earshot.errors import EarshotError
from earshot.secrets import Section
from earshot.usecases.provide_token import ProvideToken
from earshot.vendors import registry

from tests.unit.support.world import World
from tests.unit.support.yidun_tokens import section
from tests.unit.yidun.yidun_results import signed

OLD, NEW = "o" * 32, "c" * 32


@dataclass
class Counter:
    """Where a vendor asks; ``keys`` are its secrets as they are read, the last one stays."""

    world: World = field(
        default_factory=lambda: World(plans={"default": Plan(vendor="yidun", vendors={"yidun": {}})})
    )
    keys: list[str] = field(default_factory=lambda: [NEW])
    settings: dict[str, Any] = field(default_factory=dict)
    asked: list[int | None] = field(default_factory=list)

    def ask(self, vendor: str = "yidun", key: str = "", **fields: str) -> dict[str, Any]:
        """A signed question."""
        told = {"secretId": "a" * 32, "timestamp": str(self.world.clock.now), **fields}
        return self.send(signed(told), vendor, key)

    def send(self, body: bytes, vendor: str = "yidun", key: str = "") -> dict[str, Any]:
        provide = ProvideToken(
            self.world.store,
            registry.token_api,
            self.secrets,
            lambda _: self.world.platform,
            self.world.pace(),
            self.world.limits.mints_per_s,
            self.world.clock,
        )
        answer: dict[str, Any] = json.loads(provide(vendor, key, body))
        return answer

    def secrets(self, vendor: str, max_age_ms: int | None) -> Section:
        assert vendor == "yidun"
        self.asked.append(max_age_ms)
        return section(self.settings, secret_key=self.keys.pop(0) if len(self.keys) > 1 else self.keys[0])

    def listening(self, **detail: Any) -> tuple[Watch, Task]:
        """A room that the vendor listens to."""
        self.world.track(**detail)
        watch = next(one for one in self.world.store._watches.values() if one.current_task is None)
        ref = self.world.submit(watch, self.world.mint(watch))
        self.world.platform.minted.clear()
        return self.world.fresh(watch), self.task(ref)

    def task(self, ref: str) -> Task:
        task = self.world.store.task(ref)
        assert task
        return task

    def amend(self, held: Task | Watch, **changes: Any) -> None:
        """What somebody has written meanwhile."""
        if isinstance(held, Task):
            self.world.store._tasks[held.task_ref] = replace(held, **changes)
        else:
            self.world.store._watches[held.watch_id] = replace(held, **changes)

    def is_refused(self, act: Callable[[], object], kind: type[EarshotError], reason: str) -> None:
        """Nothing is minted and nothing written."""
        before, minted = deepcopy(vars(self.world.store)), len(self.world.platform.minted)
        with pytest.raises(EarshotError) as error:
            act()
        assert isinstance(error.value, kind)
        assert error.value.reason == reason
        assert vars(self.world.store) == before
        assert len(self.world.platform.minted) == minted


def token(number: int) -> dict[str, Any]:
    """The answer with the platform's so many-th token."""
    return {"code": 200, "msg": "ok", "result": {"token": f"token-{number}", "uid": ""}}
