"""Which request goes to which service.

    /api/<service>/v1/…                             → <service> /v1/…
    /agency/v1/declarations…, /payment-notices…     → contributions, the same path
    /agency/v1/disbursements…                       → benefits, the same path

A path is taken as it was sent, byte for byte, and only if it can be read in one way: no empty, `.`
or `..` segment, no slash, backslash or percent sign that hides in an escape. So what is checked here
is what the service will see.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from gateway.settings import SERVICES, Service

# RFC 3986 pchar, without the percent sign that is looked at apart.
_SEGMENT = re.compile(rb"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})+")
_HIDDEN = re.compile(rb"[/\\%\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a request goes: a service, the path there, and the pattern that names it in metrics."""

    service: Service
    path: bytes
    pattern: str


_AGENCY: dict[bytes, Service] = {
    b"declarations": "contributions",
    b"payment-notices": "contributions",
    b"disbursements": "benefits",
}
_API: dict[bytes, Service] = {service.encode(): service for service in SERVICES}

PREFIXES = (*(f"/api/{service}" for service in SERVICES), "/agency")
"""Under which paths requests are forwarded."""


def destination(raw_path: bytes) -> Destination | None:
    """Where a request with this path, as it was sent, goes; None if nowhere."""
    segments = raw_path.split(b"/")
    if len(segments) < 4 or segments[0] or not all(map(_is_plain, segments[1:])):
        return None
    first, second, third, *rest = segments[1:]
    if first == b"api" and third == b"v1" and rest and (service := _API.get(second)):
        return Destination(service, b"/" + b"/".join((third, *rest)), f"/api/{service}/v1/…")
    if first == b"agency" and second == b"v1" and (service := _AGENCY.get(third)):
        return Destination(service, raw_path, f"/agency/v1/{third.decode()}…")
    return None


def _is_plain(segment: bytes) -> bool:
    if segment in (b".", b"..") or _SEGMENT.fullmatch(segment) is None:
        return False
    if b"%" not in segment:
        return True
    decoded = unquote_to_bytes(segment)
    return _HIDDEN.search(decoded) is None and decoded not in (b".", b"..")
