"""Granting and withdrawing cover, in chunks, only by what the bank has shown to be paid.

Each chunk holds the remittance against a return: either the chunk is granted before it and withdrawn after
it, or it is not granted at all. A rerun covers nobody twice: a member's month is one row for ever.
"""

from datetime import date
from uuid import UUID

from sqlmodel import Session

from services.contributions.coverages import queries
from services.contributions.coverages.models import CoverageRun
from services.contributions.coverages.rules import CoverTerms
from services.contributions.events import LISTED_MAX, CoverageGranted, CoverageWithdrawn, CoveredMember
from services.contributions.schemes import Book, scheme_in_use
from services.contributions.settings import settings
from services.kit import clock
from services.kit.db import raw
from services.kit.events import record_all
from services.kit.periods import Period

CHUNK = 5_000
RETURNED = "remittance_returned"


def cover_terms(on: date) -> CoverTerms:
    """How long a paid month covers, by the figures in force on a day."""
    tail = Book(scheme_in_use(settings().scheme), on, on).find("tail_days")
    return CoverTerms(settings().cover_months_after, int(tail.figure(None)) if tail else 0)


def grant_chunk(session: Session, remittance_id: UUID, *, size: int = CHUNK) -> bool:
    """Cover the members on the next lines of a paid notice; says whether there may be more.

    Stops for good when the remittance no longer stands. The caller commits.
    """
    connection, run = raw(session), queries.lock_run(session, remittance_id, "grant")
    paid = queries.hold_remittance(connection, remittance_id)
    if run.state == "done" or paid.state != "confirmed" or paid.type == "audit":
        run.state = "done"
        return False
    run.lines_total, through = paid.lines, min(run.lines_done + size, paid.lines)
    period, today = Period.parse(paid.period), clock.business_today(session)
    until = cover_terms(today).covered_until(period)
    granted = queries.grant_lines(
        connection, paid, after=run.lines_done, through=through, covered_until=until, granted_on=today
    )
    record_all(
        session,
        [
            CoverageGranted(period=paid.period, covered_until=until, members=granted[i : i + LISTED_MAX])
            for i in range(0, len(granted), LISTED_MAX)
        ],
    )
    run.lines_done = through
    run.members += len(granted)
    run.state = "done" if through == paid.lines else "running"
    return run.state == "running"


def withdraw_chunk(session: Session, remittance_id: UUID, *, size: int = CHUNK) -> bool:
    """Withdraw the cover of the next members on a returned remittance; says whether there may be more."""
    connection, run = raw(session), queries.lock_run(session, remittance_id, "withdraw")
    paid = queries.hold_remittance(connection, remittance_id)
    if run.state == "done" or paid.state != "returned":
        run.state = "done"
        return False
    members = queries.withdraw_next(
        connection,
        paid,
        after=run.last_member_id,
        limit=size,
        withdrawn_on=clock.business_today(session),
        because=RETURNED,
    )
    _announce_withdrawal(session, paid.period, members)
    _note_progress(run, members)
    return run.state == "running"


def _announce_withdrawal(session: Session, period: str, members: list[CoveredMember]) -> None:
    record_all(
        session,
        [
            CoverageWithdrawn(period=period, reason=RETURNED, members=members[i : i + LISTED_MAX])
            for i in range(0, len(members), LISTED_MAX)
        ],
    )


def _note_progress(run: CoverageRun, members: list[CoveredMember]) -> None:
    if not members:
        run.state = "done"
        return
    run.last_member_id = members[-1].member_id
    run.members += len(members)
    run.lines_total = run.lines_done = run.members
