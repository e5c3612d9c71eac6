"""What is done with a member's SMS."""

from sqlmodel import Session

from gateway.messages.contacts import contacts_at
from gateway.messages.inbound import queries
from gateway.messages.inbound.models import InboundMessage
from gateway.messages.inbound.rules import keyword_of, phone_of, storable
from gateway.messages.telling import Telling, tell
from services.kit import clock
from services.kit.ids import new_id


def take(session: Session, webhook_id: str, *, sender: str, text: str) -> bool:
    """Keep an SMS and obey it; the same webhook again changes nothing. Says whether it was new.

    Whoever asks for fewer messages gets only essential ones on that phone, whosever it is; and is
    told so, if the phone is known as a member's.
    """
    phone, keyword = phone_of(sender), keyword_of(text)
    known = contacts_at(session, phone)
    member_id, organisation_id = None, None
    if len(known) == 1:
        member_id, organisation_id = known[0].member_id, known[0].organisation_id
    message = InboundMessage(
        id=new_id(),
        webhook_id=webhook_id,
        phone=phone,
        text=storable(text),
        keyword=keyword,
        member_id=member_id,
        organisation_id=organisation_id,
        received_at=clock.now(),
    )
    if not queries.add(session, message):
        return False
    if keyword in ("stop", "start"):
        change, template = (queries.stop, "stopped") if keyword == "stop" else (queries.resume, "resumed")
        change(session, phone, at=message.received_at)
        about = known[:1]
        tell(
            session,
            [Telling(message.id, template, message.id, one.member_id, one.organisation_id) for one in about],
        )
    return True
