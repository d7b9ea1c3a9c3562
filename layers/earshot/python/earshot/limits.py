"""What vendors and platforms allow us: the optional object ``limits`` of the settings secret, over the defaults here.

``{"zego": {"mints_per_s": 100}, "yidun": {"submits_per_s": 100, "streams": 1000}}``; ``null`` lifts a limit. Rates
are whole calls in any second, streams are tasks at a time, of all functions together. Where the contract says another
number than the table, the settings must (docs/limits.md).
"""

from collections.abc import Mapping
from typing import Any

from earshot.errors import Misconfigured
from earshot.platforms.registry import PLATFORMS
from earshot.secrets import Keyring
from earshot.vendors import registry

Table = Mapping[str, Mapping[str, int | None]]

MINTS, SUBMITS, FINISHES = "mints_per_s", "submits_per_s", "finishes_per_s"
ASKS, STREAMS = "asks_per_s", "streams"
HERE = (MINTS, SUBMITS, FINISHES, ASKS, STREAMS)
BESIDE = ("hours_per_day", "price_per_hour", "currency")
"""Of a vendor, for others to read: what it may cost, and what it does."""
ELSEWHERE = frozenset({"apps"})
FASTEST = 500
"""A second: one item of the table takes a thousand writes, and a slot may need two."""

DEFAULTS: Table = {
    # [D] documented: "100/s for all rooms of one AppId"
    "zego": {MINTS: 100},
    # [?] ours: the contract sets one rate for all calls of an organisation, and the number of streams
    "shumei": {SUBMITS: 50, FINISHES: 20, STREAMS: None},
    # [T] a newer copy of the documentation: 100 streams a second; [?] streams at a time are agreed on
    "yidun": {SUBMITS: 100, STREAMS: None},
    # [?] ours: the bought rate is that of all calls together (1004 above it)
    "volcengine": {SUBMITS: 20, FINISHES: 10, ASKS: 20, STREAMS: None},
    # [?] ours: nothing is published for speech streams; 30 is the trial's of the video interface
    "tupu": {SUBMITS: 20, FINISHES: 10, STREAMS: None},
}
_NOTHING: Mapping[str, Any] = {}


class Limits:
    """See the module. Every method raises Misconfigured, which names the field, and RetryLater."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._checked: tuple[object, Table] = (None, DEFAULTS)

    def mints_per_s(self, platform: str) -> int | None:
        """Credentials of one app of the platform; None: no limit."""
        return self._of(platform, MINTS)

    def submits_per_s(self, vendor: str) -> int | None:
        """Tasks opened at the vendor; None: no limit."""
        return self._of(vendor, SUBMITS)

    def finishes_per_s(self, vendor: str) -> int | None:
        """Tasks closed at the vendor; None: no limit."""
        return self._of(vendor, FINISHES)

    def asks_per_s(self, vendor: str) -> int | None:
        """Questions to the vendor about its tasks; None: no limit."""
        return self._of(vendor, ASKS)

    def streams(self, vendor: str) -> int | None:
        """Tasks that the vendor runs at a time; None: no limit."""
        return self._of(vendor, STREAMS)

    def _of(self, name: str, field: str) -> int | None:
        return self._table().get(name, {}).get(field)

    def _table(self) -> Table:
        """Checked once for each text of the secret."""
        said = self._keyring.section().raw.get("limits", _NOTHING)
        if not isinstance(said, Mapping):
            raise Misconfigured("secret limits", "must be an object")
        if said is not self._checked[0]:
            self._checked = (said, merged(said))
        return self._checked[1]


def merged(said: Mapping[str, Any]) -> Table:
    """What the settings say over the defaults. Raises Misconfigured: a misspelt limit must not be none."""
    table = {name: dict(fields) for name, fields in DEFAULTS.items()}
    for name in said.keys() - ELSEWHERE:
        fields, place = said[name], f"secret limits.{name}"
        known = _fields(name)
        if not known:
            raise Misconfigured(
                place, f"is unknown; known: {', '.join(sorted({*PLATFORMS, *registry.names(), *ELSEWHERE}))}"
            )
        if not isinstance(fields, Mapping):
            raise Misconfigured(place, "must be an object")
        for field, value in fields.items():
            if field not in known:
                raise Misconfigured(f"{place}.{field}", f"is unknown; known: {', '.join(known)}")
            if field in HERE:
                table.setdefault(name, {})[field] = _number(f"{place}.{field}", field, value)
    return table


def _fields(name: str) -> tuple[str, ...]:
    """A cloud may be both."""
    mints = (MINTS,) if name in PLATFORMS else ()
    return (*mints, *((*HERE[1:], *BESIDE) if registry.known(name) else ()))


def _number(place: str, field: str, value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Misconfigured(place, "must be a whole number above 0, or null for no limit")
    if field != STREAMS and value > FASTEST:
        raise Misconfigured(place, f"must be {FASTEST} at most, or null for no limit")
    return value
