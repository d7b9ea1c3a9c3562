"""What a reader of a vendor's books has, and what most of them have in common."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

Json = Any
Entry = Mapping[str, Json]
"""Of a journal: a call or a push."""
View = Mapping[str, Json]
"""A task in a double's state."""
ADDRESS = re.compile(r"/callbacks/([a-z_]+)/([^/]+)/[^/]+$")
"""Of our webhook, as vendors are told it."""


@dataclass(frozen=True)
class Result:
    """Something judged. ``task`` is the vendor's name of the task, ``segment_id`` what our events call the piece;
    ``vendor`` and ``task_id`` of our events are the reader's to say."""

    task: str
    segment_id: str
    is_hit: bool


class Reading(ABC):
    """One vendor, as one double plays it. ``tells_end``: it gives notice of a task's end."""

    vendor: ClassVar[str]
    double: ClassVar[str]
    limits: ClassVar[frozenset[int]] = frozenset()
    tells_end: ClassVar[bool] = True
    deaf_s: ClassVar[float] = 0.0
    """So long after its beginning a task is not believed to hear, though it may."""

    # tasks, as the state has them

    def key(self, view: View) -> str:
        """What calls and answers name a task by; several that came one after the other may share it."""
        return str(view["id"])

    def task_id(self, view: View) -> str:
        """What our ledger and events name it by."""
        return self.key(view)

    def watch_id(self, view: View, opened_by: Entry | None) -> str:
        """Whose it is; ``opened_by`` is the submission that it came of, where that can be told."""
        del opened_by
        return str(view["data_id"]).rpartition("-")[0]

    def lost(self, view: View) -> float | None:
        """Since when it hears nothing, though it has not ended."""
        return view.get("lost")

    # calls, as they came

    @abstractmethod
    def answered(self, call: Entry) -> str:
        """The key of the task that the answer to a submission tells; empty if it tells none."""

    @abstractmethod
    def finished(self, call: Entry) -> list[str]:
        """The keys of the tasks that the answer to a finish call tells to be over."""

    def ref(self, call: Entry) -> str:
        """Our name of the task in a submission: in the address for its results, unless the vendor gets none."""
        return address_in(call["body"])

    def credential(self, call: Entry) -> str:
        """The platform's credential in a submission; empty if there is none."""
        del call
        return ""

    # results

    @abstractmethod
    def pushed(self, push: Entry) -> list[Result]:
        """The results in a push that was acknowledged."""

    def handed(self, call: Entry) -> list[Result]:
        """The results in the answer to a question."""
        del call
        return []

    def ending(self, code: int | None) -> tuple[str, dict[str, Json]]:
        """How the double is told that a task ends by itself: the last part of the path, and the body. ``code`` is one
        of Shumei's, None for an end without trouble."""
        del code
        return "end", {}

    def signs(self, plan: Mapping[str, Json]) -> bool:
        """Whether something comes of a living task of this plan even if nobody speaks."""
        return bool(plan["keep"] != "hits")


def is_whole(call: Entry) -> bool:
    """Whether the caller may have read the answer."""
    return not call["answer"]["cut"] and isinstance(call["answer"]["body"], dict)


def address_in(body: Json) -> str:
    """The task that the first address of our webhook names, anywhere in a body."""
    return next((found[2] for text in texts(body) if (found := ADDRESS.search(text))), "")


def texts(node: Json) -> Iterator[str]:
    """Every text in it."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from texts(inner)


def inside(node: Json, *names: str) -> Json:
    """What stands under these names, an empty object if nothing does."""
    for name in names:
        node = node.get(name) if isinstance(node, dict) else None
    return {} if node is None else node


def objects(node: Json) -> list[dict[str, Json]]:
    """The objects of a list; none of what is no list."""
    return [one for one in node if isinstance(one, dict)] if isinstance(node, list) else []
