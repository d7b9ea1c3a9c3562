"""What is fuzzed: each target takes any bytes, and raises only for what must not be."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

from earshot import http_client
from earshot.errors import EarshotError
from earshot.http_client import Answer
from earshot.platforms.registry import PLATFORMS
from earshot.vendors import registry
from earshot.vendors.declared.description import compiled
from earshot.vendors.declared.places import BadDescription
from earshot.vendors.port import Ending, Unreadable

from operations.description_yaml import parsed
from tests.contract.vendor_rooms import settings, submission

VENDORS = registry.names()
OPTIONS = {"volcengine_zego": {"app_id": 12345}}
CHECKED = {name: registry.check_options(name, "room_mixed", OPTIONS.get(name, {})) for name in VENDORS}
KEYRING = settings()
LONGEST_REASON = 400


def callbacks(data: bytes) -> None:
    """A push to a vendor's door, and what the reader makes of it: a delivery with a name, or a documented refusal."""
    name, body = _chosen(data)
    door, reader = registry.door(name), registry.reader(name)
    headers = {"content-type": "application/json", "x-lyrebird-signature": "t=1,v1=00"}
    try:
        door.take(body, headers, lambda: KEYRING.section(name))
    except (EarshotError, Unreadable) as error:
        _is_short(error)
    try:
        delivery = door.identify(body)
        results = door.split(body) if delivery.is_batch else [body]
        for result in results:
            assert door.identify(result).key.strip()
            reader.read(result, CHECKED[name])
    except (EarshotError, Unreadable) as error:
        _is_short(error)


def answers(data: bytes) -> None:
    """An answer to a submission and to a finish: an acceptance with an id, or an error of ours."""
    name, body = _chosen(data)
    status = (200, 200, 200, 400, 401, 500, 302)[len(body) % 7]
    platform = next(one for one in PLATFORMS if registry.hears(name, one, CHECKED[name]))
    client = registry.client(name, lambda _: "https://vendor.example.com", KEYRING)
    with patch.object(http_client, "call", lambda *_, **__: Answer(status, body)):
        try:
            assert client.submit(submission(name, OPTIONS.get(name, {}), platform)).vendor_task_id
        except EarshotError as error:
            _is_short(error)
        try:
            client.finish([Ending("task-1", client.endpoint(CHECKED[name]), CHECKED[name])])
        except EarshotError as error:
            _is_short(error)


def descriptions(data: bytes) -> None:
    """A description, as its author writes it and as a function reads it: good, or refused with the place named."""
    try:
        compiled(parsed(data)).outward()
    except BadDescription as error:
        _is_short(error)


def _chosen(data: bytes) -> tuple[str, bytes]:
    return VENDORS[(data[0] if data else 0) % len(VENDORS)], data[1:]


def _is_short(error: Exception) -> None:
    assert len(str(error)) < LONGEST_REASON, "it is logged: it must not carry the body"


TARGETS: dict[str, Callable[[bytes], None]] = {
    "callbacks": callbacks,
    "answers": answers,
    "descriptions": descriptions,
}
