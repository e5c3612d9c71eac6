"""SQL of closing a period, and the check that everything else makes before it works on one."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from services.contributions.periods import problems
from services.contributions.periods.models import PeriodClosing
from services.kit.periods import Period


def ensure_open(session: Session, period: Period) -> None:
    """Refuse to work on a period that was closed; it cannot be closed before the transaction ends.

    Raises PeriodClosed.
    """
    session.execute(
        text("SELECT pg_advisory_xact_lock_shared(hashtext('period ' || :period))"), {"period": str(period)}
    )
    if is_closed(session, period):
        raise problems.PeriodClosed(f"{period} was closed.")


def lock_period(session: Session, period: Period) -> None:
    """Let nobody begin to work on a period until the transaction ends; waits for those who have."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('period ' || :period))"), {"period": str(period)}
    )


def is_closed(session: Session, period: Period) -> bool:
    """Whether a period was closed."""
    query = select(PeriodClosing.id).where(PeriodClosing.period == period, PeriodClosing.state == "closed")
    return session.exec(query).first() is not None


def standing(session: Session, period: Period) -> PeriodClosing | None:
    """The closing of a period that is asked for, or has happened."""
    query = select(PeriodClosing).where(PeriodClosing.period == period, PeriodClosing.state != "refused")
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def closing(session: Session, closing_id: UUID) -> PeriodClosing:
    """One closing, as it stands."""
    return session.get_one(PeriodClosing, closing_id, populate_existing=True)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of a period is not settled yet, by what it waits for."""

    runs: int
    unfiled: int
    filed: int
    unbilled: int
    comparing: int
    differences: int

    @property
    def reasons(self) -> list[str]:
        """What it waits for, in words; empty when it can be closed."""
        told = [
            (self.runs, "its charge run"),
            (self.unfiled, "a declaration that was drawn and not filed"),
            (int(self.filed == 0), "its declaration"),
            (self.unbilled, "the bill for a declaration"),
            (self.comparing, "the comparison of a notice"),
            (self.differences, f"explanations of differences ({self.differences})"),
        ]
        return [words for count, words in told if count]


def waiting(session: Session, period: Period) -> Waiting:
    """What a period still waits for."""
    return Waiting(*session.execute(_WAITING, {"period": str(period)}).one())


_WAITING = text(
    """
    SELECT
        (SELECT count(*) FROM charge_runs WHERE period = :period AND state = 'running'),
        (SELECT count(*) FROM declarations WHERE period = :period AND state IN ('drawing', 'drawn')),
        (SELECT count(*) FROM declarations WHERE period = :period AND state IN ('filed', 'accepted')),
        (SELECT count(*) FROM declarations declaration
         WHERE period = :period AND state IN ('filed', 'accepted') AND NOT EXISTS (
            SELECT FROM notices WHERE notices.declaration_id = declaration.id
            AND notices.state <> 'aside' AND notices.type <> 'audit')),
        (SELECT count(*) FROM notices WHERE period = :period AND state = 'comparing'),
        (SELECT count(*) FROM notice_differences difference
         JOIN notices ON notices.id = difference.notice_id
         WHERE notices.period = :period AND difference.state = 'open')
    """
)
