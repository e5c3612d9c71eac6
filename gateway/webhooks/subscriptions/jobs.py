"""Delivering in the background: one job drains what is due, and each minute one looks for what is left."""

from sqlmodel import Session

from gateway.db import engine
from gateway.jobs import jobs
from gateway.settings import settings
from gateway.webhooks.posting import drain
from gateway.webhooks.subscriptions.channel import EndpointChannel, poster_of
from services.kit.jobs import defer_once


@jobs.task(lock="webhooks")
def deliver_webhooks() -> None:
    """Deliver what is due."""
    if drain(EndpointChannel(engine()), poster_of(settings())):
        _have_delivered()


@jobs.periodic("* * * * *")
def deliver_waiting_webhooks(*, timestamp: int) -> None:
    """Deliver what has waited for its next attempt, or was left by a worker that ended."""
    _have_delivered()


def _have_delivered() -> None:
    with Session(engine()) as session, session.begin():
        defer_once(session, deliver_webhooks, key="all")
