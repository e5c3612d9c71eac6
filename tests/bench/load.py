"""A load on loopback, bounded in count: raw HTTP/1.1 on kept connections, so that it costs little itself."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import uvloop

CLIENTS = 16


@dataclass(frozen=True)
class Load:
    """What a load measured: answers a second, and how long they took."""

    per_second: float
    p50_ms: float
    p99_ms: float
    statuses: dict[int, int]


def request(method: str, url: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request's bytes, made beforehand."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def run(url: str, requests: Sequence[bytes], *, clients: int = CLIENTS) -> Load:
    """Send every request once, `clients` at a time; returns when all are answered."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(url, requests, clients))


async def _run(url: str, requests: Sequence[bytes], clients: int) -> Load:
    parts = urlsplit(url)
    waiting = iter(requests)
    seconds: list[float] = []
    statuses: dict[int, int] = {}

    async def client() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for one in waiting:
            started = time.perf_counter()
            writer.write(one)
            status = await _answer(reader)
            seconds.append(time.perf_counter() - started)
            statuses[status] = statuses.get(status, 0) + 1
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    passed = time.perf_counter() - started
    seconds.sort()
    at: Callable[[float], float] = lambda share: seconds[int(len(seconds) * share)] * 1000  # noqa: E731
    return Load(len(seconds) / passed, at(0.5), at(0.99), statuses)


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    if (start := lower.find(b"content-length:")) >= 0:
        await reader.readexactly(int(lower[start + 15 : lower.index(b"\r", start)]))
    return int(head[9:12])
