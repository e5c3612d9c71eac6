"""The money for a disbursement: a bank line of the same reference and amount, once for each.

Contributions books nothing for such a line; here it is received, and belongs to nobody until a
complete disbursement claims it. Nothing is released before.
"""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.benefits import books
from services.benefits.disbursements import (
    Disbursement,
    DisbursementState,
    NoSuchDisbursement,
    lock_disbursement,
    reference_key,
)
from services.benefits.fundings import queries
from services.benefits.fundings.models import Funding
from services.benefits.fundings.problems import AmountDiffers, CannotBeFunded, FundingTaken, NoSuchFunding
from services.benefits.fundings.schemas import FundsReceived
from services.benefits.payouts import State, lock_payouts_of, make_releasable
from services.kit import audit, clock
from services.kit.ids import new_id
from services.kit.money import Money
from services.kit.principals import Principal


def receive(session: Session, announced: FundsReceived) -> None:
    """Note a bank line with benefit money and look for its disbursement; a known line changes nothing."""
    key = reference_key(announced.reference)
    queries.lock_reference(session, key)
    row: dict[str, Any] = {"id": new_id(), "reference_key": key, "received_at": clock.now()}
    funding = queries.add(session, row | announced.model_dump())
    if funding is None:
        return
    _book(session, "funds_received", funding, funding.id, debit=books.BANK, credit=books.UNASSIGNED)
    if claimant := queries.lock_claimant(session, funding):
        _assign(session, funding, claimant)


def claim(session: Session, disbursement: Disbursement) -> None:
    """Look for the bank line that pays for a disbursement now complete.

    The caller holds the disbursement and, taken before it, the bank reference.
    """
    if funding := queries.unclaimed_for(session, disbursement):
        _assign(session, funding, disbursement)


def assign_by_hand(
    session: Session, funding_id: UUID, disbursement_id: UUID, *, by: Principal
) -> tuple[Funding, UUID]:
    """Let a bank line pay for a disbursement of the same amount whose reference the bank has mangled.

    The same again changes nothing. Raises NoSuchFunding, NoSuchDisbursement, FundingTaken,
    CannotBeFunded, AmountDiffers.
    """
    if (found := queries.funding(session, funding_id)) is None:
        raise NoSuchFunding(f"No bank line with benefit money has the id {funding_id}.")
    queries.lock_reference(session, found[0].reference_key)
    disbursement = lock_disbursement(session, disbursement_id)
    found = queries.funding(session, funding_id)
    if disbursement is None or found is None:
        raise NoSuchDisbursement(f"No disbursement has the id {disbursement_id}.")
    funding, claimant_id = found
    if claimant_id == disbursement_id:
        return funding, disbursement_id
    if claimant_id is not None:
        raise FundingTaken("Every bank line pays for one disbursement.")
    if disbursement.state != DisbursementState.COMPLETED or disbursement.funding_id is not None:
        raise CannotBeFunded("It must be complete and without money.")
    if (funding.amount_minor, funding.currency) != (disbursement.declared_total_minor, disbursement.currency):
        raise AmountDiffers("A disbursement is paid for by one bank line of exactly its total.")
    _assign(session, funding, disbursement)
    audit.write(
        session, "fundings.assign", funding.id, by=by, details={"disbursement_id": str(disbursement_id)}
    )
    return funding, disbursement_id


def _assign(session: Session, funding: Funding, disbursement: Disbursement) -> None:
    disbursement.funding_id, disbursement.funded_on = funding.id, clock.business_today(session)
    session.flush()
    _book(session, "funds_assigned", funding, disbursement.id, debit=books.UNASSIGNED, credit=books.UNMATCHED)
    make_releasable(session, lock_payouts_of(session, disbursement.id, State.MATCHED))


def _book(session: Session, kind: str, funding: Funding, source_id: UUID, *, debit: str, credit: str) -> None:
    amount = Money(funding.amount_minor, funding.currency)
    books.post(session, [books.Transfer(kind, debit, credit, amount, source_id)])
