"""What every registered vendor offers: its modules, their calls, and no error but the documented ones."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from importlib import import_module
from typing import Any, cast, get_args

import pytest
from earshot.contract.plan import Plan
from earshot.domain.verdict import Finding, Verdict
from earshot.errors import BadInput
from earshot.secrets import Keyring
from earshot.vendors import port, registry
from earshot.vendors.port import Delivery, Unreadable
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.contract.vendor_samples import GARBAGE, VENDORS

NAMES = sorted(registry.names())
TARGETS = get_args(Plan.model_fields["target"].annotation)
BODIES = [
    pytest.param(name, body, id=f"{name}-{at}")
    for name in NAMES
    for at, body in enumerate(VENDORS[name].genuine)
]


def _options(name: str, options: dict[str, Any] | None = None) -> dict[str, Any]:
    return registry.check_options(name, "room_mixed", options or {})


def _takes(call: Callable[..., Any], like: Callable[..., Any]) -> bool:
    """Whether ``call`` has the parameters of the port's method, in its order."""
    wanted = [(p.name, p.kind) for p in inspect.signature(like).parameters.values() if p.name != "self"]
    offered = [(p.name, p.kind) for p in inspect.signature(call).parameters.values()]
    return wanted == offered


def test_every_vendor_has_samples() -> None:
    assert set(VENDORS) == set(NAMES)


@pytest.mark.parametrize("name", sorted(registry.VENDORS))
@pytest.mark.parametrize("module", ["client", "door", "reader", "options", "capabilities"])
def test_its_modules_are_where_the_registry_looks(name: str, module: str) -> None:
    assert import_module(f"{registry.VENDORS[name]}.{module}").__doc__


def test_a_vendor_that_nobody_registered_is_bad_input() -> None:
    for ask in (registry.door, registry.reader, _options):
        with pytest.raises(BadInput) as raised:
            ask("nobody")
        assert raised.value.field == "vendor"


@pytest.mark.parametrize("name", NAMES)
def test_its_client_is_called_as_the_port_says(name: str) -> None:
    class NoSecret:
        def values(self, **_: Any) -> tuple[str, ...]:
            raise AssertionError("a client must not read its secret before it is used")

    keyring: Any = Keyring(NoSecret())  # type: ignore[arg-type]
    client = registry.client(name, lambda _: "https://vendor.example.com", keyring)
    for call in ("submit", "finish", "endpoint", "named"):
        assert _takes(getattr(client, call), getattr(port.Client, call)), call
    assert client.finish_batch > 0
    assert client.finish_every_ms >= 0


@pytest.mark.parametrize("name", NAMES)
def test_its_door_and_reader_are_called_as_the_port_says(name: str) -> None:
    for call in ("take", "identify", "split"):
        assert _takes(getattr(registry.door(name), call), getattr(port.Door, call)), call
    assert _takes(registry.reader(name).read, port.Reader.read)


@pytest.mark.parametrize("name", NAMES)
def test_what_only_some_vendors_have_is_called_as_the_port_says(name: str) -> None:
    keyring = cast(Any, None)

    def url(_: str) -> str:
        return "https://vendor.example.com"

    if name in registry.POLLED:
        poller = registry.poller(name, url, keyring)
        assert _takes(poller.sources, port.Poller.sources)
        assert _takes(poller.fetch, port.Poller.fetch)
        assert min(poller.every_ms, poller.max_batch) > 0
    asker = registry.asker(name, url, keyring)
    assert name in registry.declared() or (asker is not None) == (name in registry.ASKED)
    if asker is not None:
        assert _takes(asker.asks, port.Asker.asks)
        assert _takes(asker.ask, port.Asker.ask)
        assert asker.every_ms > 0
    if name in registry.AUDITED:
        auditor = registry.auditor(name, url, keyring, lambda: None)
        assert _takes(auditor.still_runs, port.Auditor.still_runs)
        assert _takes(auditor.results, port.Auditor.results)
    token_api = registry.token_api(name)
    assert (token_api is not None) == (name in registry.ASKED_FOR_TOKENS)
    if token_api is not None:
        assert _takes(token_api.read, port.TokenApi.read)
        assert _takes(token_api.answer, port.TokenApi.answer)


