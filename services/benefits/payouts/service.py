"""What happens to payouts whatever brought it about: money arrives for them, they are sent anew."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.benefits import books, events
from services.benefits.payouts import queries
from services.benefits.payouts.models import Payout, State
from services.benefits.payouts.problems import NoSuchPayout, PayoutNotThere
from services.kit import clock
from services.kit.events import record_all
from services.kit.money import Money


def make_releasable(session: Session, payouts: Sequence[Payout]) -> None:
    """The money for these matched payouts is there: it becomes theirs, and the members are told."""
    queries.move(session, payouts, State.RELEASABLE, releasable_on=clock.business_today(session))
    book(session, "payout_matched", payouts, debit=books.UNMATCHED, credit=books.OWED_TO_MEMBERS)
    record_all(session, events.received([announced(payout) for payout in payouts]))


def book(session: Session, kind: str, payouts: Sequence[Payout], *, debit: str, credit: str) -> None:
    """Move each payout's amount between two accounts."""
    books.post(
        session,
        [
            books.Transfer(kind, debit, credit, Money(one.amount_minor, one.currency), one.id, one.member_id)
            for one in payouts
        ],
    )


def announced(payout: Payout) -> events.Relayed:
    """What others may know of a payout."""
    return events.Relayed(**_known(payout))


def announced_paid(payout: Payout) -> events.RelayedBy:
    """What others may know of a payout that was made."""
    return events.RelayedBy(**_known(payout), channel=payout.channel or "")


def _known(payout: Payout) -> dict[str, Any]:
    return {
        "payout_id": payout.id,
        "member_id": payout.member_id,
        "organisation_id": payout.organisation_id,
        "amount_minor": payout.amount_minor,
        "currency": payout.currency,
    }


def lock_in(session: Session, payout_id: UUID, *states: State) -> Payout:
    """Lock a payout that must be in one of these states. Raises NoSuchPayout, PayoutNotThere."""
    payout = queries.lock_payout(session, payout_id)
    if payout is None:
        raise NoSuchPayout(f"No payout has the id {payout_id}.")
    if payout.state not in states:
        raise PayoutNotThere(f"It is {payout.state}; this needs {' or '.join(states)}.")
    return payout
