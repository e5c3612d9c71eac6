"""An agency says that its list is whole: everything is checked against what it declared, then matched."""

from uuid import UUID

from sqlmodel import Session

from services.benefits.disbursements import (
    Disbursement,
    DisbursementState,
    ItemState,
    NoSuchDisbursement,
    disbursement,
    items_in,
    lock_of,
    refusal_of,
    refuse_whole,
    under_declared,
)
from services.benefits.fundings import claim, lock_reference
from services.benefits.matching import match_items
from services.kit import audit, clock
from services.kit.principals import Principal
from services.kit.problems import Problem


def complete(session: Session, disbursement_id: UUID, *, agency: Principal) -> Disbursement | Problem:
    """Close a disbursement, match its items and look for its money; once again changes nothing.

    Answers UnderDeclaredTotals when items are missing: it is then refused for good. Raises
    NoSuchDisbursement, DisbursementRefused.
    """
    found = disbursement(session, disbursement_id, agency=agency.agency)
    if found is None:
        raise NoSuchDisbursement(f"No disbursement has the id {disbursement_id}.")
    lock_reference(session, found.bank_reference_key)
    row = lock_of(session, disbursement_id, agency)
    if row.state == DisbursementState.COMPLETED:
        return row
    if row.state == DisbursementState.REFUSED:
        raise refusal_of(row)
    if refusal := under_declared(row):
        return refuse_whole(session, row, refusal, by=agency)
    row.state, row.completed_at = DisbursementState.COMPLETED, clock.now()
    session.flush()
    match_items(session, row, items_in(session, row.id, ItemState.WAITING))
    claim(session, row)
    audit.write(session, "disbursements.complete", row.id, by=agency)
    return row
