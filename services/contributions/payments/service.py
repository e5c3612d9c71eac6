"""The use cases of payments, each in the order of its writes."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session

from services.contributions.events import LISTED_MAX, PaymentPosted, PostedPayment
from services.contributions.payments import posting
from services.contributions.payments.posting import Incoming, Posted
from services.kit.db import raw
from services.kit.events import record_all
from services.kit.problems import Problem


def post_and_announce(
    session: Session, incoming: Sequence[Incoming], *, booked_on: date
) -> tuple[list[Posted], dict[UUID, Problem]]:
    """Post a set of payments and announce them, in the caller's transaction.

    Returns what was posted, and the refusals by payment id. See `posting.post`.
    """
    posted, refused = posting.post(raw(session), incoming, booked_on=booked_on)
    record_all(session, [announcement(posted[i : i + LISTED_MAX]) for i in range(0, len(posted), LISTED_MAX)])
    return posted, refused


def announcement(posted: Sequence[Posted]) -> PaymentPosted:
    """What the rest of the system hears of these payments."""
    return PaymentPosted(
        payments=[
            PostedPayment(
                payment_id=one.payment_id,
                member_id=one.member_id,
                organisation_id=one.organisation_id,
                amount_minor=one.amount_minor,
                currency=one.currency,
                receipt_number=one.receipt_number,
                check_code=one.check_code,
                channel=one.channel,
                value_on=one.value_on,
                outstanding_minor=one.outstanding_minor,
            )
            for one in posted
        ]
    )
