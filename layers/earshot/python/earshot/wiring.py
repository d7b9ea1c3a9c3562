"""What a function is made of, from its environment: one AWS session, clients made once, at import.

Everything here imports what it makes, so a function pays only for what it asks for.
"""

import gc
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from earshot.clock import now_ms, rest
from earshot.errors import Misconfigured
from earshot.log_codes import LogCode
from earshot.secrets import Keyring, Secret, Section
from earshot.settings import base_url, require
from earshot.telemetry import note

if TYPE_CHECKING:
    from earshot.contract.plan import Plan
    from earshot.limits import Limits
    from earshot.platforms.port import Platform, RoomQuery
    from earshot.store.dynamo.segments import DynamoInbox
    from earshot.store.dynamo.store import DynamoStore
    from earshot.usecases.keep_books import KeepBooks
    from earshot.usecases.pace import Pace
    from earshot.usecases.room_telling import Tell
    from earshot.usecases.start_watch import StartWatch
    from earshot.usecases.stop_queue import StopQueue
    from earshot.usecases.stream_slots import HandOn, StreamSlots
    from earshot.usecases.vendor_health import VendorHealth
    from earshot.usecases.watch_spending import WatchSpending
    from earshot.vendors.port import Asker, Auditor, Client, Poller

# botocore builds some 75,000 objects that live for ever. Walking them while they are made costs a fifth of a cold
# start, and walking them later costs every call: `ready` sets them apart.
gc.disable()

PLAN_MAX_AGE_MS = 60_000
QUERY_EVERY_MS = 200
"""Between two questions to a vendor about finished tasks: nobody is in a hurry for the answers."""


def ready() -> None:
    """Initialisation is over; every function's last line."""
    gc.freeze()
    gc.enable()


@cache
def client(service: str) -> Any:
    """A low-level AWS client."""
    from botocore.config import Config  # noqa: PLC0415

    # Fail within a vendor's patience (5 s): what cannot be stored must be refused, so that it is sent again.
    config = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
    return _session().client(service, config=config)


@cache
def _session() -> Any:
    import boto3  # noqa: PLC0415

    return boto3.session.Session()


class Later:
    """What is made when it is first used, and with it its client: not every function comes to it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __getattr__(self, name: str) -> Any:
        return getattr(self._make(), name)


def inbox() -> "DynamoInbox":
    """The webhook's store."""
    from earshot.store.dynamo.segments import DynamoInbox  # noqa: PLC0415

    return DynamoInbox(client("dynamodb"), require("TABLE_NAME"))


@cache
def store() -> "DynamoStore":
    """The whole store."""
    from earshot.store.dynamo.store import DynamoStore  # noqa: PLC0415

    return DynamoStore(client("dynamodb"), require("TABLE_NAME"), now_ms)


@cache
def keyring() -> Keyring:
    """The settings secret."""
    return Keyring(Secret(client("secretsmanager"), require("SETTINGS_SECRET"), now_ms))


def callback_keys() -> Callable[[int | None], tuple[str, ...]]:
    """The keys of callback addresses, newest first; the previous one stays good while tasks carry it."""
    secret = Secret(
        client("secretsmanager"), require("CALLBACK_KEY_SECRET"), now_ms, ("AWSCURRENT", "AWSPREVIOUS")
    )
    return lambda max_age_ms: secret.values() if max_age_ms is None else secret.values(max_age_ms=max_age_ms)


def vendor_secrets(name: str, max_age_ms: int | None) -> Section:
    """A vendor's section of the settings, no older than so many milliseconds."""
    return keyring().section(name) if max_age_ms is None else keyring().section(name, max_age_ms=max_age_ms)


def pollers() -> "dict[str, Poller]":
    """What fetches the results of vendors that the settings know, by vendor."""
    from earshot.vendors.registry import POLLED  # noqa: PLC0415

    known = keyring().section()
    return {name: poller(name) for name in POLLED if name in known}


def poller(name: str) -> "Poller":
    """What fetches a vendor's results."""
    from earshot.vendors import registry  # noqa: PLC0415

    return registry.poller(name, base_url, keyring())


def askers() -> "dict[str, Asker]":
    """What asks for the results of vendors that the settings know, by vendor."""
    from earshot.vendors import registry  # noqa: PLC0415

    known = keyring().section()
    names = [name for name in registry.names() if registry.account(name) in known]
    return {name: made for name in names if (made := asker(name)) is not None}


def asker(name: str) -> "Asker | None":
    """What asks for a vendor's results; None if it is not to be asked."""
    from earshot.vendors import registry  # noqa: PLC0415

    return registry.asker(name, base_url, keyring())


