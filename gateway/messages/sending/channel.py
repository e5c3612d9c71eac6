"""The way to the SMS gateway: which messages go now, what they carry, what its answers mean.

The post, in the form of Standard Webhooks:

    {"type": "sms.send", "timestamp": "2026-07-01T12:00:00+00:00",
     "data": {"id": "<the message's id, also the webhook-id>", "to": "+18095550100", "text": "…"}}
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from pydantic_core import to_json
from sqlalchemy import Engine
from sqlmodel import Session

from gateway.messages.sending import queries
from gateway.messages.sending.queries import Settled
from gateway.messages.sending.rules import Closed, Due, House, Sending, Waiting, decide
from gateway.messages.wording import CODE_MASK
from gateway.settings import Settings
from gateway.webhooks.posting import Outcome, Post, Poster, networks_allowed, verdict_of, wait_of
from services.kit import clock, secrets
from services.kit.settings import kit_settings

PAYOUT_CODES = "payout-code"
"""The purpose under which benefits seals the one-time code of a payout."""
LEASE = timedelta(minutes=3)
"""Longer than a whole batch can take: then the attempt is nobody's any more."""

_log = structlog.get_logger()


class SmsChannel:
    """The SMS gateway at one address."""

    def __init__(self, engine: Engine, known: Settings) -> None:
        assert known.sms_url is not None
        assert known.sms_secret is not None
        self._engine = engine
        self._url = known.sms_url
        self._secret = known.sms_secret.get_secret_value()
        self._house = House(
            mutual=known.mutual_name,
            receipts_url=f"{kit_settings().outside_url}/r",
            honours_keys=known.sms_honours_keys,
        )

    def claim(self, limit: int) -> list[Post]:
        """Lease the messages that go now; close or postpone the others that are due."""
        now = clock.now()
        with Session(self._engine) as session, session.begin():
            decided = [self._decide(due) for due in queries.lock_due(session, now=now, limit=limit)]
            going = [(due, one, post) for due, one, post in decided if isinstance(one, Sending) and post]
            queries.lease(session, [(due, one) for due, one, _ in going], until=now + LEASE)
            queries.close(session, [(due, one) for due, one, _ in decided if isinstance(one, Closed)], at=now)
            queries.postpone(
                session, [(due, one) for due, one, _ in decided if isinstance(one, Waiting)], now=now
            )
        return [post for _, _, post in going]

    def settle(self, done: Sequence[tuple[Post, Outcome]]) -> None:
        """Write what the SMS gateway answered."""
        with Session(self._engine) as session, session.begin():
            queries.settle(session, [self._settled(post, outcome) for post, outcome in done], at=clock.now())

    def seconds_to_next(self) -> float | None:
        with Session(self._engine) as session:
            return queries.seconds_to_next(session, now=clock.now())

    def _decide(self, due: Due) -> tuple[Due, Sending | Closed | Waiting, Post | None]:
        decision = decide(due, self._house, now=clock.now())
        if not isinstance(decision, Sending):
            return due, decision, None
        try:
            text = _with_code(decision.text, due.code_sealed)
        except ValueError:
            _log.error("code_unreadable", message_id=str(due.id))
            return due, Closed("unreadable"), None
        said = {
            "type": "sms.send",
            "timestamp": due.created_at.isoformat(),  # the same at every attempt, as all of the body
            "data": {"id": str(due.id), "to": decision.phone, "text": text},
        }
        return due, decision, Post(due.id, due.attempt + 1, self._url, self._secret, to_json(said))

    def _settled(self, post: Post, outcome: Outcome) -> Settled:
        verdict = verdict_of(outcome, honours_keys=self._house.honours_keys)
        state = {"done": "sent", "again": "queued", "refused": "failed", "lost": "unknown"}[verdict]
        due_at = clock.now() + wait_of(post.attempt, outcome)
        may_have_gone = outcome.is_lost or (outcome.status is not None and outcome.status >= 500)
        detail = None if verdict == "done" else str(outcome.status or outcome.error)
        return Settled(post.id, post.attempt, state, due_at, may_have_gone, detail)


def _with_code(text: str, code_sealed: str | None) -> str:
    """The text as it is posted: the code is opened here, and only for the post. Raises ValueError."""
    if code_sealed is None:
        return text
    return text.replace(CODE_MASK, secrets.decrypt(code_sealed, purpose=PAYOUT_CODES))


def poster_of(known: Settings) -> Poster:
    """What posts to the SMS gateway, side by side."""
    return Poster(
        "sms",
        at_once=known.sms_at_once,
        allowed=networks_allowed(known.private_networks),
        keeps_connections=True,
    )
