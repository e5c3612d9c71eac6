"""Sending in the background: one job drains what is due, and each minute one looks for what is left."""

from sqlmodel import Session

from gateway.db import engine
from gateway.jobs import jobs
from gateway.messages.sending.channel import SmsChannel, poster_of
from gateway.settings import settings
from gateway.webhooks.posting import drain
from services.kit.jobs import defer_once


@jobs.task(lock="messages")
def send_messages() -> None:
    """Send what is due; without an SMS gateway, messages wait."""
    known = settings()
    if known.sms_url is not None and drain(SmsChannel(engine(), known), poster_of(known)):
        _have_sent()


@jobs.periodic("* * * * *")
def send_waiting_messages(*, timestamp: int) -> None:
    """Send what has waited for its next attempt, or was left by a worker that ended."""
    _have_sent()


def _have_sent() -> None:
    with Session(engine()) as session, session.begin():
        defer_once(session, send_messages, key="all")
