"""The examples of a description, run: its requests rendered, its sample answers, pushes and results read.

An example that does not come to what it says is told with its place.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from earshot.errors import EarshotError, Refused
from earshot.http_client import Answer
from earshot.secrets import Section
from earshot.vendors.declared.description import Description
from earshot.vendors.declared.door import DeclaredDoor
from earshot.vendors.declared.parsing import stored
from earshot.vendors.declared.places import BadDescription, Part
from earshot.vendors.declared.reader import DeclaredReader
from earshot.vendors.declared.schema import Invalid
from earshot.vendors.declared.transport import Wire
from earshot.vendors.port import Accepted, Unreadable

from operations.description_bench import Bench, Given, given_of

CALLS = ("submit", "finish", "poll")


@dataclass(frozen=True)
class Rendered:
    """A request that an example makes."""

    call: str
    wire: Wire
    given: Given


def run(description: Description) -> Iterator[Rendered]:
    """Every example; what is rendered on the way. Raises BadDescription at the first that is wrong."""
    examples = Part(description.examples, "examples")
    requests, answers = examples.items("requests"), examples.items("answers")
    pushes, results = examples.items("callbacks"), examples.items("results")
    if not requests or not answers or not pushes + results:
        raise BadDescription(
            "examples", "at least one request, one answer, and one of `callbacks` and `results`"
        )
    for value, place in requests:
        yield _request(description, examples, Part(value, place))
    for value, place in answers:
        _answer(description, examples, Part(value, place))
    for value, place in pushes:
        _push(description, examples, Part(value, place), is_push=True)
    for value, place in results:
        _push(description, examples, Part(value, place), is_push=False)
    examples.take("given")
    examples.done()


def _request(description: Description, examples: Part, part: Part) -> Rendered:
    given = given_of(examples, part.take("given"))
    call = part.choice("call", CALLS)
    bench = Bench(description, given)
    try:
        bench.run(call)
    except (EarshotError, Invalid) as error:
        if not bench.sent:
            raise BadDescription(part.place, f"no request is made: {error}") from None
    wire = bench.sent[0]
    body = (wire.body or b"").decode()
    if "url" in part:
        _same(part, "url", f"{wire.origin.url}{wire.target}", part.take("url"))
    for name, value in part.part("headers", optional=True).whole().items():
        _same(part, f"headers.{name}", wire.headers.get(name), value)
    if "json" in part:
        _same(part, "json", json.loads(body or "null"), part.take("json"))
    if "text" in part:
        _same(part, "text", body, part.take("text"))
    part.done()
    return Rendered(call, wire, given)


def _answer(description: Description, examples: Part, part: Part) -> None:
    call = part.choice("call", CALLS)
    body = stored(part.take("json")) if "json" in part else part.text("text", "").encode()
    answer = Answer(int(part.number("status", 100, 599, 200)), body)
    bench = Bench(description, given_of(examples, part.take("given")), answer)
    outcome = bench.outcome(call, answer)
    _same(part, "outcome", outcome, part.text("outcome"))
    wanted_id, wanted_results = part.take("vendor_task_id"), part.take("results")
    part.done()
    if outcome not in {"accepted", "already_running"}:
        return
    made = bench.run(call)
    if isinstance(made, Accepted):
        _same(part, "vendor_task_id", made.vendor_task_id, wanted_id)
    elif wanted_results is not None:
        _same(part, "results", len(made), wanted_results)


def _push(description: Description, examples: Part, part: Part, *, is_push: bool) -> None:
    given = given_of(examples)
    body = stored(part.take("json")) if "json" in part else part.text("text").encode()
    headers = {
        name.lower(): str(value) for name, value in part.part("headers", optional=True).whole().items()
    }
    now = int(part.number("now_ms", 0, 1e15, given.said.get("now_ms", 0)))
    door = DeclaredDoor(description, lambda: now)
    is_refused, key, findings = part.flag("refused", False), part.take("key"), part.items("findings")
    part.done()
    try:
        secrets = Section(description.name, given.section("secrets"))
        delivery = door.take(body, headers, lambda: secrets) if is_push else door.identify(body)
        was_refused = False
    except Refused:
        was_refused = True
    except Unreadable as error:
        raise BadDescription(part.place, f"cannot be read: {error}") from None
    _same(part, "refused", was_refused, is_refused)
    if was_refused:
        return
    if key is not None:
        _same(part, "key", delivery.key, key)
    _check_findings(description, given, delivery.body, part, findings)


def _check_findings(
    description: Description, given: Given, body: bytes, part: Part, wanted: list[tuple[Any, str]]
) -> None:
    try:
        found = DeclaredReader(description).read(body, given.section("settings"))
    except Unreadable as error:
        raise BadDescription(part.place, f"cannot be read: {error}") from None
    _same(part, "findings", len(found), len(wanted))
    for (expected, place), finding in zip(wanted, found, strict=True):
        told = {"type": type(finding).__name__, **json.loads(json.dumps(dataclasses.asdict(finding)))}
        for name, value in Part(expected, place).whole().items():
            if told.get(name) != value:
                raise BadDescription(f"{place}.{name}", f"is {_short(told.get(name))}, not {_short(value)}")


def _same(part: Part, field: str, found: Any, wanted: Any) -> None:
    if found != wanted:
        raise part.wrong(field, f"is {_short(found)}, not {_short(wanted)}")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping | list) else repr(value)
    return text if len(text) <= 600 else f"{text[:600]}…"
