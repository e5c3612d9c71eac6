"""The counter: payments that arrive at the same moment are committed together.

A commit waits for the disk whether it carries one payment or fifty; so while one group is being
committed the next one gathers. Each request keeps its own key, its own refusal and its own answer,
and is answered only after the commit.
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from psycopg_pool import ConnectionPool
from pydantic import SecretStr
from sqlalchemy import Engine

from services.contributions.payments.groups import Groups, Outcome, Request
from services.contributions.payments.posting import Posted

GROUP_MAX = 100
LANES = 2
"""Groups under way at once: while one waits for the disk, the other computes."""


@contextmanager
def open_counter(engine: Engine, database_url: SecretStr) -> Iterator["Counter"]:
    """A counter with connections of its own, closed in the end."""
    with ConnectionPool(
        database_url.get_secret_value(),
        min_size=1,
        max_size=LANES,
        kwargs={"options": "-c lock_timeout=10s -c timezone=UTC"},
        open=True,
    ) as pool:
        counter = Counter(Groups(pool, engine))
        yield counter
        counter.close()


class Counter:
    """Takes requests one by one and posts them in groups. One for each process."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._waiting: deque[tuple[Request, asyncio.Future[Posted]]] = deque()
        self._threads = ThreadPoolExecutor(LANES, thread_name_prefix="counter")
        self._busy_lanes = 0

    async def post(self, request: Request) -> Posted:
        """The payment, committed; the same key again answers the same payment. Raises Problem."""
        answer: asyncio.Future[Posted] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        self._open_lanes()
        return await answer

    def _open_lanes(self) -> None:
        while self._waiting and self._busy_lanes < LANES:
            size = min(len(self._waiting), GROUP_MAX)
            group = [self._waiting.popleft() for _ in range(size)]
            self._busy_lanes += 1
            loop = asyncio.get_running_loop()
            lane = loop.run_in_executor(self._threads, self._groups.post, [one for one, _ in group])
            lane.add_done_callback(partial(self._answer, group))

    def _answer(
        self,
        group: list[tuple[Request, asyncio.Future[Posted]]],
        done: asyncio.Future[list[Outcome]],
    ) -> None:
        self._busy_lanes -= 1
        failure = done.exception()
        outcomes: Sequence[Outcome | BaseException] = [failure] * len(group) if failure else done.result()
        for (_, answer), outcome in zip(group, outcomes, strict=True):
            if answer.done():  # its client has gone; the payment stands all the same
                continue
            if isinstance(outcome, BaseException):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)
        self._open_lanes()

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown()
