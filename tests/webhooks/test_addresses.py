"""Where webhooks may go: to public addresses and to networks that were named, whatever a name says."""

import asyncio
import socket
from ipaddress import ip_address

import httpcore2
import pytest

from assigner.webhooks.address import (
    LOOPBACK,
    AddressRefused,
    CheckedNetwork,
    is_refused,
    may_be_reached,
    networks_of,
)
from presence.errors import Invalid


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="this machine"),
        pytest.param("127.8.8.8", id="this machine by another number"),
        pytest.param("0.0.0.0", id="any address"),
        pytest.param("10.1.2.3", id="private"),
        pytest.param("172.31.0.1", id="private too"),
        pytest.param("192.168.1.1", id="at home"),
        pytest.param("169.254.169.254", id="the metadata of a cloud"),
        pytest.param("100.64.0.1", id="shared by a carrier"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("255.255.255.255", id="everybody"),
        pytest.param("::1", id="this machine, IPv6"),
        pytest.param("::", id="any address, IPv6"),
        pytest.param("fe80::1", id="link-local"),
        pytest.param("fd00::1", id="private, IPv6"),
        pytest.param("ff02::1", id="multicast, IPv6"),
        pytest.param("::ffff:127.0.0.1", id="IPv4 inside IPv6"),
        pytest.param("64:ff9b::7f00:1", id="IPv4 behind NAT64"),
        pytest.param("2002:7f00:1::", id="IPv4 behind 6to4"),
        pytest.param("2001::7f00:1", id="IPv4 behind Teredo"),
        pytest.param("::7f00:1", id="IPv4 inside IPv6 as it was once written"),
        pytest.param("64:ff9b:1::a00:1", id="IPv4 behind a local NAT64"),
        pytest.param("fec0::1", id="site-local"),
    ],
)
def test_addresses_that_lead_inside_are_refused(address: str) -> None:
    assert not may_be_reached(ip_address(address), ())


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_public_addresses_are_reached(address: str) -> None:
    assert may_be_reached(ip_address(address), ())


def test_a_network_that_was_named_is_reached_and_its_neighbour_is_not() -> None:
    allowed = networks_of(["10.1.0.0/16", " fd00:1::/32 ", ""])

    assert [may_be_reached(ip_address(each), allowed) for each in ("10.1.9.9", "fd00:1::5", "::ffff:10.1.0.1")] == [
        True,
        True,
        True,
    ]
    assert not may_be_reached(ip_address("10.2.0.1"), allowed)


@pytest.mark.parametrize("given", ["10.1.0.1/16", "everywhere", "10.0.0.0/33"])
def test_what_is_no_network(given: str) -> None:
    with pytest.raises(Invalid, match="write a network as in 10"):
        networks_of([given])


@pytest.mark.parametrize(
    ("host", "refused"),
    [
        pytest.param("localhost", True, id="this machine by its name"),
        pytest.param("LOCALHOST.", True, id="written otherwise"),
        pytest.param("127.0.0.1", True, id="an address"),
        pytest.param("93.184.215.14", False, id="a public address"),
        pytest.param("shop.example.org", False, id="a name is looked up later"),
    ],
)
def test_hosts_that_are_known_to_be_out_of_reach(host: str, refused: bool) -> None:
    assert is_refused(host, ()) is refused
    assert is_refused("localhost", LOOPBACK) is False


def test_a_name_that_leads_inside_is_refused_when_it_is_connected_to() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        async def connect(network: CheckedNetwork) -> None:
            stream = await network.connect_tcp("localhost", port, timeout=5)
            await stream.aclose()

        with pytest.raises(AddressRefused, match=r"localhost is at .*, which webhooks may not reach"):
            asyncio.run(connect(CheckedNetwork(())))
        asyncio.run(connect(CheckedNetwork(LOOPBACK[:1])))
        asyncio.run(connect(CheckedNetwork(LOOPBACK)))  # ::1 may come first, where nobody listens


def test_a_name_that_nobody_knows_is_a_failure_to_connect() -> None:
    with pytest.raises(httpcore2.ConnectError, match="cannot be looked up"):
        asyncio.run(CheckedNetwork(()).connect_tcp("nowhere.invalid", 80))
