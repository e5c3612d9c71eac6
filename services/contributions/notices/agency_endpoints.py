"""HTTP face of payment notices for agencies: each bills what was filed with it, and hears no more."""

from uuid import UUID

from fastapi import APIRouter

from services.contributions.auth import NotifyingAgency
from services.contributions.db import SessionDep
from services.contributions.notices import problems, queries
from services.contributions.notices.bills import NoticeIn
from services.contributions.notices.endpoints import REFUSALS, take
from services.contributions.notices.schemas import TakenNoticeOut
from services.kit.idempotency import IdempotencyKey
from services.kit.problems import Forbidden, documented

router = APIRouter(prefix="/agency/v1/payment-notices", tags=["agency"])


@router.post("", status_code=201, responses=REFUSALS)
def send_notice(
    given: NoticeIn, agency: NotifyingAgency, key: IdempotencyKey, session: SessionDep
) -> TakenNoticeOut:
    """Bill a declaration that was filed with your agency. `aside_because` says what is wrong, if anything."""
    if not agency.agency:
        raise Forbidden("This client belongs to no agency.")
    return TakenNoticeOut.of(take(session, given, key, by=agency))


@router.get("/{notice_id}", responses=documented(problems.NoSuchNotice))
def read_notice(notice_id: UUID, agency: NotifyingAgency, session: SessionDep) -> TakenNoticeOut:
    """How far one of your notices is."""
    found = queries.notice(session, notice_id)
    if not agency.agency or found.agency != agency.agency:
        raise problems.NoSuchNotice("Check the notice's id.")
    return TakenNoticeOut.of(found)
