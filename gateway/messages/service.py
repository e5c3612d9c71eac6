"""What staff do with messages."""

from uuid import UUID

from sqlmodel import Session

from gateway.messages import queries
from gateway.messages.contacts import contact
from gateway.messages.models import Message
from gateway.messages.problems import CodeNotResent, NoSuchMessage, NotToBeResent
from gateway.messages.sending.jobs import send_messages
from services.kit import audit, clock, trees
from services.kit.ids import new_id
from services.kit.jobs import defer_once
from services.kit.principals import Principal

WITH_CODES = ("payout_ready",)


def resend(session: Session, id: UUID, *, by: Principal) -> Message:
    """Send a message again that failed or is unknown, as a message of its own; again, the same one.

    It goes to the phone that the member has now. A one-time code is not sent again: otherwise
    whoever changes a phone could have it. Raises NoSuchMessage, NotToBeResent, CodeNotResent.
    """
    message = queries.lock_message(session, id)
    if message is None or not _reaches(session, by, message):
        raise NoSuchMessage()
    if (earlier := queries.resent(session, id)) is not None:
        return earlier
    if message.template in WITH_CODES:
        raise CodeNotResent()
    if message.state not in ("failed", "unknown"):
        raise NotToBeResent(f"It is {message.state}.")
    now = clock.now()
    again = Message(
        id=new_id(),
        created_at=now,
        due_at=now,
        resend_of=message.id,
        **{
            name: getattr(message, name)
            for name in ("event_id", "template", "subject_id", "member_id", "organisation_id", "facts")
        },
    )
    session.add(again)
    session.flush()
    audit.write(session, "messages.resend", message.id, by=by)
    defer_once(session, send_messages, key="all")
    return again


def _reaches(session: Session, by: Principal, message: Message) -> bool:
    """Whether somebody may act for the message's member: by the member's organisation of today."""
    known = contact(session, message.member_id)
    return trees.reaches(session, by, known.organisation_id if known else message.organisation_id)
