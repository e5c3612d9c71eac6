"""Writing to the books: always on the business day of the writing, always in the caller's transaction."""

from sqlmodel import Session

from services.benefits.books.models import entries
from services.kit import clock, ledger
from services.kit.ledger import Transfer


def post(session: Session, transfers: list[Transfer]) -> None:
    """Write movements of benefit money that belong together."""
    ledger.post(session, entries, transfers, booked_on=clock.business_today(session))
