"""An agency announces money: first what it declares, then its items. Each step may be repeated."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.benefits.disbursements import queries, rules
from services.benefits.disbursements.models import Disbursement, DisbursementState
from services.benefits.disbursements.problems import (
    REFUSED_WHOLE,
    AlreadyCompleted,
    DisbursementRefused,
    ItemReused,
    NoSuchDisbursement,
    OtherCurrency,
    ReferenceReused,
)
from services.benefits.disbursements.schemas import DisbursementIn, ItemIn
from services.kit import audit, clock
from services.kit.ids import new_id
from services.kit.principals import Principal
from services.kit.problems import Problem


@dataclass(frozen=True, slots=True)
class Taken:
    """What a batch of items did to its disbursement."""

    disbursement: Disbursement
    taken: int
    repeated: int


def announce(session: Session, given: DisbursementIn, *, agency: Principal) -> Disbursement:
    """Note what an agency will send; the same again changes nothing. Raises ReferenceReused."""
    assert agency.agency is not None
    row = {
        "id": new_id(),
        "agency": agency.agency,
        "reference": given.reference,
        "benefit": given.benefit,
        "currency": given.declared_total.currency,
        "declared_count": given.declared_count,
        "declared_total_minor": given.declared_total.minor,
        "bank_reference": given.bank_reference,
        "bank_reference_key": rules.reference_key(given.bank_reference),
        "announced_by": agency.subject,
        "announced_at": clock.now(),
    }
    is_new = queries.announce(session, row)
    disbursement = queries.by_reference(session, agency.agency, given.reference)
    assert disbursement is not None
    if is_new:
        audit.write(session, "disbursements.announce", disbursement.id, by=agency)
    elif not rules.is_same(disbursement, given):
        raise ReferenceReused("Use another reference for another disbursement.")
    return disbursement


def take_items(
    session: Session, disbursement_id: UUID, items: list[ItemIn], *, agency: Principal
) -> Taken | Problem:
    """Take a batch of items; those sent before change nothing.

    Answers OverDeclaredTotals when they exceed what was declared: the disbursement is then refused for
    good. Raises NoSuchDisbursement, ItemReused, OtherCurrency, AlreadyCompleted, DisbursementRefused.
    """
    row = lock_of(session, disbursement_id, agency)
    if row.state == DisbursementState.REFUSED:
        raise refusal_of(row)
    known = queries.known_items(session, row.id, [item.reference for item in items])
    for item in items:
        if known.get(item.reference, hashed := rules.item_hash(item)) != hashed:
            raise ItemReused(f"The item {item.reference!r} was sent with other content before.")
        if item.amount.currency != row.currency:
            raise OtherCurrency(
                f"The item {item.reference!r} is in {item.amount.currency}, not {row.currency}."
            )
    new = [item for item in items if item.reference not in known]
    if new and row.state == DisbursementState.COMPLETED:
        raise AlreadyCompleted("Announce another disbursement for further items.")
    item_count = row.item_count + len(new)
    item_total_minor = row.item_total_minor + sum(item.amount.minor for item in new)
    if refusal := rules.over_declared(row, item_count, item_total_minor):
        return refuse_whole(session, row, refusal, by=agency)
    if new:
        queries.add_items(session, [_item_row(row, item) for item in new])
        row.item_count, row.item_total_minor = item_count, item_total_minor
        details = {"items": len(new)}
        audit.write(session, "disbursements.list_items", row.id, by=agency, details=details)
    return Taken(row, len(new), len(items) - len(new))


def lock_of(session: Session, disbursement_id: UUID, agency: Principal) -> Disbursement:
    """Lock a disbursement of this agency; there are no others for it. Raises NoSuchDisbursement."""
    row = queries.lock_disbursement(session, disbursement_id, agency=agency.agency)
    if row is None:
        raise NoSuchDisbursement(f"No disbursement has the id {disbursement_id}.")
    return row


def refuse_whole(session: Session, row: Disbursement, refusal: Problem, *, by: Principal) -> Problem:
    """Refuse a disbursement for good: none of its items moves. Answers the refusal, to be returned."""
    row.state, row.refused_because = DisbursementState.REFUSED, refusal.type()
    audit.write(session, "disbursements.refuse", row.id, by=by, reason=refusal.type())
    return refusal


def refusal_of(row: Disbursement) -> Problem:
    """Why nothing more can be done with a refused disbursement."""
    because = REFUSED_WHOLE[row.refused_because or ""]
    return DisbursementRefused(because.title(), because=row.refused_because)


def _item_row(row: Disbursement, item: ItemIn) -> dict[str, Any]:
    return {
        "id": new_id(),
        "disbursement_id": row.id,
        "reference": item.reference,
        "document_type": item.document.type,
        "document_number": item.document.number,
        "name": item.name,
        "amount_minor": item.amount.minor,
        "currency": item.amount.currency,
        "case_number": item.case_number,
        "from_on": item.from_on,
        "until_on": item.until_on,
        "content_hash": rules.item_hash(item),
        "received_at": clock.now(),
    }
