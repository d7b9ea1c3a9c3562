"""One call to a declared vendor: to its origin and nowhere else, by the HTTP client that every vendor has.

The name is resolved here, every address that it has must be a public one, and the connection is made to the address
that was looked at: what the name says a moment later does not count.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from earshot import http_client
from earshot.errors import GiveUp, RetryLater
from earshot.http_client import Answer
from earshot.vendors.declared.origins import Origin

NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Wire:
    """A request as it goes out; ``target`` is path and query."""

    origin: Origin
    method: str
    target: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Bounds:
    """What a call may take."""

    timeout_s: float
    answer_bytes: int


Send = Callable[[Wire, Bounds], Answer]


def send(wire: Wire, bounds: Bounds) -> Answer:
    """Send one request. Raises GiveUp if its name leads where it must not, RetryLater if it certainly did not arrive,
    OutcomeUnknown if it may have."""
    guard(wire.origin)
    return http_client.call(
        wire.method,
        f"{wire.origin.url}{wire.target}",
        timeout_s=bounds.timeout_s,
        body=wire.body,
        headers=wire.headers,
        max_bytes=bounds.answer_bytes,
    )


@cache
def guard(origin: Origin) -> None:
    """From now on calls to the origin connect to addresses that were looked at."""
    http_client._session().mount(f"{origin.url}/", _adapter(is_local=origin.is_local))


def addresses(host: str, port: int, *, is_local: bool) -> list[str]:
    """The addresses of a name, in the order to try them. Raises GiveUp if one of them is not allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise RetryLater("not_connected", "not resolved") from None
    told = [str(one[4][0]) for one in found]
    if not all(allowed(address, is_local=is_local) for address in told):
        raise GiveUp("address_not_allowed", f"{host} leads to an address that is not public")
    return told


def allowed(address: str, *, is_local: bool) -> bool:
    """Whether a connection may be made there. The machine's own and private addresses only where the operator put the
    origin there himself; link-local ones, where clouds keep their metadata, never."""
    try:
        one: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inside(one)
    if inner is not None:
        return allowed(str(inner), is_local=is_local)
    is_loopback = one.is_loopback  # of IPv6 it is reserved, too
    if one.is_link_local or one.is_multicast or one.is_unspecified or (one.is_reserved and not is_loopback):
        return False
    return is_local or one.is_global


def _inside(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


class _Checked:
    """A connection whose address was looked at; TLS still asks for the name."""

    is_local = False

    def _new_conn(self) -> socket.socket:
        me: Any = self
        found = addresses(me.host, me.port, is_local=self.is_local)
        timeout = me.timeout if isinstance(me.timeout, int | float) else http_client.CONNECT_TIMEOUT_S
        for address in found:
            try:
                return socket.create_connection((address, me.port), timeout)
            except OSError:
                continue
        raise RetryLater("not_connected", "refused or out of time")


class CheckedHttps(_Checked, HTTPSConnection):
    """To a vendor."""


class LocalHttps(CheckedHttps):
    """To an address that the operator put there."""

    is_local = True


class LocalHttp(_Checked, HTTPConnection):
    """The same without TLS."""

    is_local = True


def _adapter(*, is_local: bool) -> Any:
    """What ``requests`` sends by. Imported here: the HTTP client has a say in how ``requests`` is imported."""
    from requests.adapters import HTTPAdapter  # noqa: PLC0415

    https = type("Https", (HTTPSConnectionPool,), {"ConnectionCls": LocalHttps if is_local else CheckedHttps})
    pools: dict[str, Any] = {"https": https}
    if is_local:
        pools["http"] = type("Http", (HTTPConnectionPool,), {"ConnectionCls": LocalHttp})
    adapter = HTTPAdapter()
    adapter.poolmanager.pool_classes_by_scheme = pools
    return adapter