@pytest.mark.parametrize("name", NAMES)
def test_it_says_whether_it_needs_a_credential(name: str) -> None:
    for options in VENDORS[name].options:
        assert registry.needs_credential(name, _options(name, options)) in {True, False}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("target", TARGETS)
def test_its_options_survive_the_table(name: str, target: str) -> None:
    """A watch carries them as JSON for its whole life, and they are checked again by whoever reads them."""
    for options in VENDORS[name].options:
        checked = registry.check_options(name, target, options)
        assert json.loads(json.dumps(checked)) == checked
        assert registry.check_options(name, target, checked) == checked


@pytest.mark.parametrize("name", NAMES)
def test_its_wrong_options_are_named(name: str) -> None:
    for options in VENDORS[name].wrong_options:
        with pytest.raises(ValidationError) as raised:
            _options(name, options)
        assert raised.value.errors()[0]["loc"][0] in options


@pytest.mark.parametrize(("name", "body"), BODIES, ids=lambda value: repr(value[:40]))
def test_the_reader_reads_what_the_door_took(name: str, body: bytes) -> None:
    delivery = registry.door(name).identify(body)
    findings = registry.reader(name).read(body, _options(name))
    assert findings, "a genuine callback comes to something"
    assert all(isinstance(finding, Finding) for finding in findings)
    assert len({finding.vendor_task_id for finding in findings}) == 1
    assert delivery == registry.door(name).identify(body), "the same body has the same name"


@pytest.mark.parametrize("name", NAMES)
def test_the_door_knows_a_hit(name: str) -> None:
    door = registry.door(name)
    assert all(door.identify(body).is_hit for body in VENDORS[name].hits)
    assert not any(door.identify(body).is_hit for body in VENDORS[name].passes)
    assert all(door.identify(body).is_hit for body in VENDORS[name].others), "an end is never skipped"


@pytest.mark.parametrize("name", NAMES)
def test_a_hit_is_read_as_one(name: str) -> None:
    for body in VENDORS[name].hits:
        (verdict,) = registry.reader(name).read(body, _options(name))
        assert isinstance(verdict, Verdict)
        assert verdict.labels


@pytest.mark.parametrize("name", NAMES)
def test_different_deliveries_have_different_names(name: str) -> None:
    """An end of the task and a failure must not pass for the segment whose id they share."""
    keys = [registry.door(name).identify(body).key for body in VENDORS[name].others]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("body", GARBAGE, ids=lambda body: repr(body[:24]))
def test_garbage_is_unreadable_and_nothing_worse(name: str, body: bytes) -> None:
    _holds(name, body)


@pytest.mark.parametrize("name", NAMES)
def test_any_bytes_are_unreadable_and_nothing_worse(name: str) -> None:
    @given(st.binary(max_size=200))
    def check(body: bytes) -> None:
        _holds(name, body)

    check()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("name", NAMES)
def test_a_field_that_holds_anything_is_unreadable_and_nothing_worse(name: str) -> None:
    """Each field of each sample, replaced."""
    genuine = [json.loads(body) for body in VENDORS[name].genuine]
    places = [(at, field) for at, body in enumerate(genuine) for field in body]

    @given(st.sampled_from(places), JSON)
    def check(place: tuple[int, str], value: Any) -> None:
        at, field = place
        _holds(name, json.dumps({**genuine[at], field: value}).encode())

    check()


def _holds(name: str, body: bytes) -> None:
    """The port's promise for any body: a delivery whose name can be stored, or Unreadable; and then the same of
    the reader."""
    delivery = _unless_unreadable(lambda: registry.door(name).identify(body))
    if delivery is None:
        return
    assert isinstance(delivery, Delivery)
    assert delivery.key.strip()
    assert delivery.key.encode(), "what cannot be encoded cannot be stored"
    findings = _unless_unreadable(lambda: registry.reader(name).read(body, _options(name)))
    assert findings is None or len(findings) > 0


def _unless_unreadable(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Unreadable as error:
        problem = str(error)
    assert len(problem) < 300, "a problem is logged: it must not carry the body"
    return None
