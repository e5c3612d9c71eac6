"""A group of payments in one transaction that is one round trip: keys, locks, posting, commit.

Each request has its own key and its own outcome. A group that fails as a whole is done again one by
one, so that nobody suffers for a neighbour; what was committed before a lost connection is found again
by its key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg.errors import LockNotAvailable, UniqueViolation
from psycopg_pool import ConnectionPool
from sqlalchemy import Engine
from sqlmodel import Session

from services.contributions.members import LOCK_ACCOUNTS
from services.contributions.payments import posting, problems, queries, rules, statements
from services.contributions.payments.posting import Incoming, Posted
from services.kit import clock, key_sets
from services.kit.db import raw
from services.kit.idempotency import Key, KeyReused, KeyStillRunning
from services.kit.key_sets import Wanted
from services.kit.problems import Problem


@dataclass(frozen=True, slots=True)
class Request:
    """One payment that somebody waits for, under the key that makes it happen once."""

    key: Key
    content_hash: bytes
    incoming: Incoming
    roots: tuple[UUID, ...] | None

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.key, self.content_hash, self.incoming.payment_id)


Outcome = Posted | Exception


class Groups:
    """Posts groups; keeps a few connections of its own, which it alone commits on."""

    def __init__(self, pool: ConnectionPool[psycopg.Connection[Any]], engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    def post(self, requests: Sequence[Request]) -> list[Outcome]:
        """Post requests together, each with its own outcome, in the order given."""
        firsts: dict[Key, Request] = {}
        for request in requests:
            firsts.setdefault(request.key, request)
        outcomes = self._post_firsts(firsts)
        # A key twice in one group is the second click: it is answered from what the first one made.
        return [outcomes[one.key] if firsts[one.key] is one else self.post([one])[0] for one in requests]

    def _post_firsts(self, requests: dict[Key, Request]) -> dict[Key, Outcome]:
        refused = self._refused_beforehand(list(requests.values()))
        group = [one for key, one in requests.items() if key not in refused]
        try:
            return refused | self._post_together(group)
        except psycopg.Error as error:
            if len(group) == 1:
                return refused | {group[0].key: _refusal(error)}
            return refused | {one.key: self.post([one])[0] for one in group}

    def _post_together(self, group: list[Request]) -> dict[Key, Outcome]:
        if not group:
            return {}
        wanted = [one.wanted for one in group]
        incoming = [one.incoming for one in group]
        with self._pool.connection() as connection:
            given = posting.columns(
                incoming, clock.booking_date(connection), [(one.key.route, one.key.key) for one in group]
            )
            with connection.pipeline():
                key_sets.take(connection, wanted)
                connection.execute(LOCK_ACCOUNTS, given, prepare=True)
                cursor = connection.execute(statements.POST_FRESH, given, prepare=True)
                connection.execute(statements.GIVE_BACK, given, prepare=True)
                connection.commit()
            posted = {one.payment_id: one for one in (Posted(*row) for row in cursor.fetchall())}
        done: dict[Key, Outcome] = {
            one.key: posted[one.incoming.payment_id] for one in group if one.incoming.payment_id in posted
        }
        left = [one for one in group if one.key not in done]
        return done | (self._look_up(left) if left else {})

    def _look_up(self, requests: list[Request]) -> dict[Key, Outcome]:
        """What was not posted: a key used before, with its payment; or a refusal, with its reason."""
        with Session(self._engine) as session:
            connection = raw(session)
            results = key_sets.results(connection, [one.wanted for one in requests])
            refusals = posting.refusals(connection, [one.incoming for one in requests], [])
            earlier = queries.posted(connection, [result for result in results if isinstance(result, UUID)])
        outcomes: dict[Key, Outcome] = {}
        for one, result in zip(requests, results, strict=True):
            if isinstance(result, KeyReused):
                outcomes[one.key] = result
            elif result is not None:
                outcomes[one.key] = earlier[result]
            else:
                outcomes[one.key] = refusals[one.incoming.payment_id]
        return outcomes

    def _refused_beforehand(self, requests: list[Request]) -> dict[Key, Outcome]:
        """Refusals that need no lock: a value date ahead, a member out of the cashier's reach."""
        doubtful = [one for one in requests if one.incoming.value_on is not None or one.roots is not None]
        refused: dict[Key, Outcome] = {}
        if not doubtful:
            return refused
        with Session(self._engine) as session:
            today = clock.business_today(session)
            for one in doubtful:
                try:
                    rules.ensure_not_ahead(one.incoming.value_on or today, today)
                    if one.roots is not None:
                        queries.ensure_in_reach(session, one.incoming.member_id, one.roots)
                except Problem as problem:
                    refused[one.key] = problem
        return refused


def _refusal(error: psycopg.Error) -> Exception:
    if isinstance(error, LockNotAvailable):
        return KeyStillRunning("Wait a moment, then send the same request again.")
    if isinstance(error, UniqueViolation) and error.diag.constraint_name == "ix_payments_reference":
        return problems.ReferenceTaken("Look at the payment that carries this reference already.")
    return error
