"""Which headers go along, and which belong to one connection only (RFC 9110 §7.6.1)."""

from collections.abc import Iterable
from typing import NamedTuple

from multidict import CIMultiDict

Raw = Iterable[tuple[bytes, bytes]]

_HOP_BY_HOP = {
    b"connection",
    b"keep-alive",
    b"proxy-authenticate",
    b"proxy-authorization",
    b"proxy-connection",
    b"te",
    b"trailer",
    b"transfer-encoding",
    b"upgrade",
}
# Written anew here, or nothing that a service should see: cookies are for the pages.
_NOT_SENT = _HOP_BY_HOP | {
    b"host",
    b"content-length",
    b"expect",
    b"cookie",
    b"forwarded",
    b"x-forwarded-for",
    b"x-forwarded-host",
    b"x-forwarded-port",
    b"x-forwarded-proto",
    b"x-real-ip",
    b"x-request-id",
}
# Written anew by the server that this process runs in; services set no cookies.
_NOT_RETURNED = _HOP_BY_HOP | {b"date", b"server", b"set-cookie", b"x-request-id"}


class Asked(NamedTuple):
    """A request's headers, looked through once."""

    sent: CIMultiDict[str]
    authorization: str | None
    content_length: int | None
    is_chunked: bool
    is_upload: bool


def read_request(raw: Raw) -> Asked:
    """What a request's headers say, and those of them that go along."""
    sent: CIMultiDict[str] = CIMultiDict()
    authorization, length, is_chunked, is_upload = None, None, False, False
    dropped = _NOT_SENT
    for name, value in raw:
        if name == b"content-length":
            length = int(value) if value.isdigit() else None
        elif name == b"transfer-encoding":
            is_chunked = True
        elif name == b"connection":
            dropped = dropped | _named(value)
        elif name not in _NOT_SENT:
            text = value.decode("utf-8", "replace")  # as which aiohttp writes it again
            if name == b"authorization":
                authorization = text
            elif name == b"content-type":
                is_upload = text.lower().startswith("multipart/form-data")
            sent.add(name.decode("latin-1"), text)
    for name in dropped - _NOT_SENT:
        sent.popall(name.decode("latin-1"), None)
    return Asked(sent, authorization, length, is_chunked, is_upload)


def returned(raw: Raw) -> list[tuple[bytes, bytes]]:
    """The headers of an answer that go back."""
    dropped = _NOT_RETURNED
    kept = []
    for name, value in raw:
        lower = name.lower()
        if lower == b"connection":
            dropped = dropped | _named(value)
        kept.append((lower, value))
    return [(name, value) for name, value in kept if name not in dropped]


def _named(connection: bytes) -> set[bytes]:
    return {name.strip().lower() for name in connection.split(b",")}
