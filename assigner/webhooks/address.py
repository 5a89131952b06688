"""Which addresses webhooks may reach: those of the public internet, and the private networks that were named.

A name is looked up for every connection and only a checked address is connected to, so a name that answers differently
the next time (DNS rebinding) gets nowhere."""

import socket
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import anyio
import httpcore2

from presence.errors import Invalid

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

UNICAST = IPv6Network("2000::/3")
"""All IPv6 addresses that were ever given out for public use (RFC 4291)."""
SIX_TO_FOUR, TEREDO = IPv6Network("2002::/16"), IPv6Network("2001::/32")
"""Those among them that a gateway may turn into IPv4 addresses, private ones too (RFC 3056, 4380)."""
LOOPBACK = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))


class AddressRefused(httpcore2.ConnectError):
    """Every address of a host is one that webhooks may not reach."""


def networks_of(given: Iterable[str]) -> tuple[Network, ...]:
    """The private networks that may be reached, from how they are written: 10.1.0.0/16. Raises Invalid."""
    try:
        return tuple(ip_network(each.strip()) for each in given if each.strip())
    except ValueError as error:
        message = f"ASSIGNER_WEBHOOK_NETWORKS: {error}; write a network as in 10.1.0.0/16"
        raise Invalid("invalid", message, field="webhook_networks") from None


def may_be_reached(address: Address, allowed: tuple[Network, ...]) -> bool:
    """Whether an address is public, or in a network that is allowed."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return may_be_reached(mapped, allowed)
    if any(address in network for network in allowed):
        return True
    if address.version == 6 and (address not in UNICAST or address in SIX_TO_FOUR or address in TEREDO):
        return False
    return address.is_global and not address.is_multicast


def is_refused(host: str, allowed: tuple[Network, ...]) -> bool:
    """Whether a host is known to be out of reach without looking it up: an address, or the name of this machine."""
    if host.lower().rstrip(".") == "localhost":
        return not any(network in allowed for network in LOOPBACK)
    try:
        return not may_be_reached(ip_address(host), allowed)
    except ValueError:
        return False


class CheckedNetwork(httpcore2.AsyncNetworkBackend):
    """Connects to public addresses and to allowed networks only."""

    def __init__(self, allowed: tuple[Network, ...]) -> None:
        self._allowed = allowed
        self._backend = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Look a host up and connect to one of its addresses that may be reached.

        Raises AddressRefused, ConnectError."""
        try:
            found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore2.ConnectError(f"{host} cannot be looked up: {error}") from None
        addresses = list(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found))
        reachable = [each for each in addresses if may_be_reached(ip_address(each), self._allowed)]
        if not reachable:
            raise AddressRefused(f"{host} is at {addresses[0]}, which webhooks may not reach")
        for address in reachable[:-1]:
            with suppress(httpcore2.ConnectError):
                return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
        return await self._backend.connect_tcp(reachable[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Wait between attempts to connect."""
        await self._backend.sleep(seconds)
