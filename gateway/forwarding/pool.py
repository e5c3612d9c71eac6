"""The connections to the services: one pool for each process, kept open between requests."""

import asyncio

import aiohttp

# Shorter than any server here keeps them: a request sent into a closing connection is lost.
KEPT_OPEN_SECONDS = 4.0
CONNECT_SECONDS_MAX = 2.0
CONNECTIONS_MAX = 512


class Pool:
    """The client sessions of the running event loop, made when they are first used."""

    def __init__(self, *, silence_seconds_max: float) -> None:
        self._silence_seconds_max = silence_seconds_max
        self._client: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def client(self) -> aiohttp.ClientSession:
        """The client of the running loop."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            self._client, self._loop = self._new_client(), loop
        return self._client

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    def _new_client(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=CONNECTIONS_MAX, keepalive_timeout=KEPT_OPEN_SECONDS, ttl_dns_cache=10
            ),
            timeout=aiohttp.ClientTimeout(
                total=None,
                connect=CONNECT_SECONDS_MAX,
                sock_connect=CONNECT_SECONDS_MAX,
                sock_read=self._silence_seconds_max,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            read_bufsize=256 * 1024,
            max_field_size=32 * 1024,
        )
