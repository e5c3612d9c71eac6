"""HTTP face of members' accounts. Each opening is noted."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.contributions.accounts import presenting, queries
from services.contributions.accounts.opening import open_member, open_members
from services.contributions.accounts.problems import NoSuchMember
from services.contributions.accounts.schemas import (
    AccountLineOut,
    AccountLinesOut,
    AccountOut,
    AccountsIn,
    StatementOut,
)
from services.contributions.auth import PaymentsReader
from services.contributions.db import SessionDep
from services.kit import clock
from services.kit.db import raw
from services.kit.money import Money
from services.kit.paging import LIMIT_MAX
from services.kit.problems import Invalid, documented

router = APIRouter(prefix="/v1/members", tags=["accounts"])

LAST_PAYMENTS = 5


@router.get("/{member_id}/account", responses=documented(NoSuchMember))
def read_account(member_id: UUID, reader: PaymentsReader, session: SessionDep) -> AccountOut:
    """What a member owes, has in credit, and paid last."""
    member = open_member(session, member_id, by=reader, action="accounts.open")
    connection = raw(session)
    [balance] = queries.balances(connection, [member_id], clock.business_today(session))
    dues = queries.open_dues(connection, member_id)
    payments = queries.last_payments(connection, member_id, LAST_PAYMENTS)
    return presenting.account(member.organisation_id, balance, dues, payments)


@router.post("/accounts", responses=documented())
def list_accounts(given: AccountsIn, reader: PaymentsReader, session: SessionDep) -> AccountLinesOut:
    """What several members owe and have in credit; those out of reach are left out."""
    reached = dict(open_members(session, given.member_ids, by=reader, action="accounts.list"))
    found = queries.balances(raw(session), list(reached), clock.business_today(session))
    return AccountLinesOut(
        items=[
            AccountLineOut(
                member_id=one.member_id,
                organisation_id=reached[one.member_id],
                credit=Money(one.credit_minor, one.currency),
                due=Money(one.due_minor, one.currency),
                overdue=Money(one.overdue_minor, one.currency),
                open_periods=one.open_periods,
                oldest_due_on=one.oldest_due_on,
            )
            for one in found
        ]
    )


@router.get("/{member_id}/statement", responses=documented(NoSuchMember, Invalid))
def read_statement(
    member_id: UUID,
    reader: PaymentsReader,
    session: SessionDep,
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = 50,
    after: Annotated[str | None, Query(max_length=80, description="`next` of the page before")] = None,
) -> StatementOut:
    """All that happened on a member's account, newest first: charges with their lines, payments, reversals,
    lapses, coverage.
    """
    behind = presenting.read_cursor(after)
    open_member(session, member_id, by=reader, action="accounts.open_statement")
    connection = raw(session)
    found = queries.happened(connection, member_id, after=behind, limit=limit)
    lines = queries.charged_lines(connection, [one.id for one in found if one.kind == "charge"])
    following = presenting.cursor_of(found[-1]) if len(found) == limit else None
    if following is not None:
        url = request.url.include_query_params(after=following, limit=limit)
        response.headers["Link"] = f'<?{url.query}>; rel="next"'
    return StatementOut(member_id=member_id, items=presenting.entries(found, lines), next=following)
