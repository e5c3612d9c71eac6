"""SQL of cases."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from services.benefits.cases.models import Case


def lock_numbers(session: Session, agency: str) -> None:
    """Let nobody else open cases under this agency's numbers until the transaction ends."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('cases ' || :agency, 0))"), {"agency": agency}
    )


def cases(session: Session, agency: str, numbers: Sequence[str]) -> dict[str, Case]:
    """The agency's cases of these numbers, by number."""
    found = session.exec(select(Case).where(Case.agency == agency, col(Case.case_number).in_(numbers)))
    return {one.case_number: one for one in found}


def add(session: Session, new: Sequence[Case]) -> None:
    """Make cases; hold `lock_numbers` and know that none of them exists."""
    session.add_all(new)
    session.flush()


def of_member(session: Session, member_id: UUID, *, after: UUID | None, limit: int) -> list[Case]:
    """A member's cases, oldest first."""
    query = select(Case).where(Case.member_id == member_id).order_by(col(Case.id)).limit(limit)
    if after is not None:
        query = query.where(col(Case.id) > after)
    return list(session.exec(query))
