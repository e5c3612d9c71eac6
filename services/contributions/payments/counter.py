"""The counter: payments that arrive at the same moment are committed together.

A commit waits for the disk whether it carries one payment or fifty; so while one group is being
committed the next one gathers. Each request keeps its own key, its own refusal and its own answer,
and is answered only after the commit. A group that fails as a whole is done again one by one, so that
nobody suffers for a neighbour.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import psycopg
from psycopg.errors import LockNotAvailable, UniqueViolation
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from services.contributions.payments import problems, queries, rules, service
from services.contributions.payments.posting import Incoming, Posted
from services.kit import clock, idempotency
from services.kit.db import raw
from services.kit.problems import Problem

GROUP_MAX = 100
LANES = 2
"""Groups under way at once: while one waits for the disk, the other computes."""


@dataclass(frozen=True, slots=True)
class Request:
    """One payment that somebody waits for, under the key that makes it happen once."""

    key: idempotency.Key
    content_hash: bytes
    incoming: Incoming
    roots: tuple[UUID, ...] | None


Outcome = Posted | Exception


class Counter:
    """Takes requests one by one and posts them in groups. One for each process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
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
            lane = loop.run_in_executor(self._threads, post_group, self._engine, [one for one, _ in group])
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


def post_group(engine: Engine, requests: Sequence[Request]) -> list[Outcome]:
    """Post requests together, each with its own outcome, in the order given."""
    firsts: dict[idempotency.Key, Request] = {}
    for request in requests:
        firsts.setdefault(request.key, request)
    try:
        outcomes = dict(zip(firsts, _post_together(engine, list(firsts.values())), strict=True))
    except (psycopg.Error, DBAPIError) as error:
        if len(firsts) == 1:
            outcomes = dict.fromkeys(firsts, _refusal(error))
        else:
            outcomes = {key: post_group(engine, [one])[0] for key, one in firsts.items()}
    # A key twice in one group is the second click: it is answered from what the first one made.
    return [outcomes[one.key] if firsts[one.key] is one else post_group(engine, [one])[0] for one in requests]


def _post_together(engine: Engine, requests: list[Request]) -> list[Outcome]:
    with Session(engine) as session, session.begin():
        connection = raw(session)
        taken = idempotency.claim_many(
            connection,
            [idempotency.Wanted(one.key, one.content_hash, one.incoming.payment_id) for one in requests],
        )
        fresh = [
            one for one, result in zip(requests, taken, strict=True) if result == one.incoming.payment_id
        ]
        refused = _refused_beforehand(session, fresh)
        postable = [one.incoming for one in fresh if one.incoming.payment_id not in refused]
        posted: list[Posted] = []
        if postable:
            posted, late = service.post_and_announce(
                session, postable, booked_on=clock.business_today(session)
            )
            refused |= late
        idempotency.give_back(connection, [one.key for one in fresh if one.incoming.payment_id in refused])
        known: dict[UUID, Outcome] = {**refused, **{one.payment_id: one for one in posted}}
        repeated = [result for result in taken if isinstance(result, UUID) and result not in known]
        known |= queries.posted(connection, repeated)
        return [known[result] if isinstance(result, UUID) else result for result in taken]


def _refused_beforehand(session: Session, requests: list[Request]) -> dict[UUID, Problem]:
    """Refusals that need no lock: a value date ahead, a member out of the cashier's reach."""
    today = clock.business_today(session)
    refused: dict[UUID, Problem] = {}
    for one in requests:
        try:
            rules.ensure_not_ahead(one.incoming.value_on or today, today)
            if one.roots is not None:
                queries.ensure_in_reach(session, one.incoming.member_id, one.roots)
        except Problem as problem:
            refused[one.incoming.payment_id] = problem
    return refused


def _refusal(error: psycopg.Error | DBAPIError) -> Exception:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, LockNotAvailable):
        return idempotency.KeyStillRunning("Wait a moment, then send the same request again.")
    if isinstance(cause, UniqueViolation) and cause.diag.constraint_name == "ix_payments_reference":
        return problems.ReferenceTaken("Look at the payment that carries this reference already.")
    return error