def vendor(name: str) -> "Client":
    """A vendor's client; its addresses are ``<VENDOR>_BASE_URL`` and the like."""
    from earshot.vendors import registry  # noqa: PLC0415

    return registry.client(name, base_url, keyring())


def auditor(name: str) -> "Auditor":
    """Asks a vendor about tasks; of all functions one asks at a time."""
    from earshot.vendors import registry  # noqa: PLC0415

    def pace() -> None:
        while wait_ms := store().take_turn(f"{name}:query", now_ms(), QUERY_EVERY_MS):
            rest(wait_ms / 1000)

    return registry.auditor(name, base_url, keyring(), pace)


def platform(name: str) -> "Platform":
    """A platform's client."""
    from earshot.platforms import registry  # noqa: PLC0415

    return registry.connect(name, base_url, keyring())


def room_query(name: str) -> "RoomQuery | None":
    """Who is in a platform's rooms; None if it does not tell."""
    from earshot.platforms import registry  # noqa: PLC0415

    return registry.query(name, base_url, keyring())


def vendor_health() -> "VendorHealth":
    """Who is to listen."""
    from earshot.usecases.vendor_health import VendorHealth  # noqa: PLC0415

    return VendorHealth(store(), now_ms)


@cache
def limits() -> "Limits":
    """What vendors and platforms let us do."""
    from earshot.limits import Limits  # noqa: PLC0415

    settings: Any = Later(keyring)
    return Limits(settings)


def pace() -> "Pace":
    """Whose turn it is."""
    from earshot.usecases.pace import Pace  # noqa: PLC0415

    return Pace(store(), rest, now_ms)


def streams() -> "StreamSlots":
    """Who may have a stream."""
    from earshot.usecases.stream_slots import StreamSlots  # noqa: PLC0415

    return StreamSlots(store(), limits(), now_ms)


def hand_on() -> "HandOn":
    """Who has a stream next."""
    from earshot.usecases.stream_slots import HandOn  # noqa: PLC0415

    return HandOn(streams(), store(), now_ms)


def spending() -> "WatchSpending":
    """What a watch may still cost."""
    from earshot.usecases.watch_spending import WatchSpending, day_limits  # noqa: PLC0415

    return WatchSpending(store(), lambda: day_limits(keyring()), now_ms)


def books() -> "KeepBooks":
    """The totals of the days."""
    from earshot.usecases.keep_books import KeepBooks  # noqa: PLC0415

    return KeepBooks(store(), now_ms)


def stop_queue() -> "StopQueue":
    """Finishes tasks, and hands on what they held."""
    from earshot.usecases.reconcile_tasks import first_check  # noqa: PLC0415
    from earshot.usecases.stop_queue import StopQueue  # noqa: PLC0415

    paced, per_s = pace(), limits().finishes_per_s

    def may_call(vendor: str, patience_ms: int) -> bool:
        return paced.within(f"finish:{vendor}", per_s(vendor), patience_ms)

    return StopQueue(store(), first_check, rest, now_ms, may_call, hand_on())


def room_teller() -> "Tell":
    """Puts room events on the bus, as your backend does."""
    from earshot.usecases.bus import Bus  # noqa: PLC0415
    from earshot.usecases.room_telling import SOURCE  # noqa: PLC0415

    # Made later: people come and go more often than rooms open and close.
    events: Any = Later(lambda: client("events"))
    return Bus(events, require("BUS_NAME"), SOURCE).tell


def starter() -> "StartWatch":
    """Starts executions."""
    from earshot.usecases.start_watch import StartWatch  # noqa: PLC0415

    return StartWatch(client("stepfunctions"), require("STATE_MACHINE_ARN"))


def plan_reader() -> "Callable[[], dict[str, Plan]]":
    """The moderation plan, read at most once a minute; a bad one does not replace a good one that is in memory."""
    from earshot.contract import plan  # noqa: PLC0415

    name = require("PLAN_PARAMETER")
    held: dict[str, Any] = {}

    def read() -> "dict[str, Plan]":
        if not held or now_ms() - held["at"] > PLAN_MAX_AGE_MS:
            # Made here: most runs and many webhooks need no plan, and this client is the dearest of all.
            text = client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
            try:
                held["plans"] = plan.parse(text)
            except Misconfigured as error:
                if not held:
                    raise
                note(LogCode.ES106, setting=error.setting)
            held["at"] = now_ms()
        plans: dict[str, Plan] = held["plans"]
        return plans

    return read
