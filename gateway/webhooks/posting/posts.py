"""Posting, many at once, and telling what came of each: an answer, no connection, or an answer lost."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import httpx
import structlog
from prometheus_client import Counter

from gateway.webhooks.posting.addresses import GuardedTransport, Networks, PrivateAddress
from gateway.webhooks.posting.signing import signed_headers
from services.kit import clock

_log = structlog.get_logger()

SECONDS_MAX = 20.0
_TIMEOUT = httpx.Timeout(10, connect=5)
_ANSWER_BYTES_MAX = 64 * 1024
# Shorter than servers keep idle connections: else a post goes into one that is being closed.
_KEEP_ALIVE_SECONDS = 2.0
_NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

_posted = Counter("amparo_webhook_posts_total", "Signed posts to systems outside", ["channel", "answer"])


@dataclass(frozen=True, slots=True)
class Post:
    """One try of one row: `id` is its key at the receiver, the same at every try."""

    id: UUID
    attempt: int
    url: str
    secret: str = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a post. Without a status there was no answer; `is_lost` if it may have arrived."""

    status: int | None = None
    is_lost: bool = False
    retry_after_seconds: float = 0
    error: str | None = None


class Poster:
    """Posts side by side, so many at once. One for each drain: it belongs to one event loop."""

    def __init__(self, channel: str, *, at_once: int, allowed: Networks, keeps_connections: bool) -> None:
        self._channel = channel
        self._at_once = asyncio.Semaphore(at_once)
        # Connections are kept for one receiver only: two names may share an address, and a kept
        # connection would have asked for the certificate of the other.
        kept = at_once if keeps_connections else 0
        limits = httpx.Limits(max_keepalive_connections=kept, keepalive_expiry=_KEEP_ALIVE_SECONDS)
        inner = httpx.AsyncHTTPTransport(limits=limits, trust_env=False)
        self._http = httpx.AsyncClient(
            transport=GuardedTransport(inner, allowed),
            timeout=_TIMEOUT,
            follow_redirects=False,
            headers={"User-Agent": "Amparo/1", "Content-Type": "application/json"},
        )

    async def post_all(self, posts: Sequence[Post]) -> list[Outcome]:
        """Post all of these; the outcomes in their order."""
        return list(await asyncio.gather(*map(self._post, posts)))

    async def close(self) -> None:
        await self._http.aclose()

    async def _post(self, post: Post) -> Outcome:
        async with self._at_once:
            outcome = await self._try(post)
        _posted.labels(self._channel, str(outcome.status or outcome.error)).inc()
        return outcome

    async def _try(self, post: Post) -> Outcome:
        try:
            headers = signed_headers(post.secret, str(post.id), post.body, at=clock.now())
            async with (
                asyncio.timeout(SECONDS_MAX),
                self._http.stream("POST", post.url, content=post.body, headers=headers) as answer,
            ):
                await _read_little(answer)
                return Outcome(answer.status_code, retry_after_seconds=_retry_after(answer))
        except _NEVER_ARRIVED as error:
            name = "private" if isinstance(error, PrivateAddress) else type(error).__name__
            return Outcome(error=name)
        except (httpx.HTTPError, TimeoutError) as error:
            return Outcome(is_lost=True, error=type(error).__name__)
        except (httpx.InvalidURL, ValueError) as error:
            return Outcome(error=type(error).__name__)
        except Exception as error:
            # One post that fails in a way of its own must not take the others with it.
            _log.error("post_failed", id=str(post.id), exc_info=error)
            return Outcome(is_lost=True, error=type(error).__name__)


async def _read_little(answer: httpx.Response) -> None:
    """Read an answer's body, so that the connection can be used again; not a long one."""
    count = 0
    async for piece in answer.aiter_raw():
        count += len(piece)
        if count > _ANSWER_BYTES_MAX:
            return


def _retry_after(answer: httpx.Response) -> float:
    written = answer.headers.get("Retry-After", "")
    return float(written) if written.isascii() and written.isdigit() and len(written) < 6 else 0.0
