"""Where a post may go: to addresses that anybody can reach, never into a private network.

Otherwise whoever can register an address could have us call what only we can reach: a database, a
cloud's metadata, another part (server-side request forgery). The address that was checked is the one
that is connected to, so that a name cannot change its meaning in between.
"""

import asyncio
import socket
import time
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

import httpx

from services.kit.settings import kit_settings

Networks: TypeAlias = tuple[IPv4Network | IPv6Network, ...]
Address: TypeAlias = IPv4Address | IPv6Address

LOOPBACK: Networks = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
_REMEMBERED_SECONDS = 30.0
# An IPv4 address written as an IPv6 one by a translator (RFC 6052, RFC 8215).
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


class PrivateAddress(httpx.ConnectError):
    """The name leads into a private network."""


def networks_allowed(private: Networks) -> Networks:
    """The private networks that posts may go to: those, and in a sandbox the loopback."""
    return private + (LOOPBACK if kit_settings().sandbox else ())


def is_open_to(address: Address, allowed: Networks) -> bool:
    """Whether a post may go to an address: it is public, or in a network that is allowed."""
    plain = _plain(address)
    if any(plain in network for network in allowed if network.version == plain.version):
        return True
    return plain.is_global and not plain.is_multicast and not plain.is_reserved


def _plain(address: Address) -> Address:
    """The address that is really meant, where an IPv6 one wraps an IPv4 one."""
    if isinstance(address, IPv4Address):
        return address
    if any(address in network for network in _TRANSLATED):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (address,))[-1]


class GuardedTransport(httpx.AsyncBaseTransport):
    """Resolves a name, checks every address, and connects to one of those; TLS still asks for the name."""

    def __init__(self, inner: httpx.AsyncBaseTransport, allowed: Networks) -> None:
        self._inner = inner
        self._allowed = allowed
        self._known: dict[tuple[str, int], tuple[float, list[Address]]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.raw_host.decode("ascii").strip("[]")
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        addresses = await self._addresses_of(host, port)
        for last, address in ((address is addresses[-1], address) for address in addresses):
            aimed = httpx.Request(
                request.method,
                request.url.copy_with(host=str(address)),
                headers=request.headers,  # with the name as Host
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
            try:
                return await self._inner.handle_async_request(aimed)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if last:
                    raise
        raise httpx.ConnectError(f"{host} has no address")

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _addresses_of(self, host: str, port: int) -> list[Address]:
        good_until, addresses = self._known.get((host, port), (0.0, []))
        if time.monotonic() > good_until:
            addresses = await _resolve(host, port)
            self._known[(host, port)] = (time.monotonic() + _REMEMBERED_SECONDS, addresses)
        if not all(is_open_to(address, self._allowed) for address in addresses):
            raise PrivateAddress("the address leads into a private network")
        return addresses


async def _resolve(host: str, port: int) -> list[Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpx.ConnectError(f"the name cannot be resolved ({type(error).__name__})") from error
    return list(dict.fromkeys(ip_address(str(one[4][0]).partition("%")[0]) for one in found))
