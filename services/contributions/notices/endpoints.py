"""HTTP face of payment notices, for the mutual's staff."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel import Session

from services.contributions.auth import DeclarationsReader, NoticeClerk
from services.contributions.db import SessionDep
from services.contributions.notices import explaining, jobs, problems, queries, service
from services.contributions.notices.bills import NoticeIn
from services.contributions.notices.models import Difference, Notice
from services.contributions.notices.rules import Reason
from services.contributions.notices.schemas import (
    DifferenceOut,
    DifferencesOut,
    ExplanationIn,
    ExplanationOut,
    NoticeOut,
    NoticesOut,
)
from services.kit.idempotency import IdempotencyKey, Key, KeyReused, KeyStillRunning
from services.kit.jobs import defer
from services.kit.money import Money
from services.kit.paging import PageDep
from services.kit.periods import PeriodQuery
from services.kit.principals import Principal
from services.kit.problems import documented

router = APIRouter(prefix="/v1/payment-notices", tags=["notices"])

REFUSALS = documented(*problems.WHEN_RECORDING, KeyReused, KeyStillRunning)


@router.post("", status_code=201, responses=REFUSALS)
def record_notice(given: NoticeIn, clerk: NoticeClerk, key: IdempotencyKey, session: SessionDep) -> NoticeOut:
    """Record the State's bill; it is compared in the background, or kept aside with the reason."""
    return _shown(session, take(session, given, key, by=clerk))


@router.get("", responses=documented())
def list_notices(
    reader: DeclarationsReader,
    page: PageDep,
    session: SessionDep,
    period: PeriodQuery,
    declaration_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[Literal["aside", "comparing", "compared"] | None, Query()] = None,
) -> NoticesOut:
    """Notices, newest first, those kept aside among them."""
    found = queries.notices(
        session,
        period=period,
        declaration_id=declaration_id,
        state=state,
        after=page.after,
        limit=page.limit,
    )
    reasons = queries.reasons(session, [one.id for one in found])
    page.link_next(found[-1].id if found else None, len(found))
    return NoticesOut(items=[NoticeOut.of(one, reasons.get(one.id)) for one in found])


@router.get("/{notice_id}", responses=documented(problems.NoSuchNotice))
def read_notice(notice_id: UUID, reader: DeclarationsReader, session: SessionDep) -> NoticeOut:
    """One notice: billed, declared, and their difference by reason."""
    return _shown(session, queries.notice(session, notice_id))


@router.get("/{notice_id}/differences", responses=documented(problems.NoSuchNotice))
def list_differences(
    notice_id: UUID,
    reader: DeclarationsReader,
    page: PageDep,
    session: SessionDep,
    reason: Annotated[Reason | None, Query()] = None,
    state: Annotated[Literal["open", "explained"] | None, Query()] = None,
) -> DifferencesOut:
    """Where billed and declared differ, per member and branch."""
    notice = queries.notice(session, notice_id)
    rows = queries.differences(
        session, notice_id, reason=reason, state=state, after=page.after, limit=page.limit
    )
    page.link_next(rows[-1][0].id if rows else None, len(rows))
    return DifferencesOut(items=[_difference(notice, *row, reader) for row in rows])


@router.post("/{notice_id}/explanations", status_code=201, responses=documented(*problems.WHEN_EXPLAINING))
def explain(notice_id: UUID, given: ExplanationIn, clerk: NoticeClerk, session: SessionDep) -> ExplanationOut:
    """Explain open differences of one reason; those called `other` then wait for a second person."""
    explanation, notice, approval = explaining.explain(session, notice_id, given, by=clerk)
    return ExplanationOut.of(explanation, notice.currency, approval.id if approval else None)


def take(session: Session, given: NoticeIn, key: Key, *, by: Principal) -> Notice:
    """Record a notice and have it compared; a notice that was recorded before is only answered."""
    notice = service.record_notice(session, given, key, by=by)
    if notice.state == "comparing":
        defer(session, jobs.compare_notice, notice_id=str(notice.id))
    return notice


def _shown(session: Session, notice: Notice) -> NoticeOut:
    return NoticeOut.of(notice, queries.reasons(session, [notice.id]).get(notice.id))


def _difference(
    notice: Notice, found: Difference, document: str | None, words: str | None, reader: Principal
) -> DifferenceOut:
    def money(minor: int) -> Money:
        return Money(minor, notice.currency)

    if document is not None and not reader.may("members:read_personal"):
        document = f"••••{document[-3:]}"
    return DifferenceOut(
        id=found.id,
        line_number=found.line_number,
        member_id=found.member_id,
        organisation_id=found.organisation_id,
        document=document if found.member_id is None else None,
        branch=found.branch,
        reason=found.reason,
        collected=money(found.collected_minor),
        declared=money(found.declared_minor),
        billed=money(found.billed_minor),
        amount=money(found.amount_minor),
        state=found.state,
        words=words,
    )
