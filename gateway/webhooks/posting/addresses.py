"""Where a post may go: to addresses that anybody can reach, never into a private network.

Otherwise whoever can register an address could have us call what only we can reach: a database, a
cloud's metadata, another part (server-side request forgery). The address that was checked is the one
that is connected to, so that a name cannot change its meaning in between.
"""

import errno
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, TypeAlias

from services.kit.settings import kit_settings

Networks: TypeAlias = tuple[IPv4Network | IPv6Network, ...]
Address: TypeAlias = IPv4Address | IPv6Address

LOOPBACK: Networks = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
# An IPv4 address written as an IPv6 one by a translator (RFC 6052, RFC 8215).
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


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


def guarded_sockets(allowed: Networks) -> Callable[[tuple[Any, ...]], socket.socket]:
    """What makes the socket to a resolved address, or refuses with EACCES if posts may not go there."""

    def make_socket(address_info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = address_info
        if not is_open_to(ip_address(str(address[0]).partition("%")[0]), allowed):
            raise PermissionError(errno.EACCES, "this address is in a private network")
        return socket.socket(family, kind, protocol)

    return make_socket
