"""HTTP face of cases, for officers who may read health data."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.benefits.auth import CaseOfficer
from services.benefits.cases import queries, service
from services.benefits.cases.problems import WHEN_OPENING
from services.benefits.cases.schemas import CaseIn, CaseOut, CasesOut
from services.benefits.db import SessionDep
from services.kit import audit
from services.kit.paging import PageDep
from services.kit.problems import documented

router = APIRouter(prefix="/v1/cases", tags=["cases"])


@router.post("", status_code=201, responses=documented(*WHEN_OPENING))
def open_case(given: CaseIn, officer: CaseOfficer, session: SessionDep) -> CaseOut:
    """Note a case under the agency's number; the same again answers the first."""
    return CaseOut.of(service.open_case(session, given, by=officer))


@router.get("", responses=documented())
def list_cases(
    member_id: Annotated[UUID, Query()], officer: CaseOfficer, page: PageDep, session: SessionDep
) -> CasesOut:
    """A member's cases, oldest first. The reading is noted in the audit."""
    audit.write(session, "cases.read", member_id, by=officer)
    found = queries.of_member(session, member_id, after=page.after, limit=page.limit)
    page.link_next(found[-1].id if found else None, len(found))
    return CasesOut(items=[CaseOut.of(case) for case in found])
