"""HTTP face of bank statements."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, UploadFile

from services.contributions.auth import Accountant, StatementClerk, SuspenseClerk
from services.contributions.bank import jobs, problems, queries, service, settling
from services.contributions.bank.schemas import BankLineOut, BankLinesOut, SettlementIn, StatementOut
from services.contributions.db import SessionDep
from services.contributions.settings import settings
from services.kit.approvals_api import ApprovalOut
from services.kit.jobs import defer
from services.kit.paging import PageDep
from services.kit.problems import documented

router = APIRouter(tags=["bank"])


@router.post(
    "/v1/bank-statements",
    status_code=202,
    responses=documented(problems.UnknownProfile, problems.StatementTooLarge),
)
def import_statement(
    clerk: StatementClerk,
    session: SessionDep,
    file: Annotated[UploadFile, File(description="CSV or XLSX as the bank gives it")],
    account: Annotated[
        str, Form(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="Name of the bank account")
    ],
    profile: Annotated[str, Form(description="How this bank writes its statements")] = "generic",
) -> StatementOut:
    """Import a bank statement; the same file again answers the first import.

    Lines known from earlier statements are not counted twice; what matches nobody waits in suspense.
    """
    limit = settings().statement_bytes_max
    content = file.file.read(limit + 1)
    if len(content) > limit:
        raise problems.StatementTooLarge(f"A statement may have {limit:,} bytes; split it by days.")
    taken = service.take_statement(
        session, content, filename=file.filename or "", account=account, profile_code=profile, by=clerk
    )
    if taken.state == "running":
        defer(session, jobs.import_statement, statement_id=str(taken.id))
    return StatementOut.of(taken)


@router.get("/v1/bank-statements/{statement_id}", responses=documented(problems.NoSuchStatement))
def read_statement(statement_id: UUID, clerk: StatementClerk, session: SessionDep) -> StatementOut:
    """A statement, how its import goes, and the lines that could not be read."""
    found = queries.statement(session, statement_id)
    return StatementOut.of(found, queries.rejections(session, statement_id))


@router.get("/v1/bank-lines", responses=documented())
def list_lines(
    accountant: Accountant,
    page: PageDep,
    session: SessionDep,
    state: Annotated[
        Literal["posted", "suspense", "settled", "benefit", "outgoing", "remittance"], Query()
    ] = "suspense",
) -> BankLinesOut:
    """Bank lines in one state, those in suspense by default, oldest first."""
    found = queries.lines_in_state(session, state, page.after, page.limit)
    page.link_next(found[-1].id if found else None, len(found))
    return BankLinesOut(items=[BankLineOut.of(line) for line in found])


@router.post("/v1/bank-lines/{line_id}/settlements", responses=documented(*problems.WHEN_SETTLING))
def settle_line(line_id: UUID, given: SettlementIn, clerk: SuspenseClerk, session: SessionDep) -> BankLineOut:
    """Say whose money a line in suspense is; it is posted with a receipt at once."""
    return BankLineOut.of(settling.settle_line(session, line_id, given.member_id, by=clerk))


@router.post(
    "/v1/bank-lines/{line_id}/settlement-requests",
    status_code=202,
    responses=documented(problems.NoSuchLine, problems.LineNotInSuspense),
)
def ask_to_settle(
    line_id: UUID, given: SettlementIn, clerk: SuspenseClerk, session: SessionDep
) -> ApprovalOut:
    """Ask a second person to settle a line: needed above the mutual's limit."""
    return ApprovalOut.of(settling.ask_to_settle(session, line_id, given.member_id, by=clerk))
