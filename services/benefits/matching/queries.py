"""SQL of matching."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from services.benefits.matching.rules import Doubt, Stretch
from services.benefits.payouts import Payout


def relayed(session: Session, agency: str, case_numbers: Sequence[str]) -> set[Stretch]:
    """The stretches of these cases that have a payout, unless it went back to the State."""
    rows = session.execute(
        text(
            "SELECT item.case_number, item.from_on, item.until_on FROM items item"
            " JOIN payouts payout ON payout.item_id = item.id AND payout.state <> 'returned'"
            " JOIN disbursements disbursement ON disbursement.id = item.disbursement_id"
            " WHERE disbursement.agency = :agency AND item.case_number = ANY(:numbers)"
            " AND item.from_on IS NOT NULL"
        ),
        {"agency": agency, "numbers": list(case_numbers)},
    )
    return {(number, begins, ends) for number, begins, ends in rows}


def payout_of(session: Session, item_id: UUID) -> Payout:
    return session.exec(select(Payout).where(Payout.item_id == item_id)).one()


def newly_held(session: Session) -> list[UUID]:
    """The disbursements with quarantined items whose documents a member holds by now."""
    found = session.execute(
        text(
            "SELECT DISTINCT item.disbursement_id FROM items item JOIN members member"
            " ON member.document_type = item.document_type AND member.document_number = item.document_number"
            " WHERE item.state = 'quarantined' AND item.quarantined_because = :because ORDER BY 1"
        ),
        {"because": Doubt.NO_MEMBER},
    )
    return list(found.scalars())
