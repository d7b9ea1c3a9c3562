"""Where results go: pushed when the submission named an address, else kept for polls; never both."""

from __future__ import annotations

from dataclasses import dataclass

from local.doubles.agenda import Agenda
from local.doubles.model import Json
from local.doubles.yidun.backlog import Backlog
from local.doubles.yidun.outbox import Outbox
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.task import Task


@dataclass
class Post:
    """Delivers items."""

    agenda: Agenda
    outbox: Outbox
    backlog: Backlog
    settings: YidunSettings

    def send(self, task: Task, kind: str, number: int | None, items: list[Json], due: float) -> None:
        """Deliver items at a scaled second; ``kind``: segment, end or review."""
        if not items:
            return
        if not task.callback_url:
            self.agenda.at(due, lambda at, _: self.backlog.add(task, items, at))
        elif self.settings.push_array:
            self.outbox.add(task, kind, number, items, due)
        else:
            for item in items:
                self.outbox.add(task, kind, number, item, due)
