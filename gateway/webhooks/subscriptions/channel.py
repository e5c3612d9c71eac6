"""The way to the endpoints: which deliveries go now, and what their answers mean."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic_core import to_json
from sqlalchemy import Engine
from sqlmodel import Session

from gateway.settings import Settings
from gateway.webhooks.posting import Outcome, Post, Poster, networks_allowed, verdict_of, wait_of
from gateway.webhooks.subscriptions import queries
from gateway.webhooks.subscriptions.queries import Due, Settled
from services.kit import clock, secrets

PURPOSE = "webhook-endpoint"
"""Under which an endpoint's secret is sealed."""
RETRIED_FOR = timedelta(hours=24)
LEASE = timedelta(minutes=5)
"""Longer than a whole batch can take."""
AT_ONCE = 16


class EndpointChannel:
    """All endpoints."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def claim(self, limit: int) -> list[Post]:
        """Lease the deliveries that go now; give up those whose day is over or whose endpoint is gone."""
        now = clock.now()
        with Session(self._engine) as session, session.begin():
            due = queries.lock_due(session, now=now, limit=limit)
            over = [one for one in due if not one.is_active or now - one.started_at > RETRIED_FOR]
            going = [one for one in due if one not in over]
            queries.settle(session, [_given_up(one, now) for one in over], at=now)
            queries.lease(session, [one.id for one in going], until=now + LEASE)
        return [_post(one) for one in going]

    def settle(self, done: Sequence[tuple[Post, Outcome]]) -> None:
        """Write what the endpoints answered."""
        with Session(self._engine) as session, session.begin():
            queries.settle(session, [_settled(post, outcome) for post, outcome in done], at=clock.now())

    def seconds_to_next(self) -> float | None:
        with Session(self._engine) as session:
            return queries.seconds_to_next(session, now=clock.now())


def _post(due: Due) -> Post:
    said = {"type": due.event_name, "timestamp": due.occurred_at.isoformat(), "data": due.data}
    secret = secrets.decrypt(due.secret_sealed, purpose=PURPOSE)
    return Post(due.id, due.attempt + 1, due.url, secret, to_json(said))


def _settled(post: Post, outcome: Outcome) -> Settled:
    state = {"done": "delivered", "again": "queued", "refused": "failed"}[verdict_of(outcome)]
    due_at = clock.now() + wait_of(post.attempt, outcome)
    return Settled(post.id, post.attempt, state, due_at, str(outcome.status or outcome.error))


def _given_up(due: Due, now: datetime) -> Settled:
    return Settled(due.id, due.attempt, "failed", now, "expired" if due.is_active else "deactivated")


def poster_of(known: Settings) -> Poster:
    """What posts to endpoints, side by side."""
    allowed = networks_allowed(known.private_networks)
    return Poster("endpoints", at_once=AT_ONCE, allowed=allowed, keeps_connections=False)
