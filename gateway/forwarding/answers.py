"""Answers on their way back: small ones in one piece, large ones as they come."""

import asyncio

import aiohttp
from starlette.types import Receive, Send

from gateway.forwarding import headers
from gateway.forwarding.problems import AnswerLost

SMALL_BYTES_MAX = 64 * 1024
MAYBE_DONE = "What you asked for may have been done: ask again with the same Idempotency-Key."


async def give_back(got: aiohttp.ClientResponse, receive: Receive, send: Send) -> None:
    """Send an answer back. Raises AnswerLost, before anything is sent; aiohttp's errors after that."""
    start = {
        "type": "http.response.start",
        "status": got.status,
        "headers": headers.returned(got.raw_headers),
    }
    length = got.content_length
    if got.content.at_eof() or (length is not None and length <= SMALL_BYTES_MAX):
        try:
            content = await got.read()
        except (aiohttp.ClientError, TimeoutError):
            raise AnswerLost(MAYBE_DONE) from None
        await send(start)
        await send({"type": "http.response.body", "body": content})
        return
    await send(start)
    hang_up = asyncio.create_task(_hang_up(receive))
    try:
        async for chunk in got.content.iter_any():
            if hang_up.done():
                got.close()
                return
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        hang_up.cancel()


async def _hang_up(receive: Receive) -> None:
    """Returns when the asker hangs up, so that nothing is fetched for nobody."""
    while (await receive())["type"] != "http.disconnect":
        pass
