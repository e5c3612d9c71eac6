"""HTTP face of remittances. Asking is one person's, deciding another's, under `/v1/approvals`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel import Session

from services.contributions.auth import Accountant, PeriodsReader, SuspenseClerk, Treasurer
from services.contributions.coverages import coverage_run
from services.contributions.db import SessionDep
from services.contributions.remittances import confirming, funding, problems, queries, returning, service
from services.contributions.remittances.models import Remittance
from services.contributions.remittances.schemas import (
    ConfirmationIn,
    FundingIn,
    OwnAccountOut,
    OwnAccountsOut,
    RemittanceIn,
    RemittanceOut,
    RemittancesOut,
    ReturnIn,
    State,
)
from services.kit.approvals_api import ApprovalOut
from services.kit.money import Money
from services.kit.paging import PageDep
from services.kit.periods import PeriodQuery
from services.kit.problems import documented

router = APIRouter(tags=["remittances"])


@router.post("/v1/remittances", status_code=202, responses=documented(*problems.WHEN_ORDERING))
def ask_to_remit(given: RemittanceIn, treasurer: Treasurer, session: SessionDep) -> ApprovalOut:
    """Ask a second person to order the payment of a notice; `subject_id` is the remittance.

    Refused while differences have no explanation, or the mutual's own money does not cover a shortfall.
    """
    approval = service.ask_to_remit(
        session,
        given.notice_id,
        account=given.account,
        shortfall_account=given.shortfall_account,
        by=treasurer,
    )
    return ApprovalOut.of(approval)


@router.get("/v1/remittances", responses=documented())
def list_remittances(
    reader: PeriodsReader,
    page: PageDep,
    session: SessionDep,
    period: PeriodQuery,
    notice_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[State | None, Query()] = None,
) -> RemittancesOut:
    """Remittances, newest first."""
    found = queries.remittances(
        session, notice_id=notice_id, period=period, state=state, after=page.after, limit=page.limit
    )
    page.link_next(found[-1].id if found else None, len(found))
    references = queries.references(session, [one.notice_id for one in found])
    returns = queries.returns(session, [one.id for one in found])
    return RemittancesOut(
        items=[RemittanceOut.of(one, references.get(one.notice_id), returns.get(one.id)) for one in found]
    )


@router.get("/v1/remittances/{remittance_id}", responses=documented(problems.NoSuchRemittance))
def read_remittance(remittance_id: UUID, reader: PeriodsReader, session: SessionDep) -> RemittanceOut:
    """One remittance, and how far the covering of its members is."""
    return _shown(session, queries.remittance(session, remittance_id))


@router.post("/v1/remittances/{remittance_id}/confirmations", responses=documented(*problems.WHEN_CONFIRMING))
def confirm_remittance(
    remittance_id: UUID, given: ConfirmationIn, clerk: SuspenseClerk, session: SessionDep
) -> RemittanceOut:
    """Say which bank line paid it, when the line does not name the notice; the same again changes nothing."""
    confirmed = confirming.confirm_by_hand(session, remittance_id, given.bank_line_id, by=clerk)
    return _shown(session, confirmed)


@router.post(
    "/v1/remittances/{remittance_id}/returns",
    status_code=202,
    responses=documented(*problems.WHEN_RETURNING),
)
def ask_to_return(
    remittance_id: UUID, given: ReturnIn, treasurer: Treasurer, session: SessionDep
) -> ApprovalOut:
    """Ask a second person to take it as returned; then its members' cover is withdrawn."""
    approval = returning.ask_to_return(
        session, remittance_id, reason=given.reason, bank_line_id=given.bank_line_id, by=treasurer
    )
    return ApprovalOut.of(approval)


@router.post("/v1/fundings", status_code=202, responses=documented(*problems.WHEN_FUNDING))
def ask_to_fund(given: FundingIn, treasurer: Treasurer, session: SessionDep) -> ApprovalOut:
    """Ask a second person to take a bank line in suspense as the mutual's own money, under a name."""
    return ApprovalOut.of(funding.ask_to_fund(session, given.bank_line_id, given.account, by=treasurer))


@router.get("/v1/own-accounts", responses=documented())
def list_own_accounts(accountant: Accountant, session: SessionDep) -> OwnAccountsOut:
    """The mutual's own money by name: what is left for shortfalls."""
    return OwnAccountsOut(
        items=[
            OwnAccountOut(
                account=account,
                available=Money(queries.available_minor(session, account, currency), currency),
            )
            for account, currency in queries.funded_accounts(session)
        ]
    )


def _shown(session: Session, remittance: Remittance) -> RemittanceOut:
    reference = queries.references(session, [remittance.notice_id]).get(remittance.notice_id)
    came_back = queries.returns(session, [remittance.id]).get(remittance.id)
    kind = "withdraw" if came_back else "grant"
    return RemittanceOut.of(remittance, reference, came_back, coverage_run(session, remittance.id, kind))
