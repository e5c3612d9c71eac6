"""HTTP face of coverage."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.contributions.accounts import NoSuchMember, open_member
from services.contributions.auth import CoverageReader
from services.contributions.coverages import lists, queries
from services.contributions.coverages.reading import member_coverage
from services.contributions.coverages.rules import State, first_with_tail
from services.contributions.coverages.schemas import CoverageListOut, ListedCoverageOut, MemberCoverageOut
from services.contributions.coverages.service import cover_terms
from services.contributions.db import SessionDep
from services.kit import clock
from services.kit.db import raw
from services.kit.paging import PageDep
from services.kit.periods import Period, PeriodQuery
from services.kit.problems import documented

router = APIRouter(tags=["coverage"])

MONTHS_MAX = 60


@router.get("/v1/members/{member_id}/coverage", responses=documented(NoSuchMember))
def read_coverage(
    member_id: UUID,
    reader: CoverageReader,
    session: SessionDep,
    last: Annotated[int, Query(ge=1, le=MONTHS_MAX, description="Months to show")] = 24,
) -> MemberCoverageOut:
    """Whether the State covers a member today, until when, and the proof of each month."""
    open_member(session, member_id, by=reader, action="coverage.open")
    today = clock.business_today(session)
    months = queries.months_of(raw(session), member_id, limit=MONTHS_MAX)
    told = member_coverage(member_id, months, cover_terms(today), today)
    return told.model_copy(update={"months": told.months[:last]})


@router.get("/v1/coverage", responses=documented())
def list_coverage(
    reader: CoverageReader,
    page: PageDep,
    session: SessionDep,
    period: PeriodQuery,
    state: Annotated[State, Query()] = "covered",
) -> CoverageListOut:
    """The members whose month is in one state: covered, pending, tail or none; by default this month."""
    today = clock.business_today(session)
    asked = period or Period.of(today)
    found = lists.listed(
        raw(session),
        asked,
        state,
        first_with_tail=first_with_tail(cover_terms(today), asked),
        roots=reader.roots,
        after=page.after,
        limit=page.limit,
    )
    page.link_next(found[-1].member_id if found else None, len(found))
    return CoverageListOut(
        period=asked,
        items=[
            ListedCoverageOut(
                member_id=one.member_id,
                organisation_id=one.organisation_id,
                state=state,
                covered_until=one.covered_until,
                notice_id=one.notice_id,
            )
            for one in found
        ],
    )
