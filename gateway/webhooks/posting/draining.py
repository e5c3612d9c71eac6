"""One job that drains many rows: claim some, post them side by side, settle them, until none is due."""

import asyncio
import time
from collections.abc import Sequence
from typing import Protocol

import uvloop

from gateway.webhooks.posting.posts import Outcome, Post, Poster

AT_A_TIME = 200
SECONDS_MAX = 10.0
"""A job stops after so long, for a worker that is told to end; the next one goes on."""
SOON_SECONDS = 3.0


class Channel(Protocol):
    """Rows that are posted; each call is a transaction of its own."""

    def claim(self, limit: int) -> list[Post]:
        """Lease rows that are due to this process, each with the number of its attempt."""

    def settle(self, done: Sequence[tuple[Post, Outcome]]) -> None:
        """Note what came of attempts; one that somebody settled before is left alone."""

    def seconds_to_next(self) -> float | None:
        """How long until a row is due; None if none waits."""


def drain(channel: Channel, poster: Poster, *, seconds_max: float = SECONDS_MAX) -> bool:
    """Post what is due, and what is due in a moment; says whether there may be more. Closes `poster`."""
    until = time.monotonic() + seconds_max
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            while time.monotonic() < until:
                if posts := channel.claim(AT_A_TIME):
                    outcomes = runner.run(poster.post_all(posts))
                    channel.settle(list(zip(posts, outcomes, strict=True)))
                    continue
                wait = channel.seconds_to_next()
                if wait is None or wait > SOON_SECONDS:
                    return False
                time.sleep(max(wait, 0.05))
            return True
        finally:
            runner.run(poster.close())
