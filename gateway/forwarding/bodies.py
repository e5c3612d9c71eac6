"""Bodies on their way to a service: small ones in one piece, large ones as they come, none too large."""

import asyncio
from collections.abc import AsyncIterator

from starlette.types import Receive

from services.kit.problems import TooLarge

SMALL_BYTES_MAX = 64 * 1024
SILENCE_SECONDS_MAX = 30.0


class AskerGone(Exception):
    """The asker has hung up: there is nobody to answer."""


class Body:
    """A request's body. `refusal` says why it was cut short, if it was."""

    def __init__(self, receive: Receive, *, bytes_max: int) -> None:
        self._receive = receive
        self._bytes_max = bytes_max
        self._bytes = 0
        self._is_complete = False
        self.refusal: Exception | None = None

    async def data(self) -> bytes | AsyncIterator[bytes]:
        """All of it if it is small, else a stream. Raises TooLarge, AskerGone."""
        chunks: list[bytes] = []
        while not self._is_complete and self._bytes <= SMALL_BYTES_MAX:
            chunks.append(await self._next())
        beginning = b"".join(chunks)
        return beginning if self._is_complete else self._stream(beginning)

    async def _stream(self, beginning: bytes) -> AsyncIterator[bytes]:
        yield beginning
        while not self._is_complete:
            try:
                yield await self._next()
            except (TooLarge, AskerGone) as refusal:
                self.refusal = refusal
                raise

    async def _next(self) -> bytes:
        try:
            async with asyncio.timeout(SILENCE_SECONDS_MAX):
                message = await self._receive()
        except TimeoutError:
            raise AskerGone from None
        if message["type"] == "http.disconnect":
            raise AskerGone
        chunk: bytes = message.get("body", b"")
        self._bytes += len(chunk)
        self._is_complete = not message.get("more_body", False)
        if self._bytes > self._bytes_max:
            raise too_large(self._bytes_max)
        return chunk


def too_large(bytes_max: int) -> TooLarge:
    return TooLarge(f"The body may have {bytes_max} bytes at most.")
