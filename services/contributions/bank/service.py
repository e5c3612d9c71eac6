"""Importing a statement: every line once; matched, posted, or put where someone will look at it.

The file is kept; its lines are written first (a line known from an earlier statement stays as it is),
then each is dealt with, some thousands in a transaction. After a stop both go on where they were.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from itertools import islice
from uuid import UUID

from sqlmodel import Session

from services.contributions import books
from services.contributions.bank import matching, queries
from services.contributions.bank.models import BankLine, BankStatement
from services.contributions.bank.profiles import RejectedLine, StatementLine, profile, read_statement
from services.contributions.events import BenefitFundsReceived
from services.contributions.payments import Incoming, post
from services.contributions.remittances import settle_from_statement
from services.kit import audit, clock, ids, ledger
from services.kit.db import raw
from services.kit.events import record_all
from services.kit.ledger import Transfer
from services.kit.money import Money
from services.kit.principals import Principal
from services.kit.problems import Problem

CHUNK = 5_000
Outcome = tuple[UUID, str, str | None, UUID | None, UUID | None]


def take_statement(
    session: Session, content: bytes, *, filename: str, account: str, profile_code: str, by: Principal
) -> BankStatement:
    """Keep a statement's file to be imported; the same file again answers the first one.

    The caller defers the job that imports it. Raises UnknownProfile.
    """
    layout, sha256 = profile(profile_code), hashlib.sha256(content).hexdigest()
    earlier = queries.statement_with_content(session, account, sha256)
    if earlier is not None and earlier.state != "refused":
        return earlier
    taken = BankStatement(
        id=ids.new_id(),
        account=account,
        profile=layout.code,
        currency=layout.currency,
        file_name=filename[:200],
        sha256=sha256,
        content=content,
        booked_on=clock.business_today(session),
        uploaded_by=by.subject,
    )
    session.add(taken)
    session.flush()
    audit.write(session, "statements.import", taken.id, by=by)
    return taken


def write_lines(session: Session, statement_id: UUID) -> None:
    """Read a statement's file and write its new lines. A file that cannot be read is refused whole."""
    statement = queries.lock_statement(session, statement_id)
    if statement.state != "running" or statement.lines_total:
        return
    file, layout = BytesIO(statement.content), profile(statement.profile)
    try:
        with session.begin_nested():
            _write_all(session, statement, read_statement(file, layout, filename=statement.file_name))
    except Problem as problem:
        statement.state, statement.refusal = "refused", problem.detail or problem.title()


def _write_all(
    session: Session, statement: BankStatement, found: Iterator[StatementLine | RejectedLine]
) -> None:
    total = rejected = 0
    days: set[date] = set()
    while chunk := list(islice(found, CHUNK)):
        good = [line for line in chunk if isinstance(line, StatementLine)]
        bad = [line for line in chunk if isinstance(line, RejectedLine)]
        queries.add_lines(raw(session), statement, good)
        queries.add_rejections(session, statement.id, bad)
        days.update(line.value_on for line in good)
        total, rejected = total + len(chunk), rejected + len(bad)
    statement.lines_total, statement.lines_rejected = total, rejected
    statement.first_on, statement.last_on = min(days, default=None), max(days, default=None)


def settle_chunk(session: Session, statement_id: UUID, *, size: int = CHUNK) -> bool:
    """Deal with the next lines of a statement; says whether there may be more. The caller commits.

    What went out, or came back, may prove something of a remittance: that is looked at last.
    """
    statement = queries.lock_statement(session, statement_id)
    if statement.state != "running":
        return False
    lines = queries.next_new_lines(session, statement_id, size)
    if not lines:
        _finish(session, statement)
        return False
    outcomes = _settle(session, statement, lines)
    queries.settle_lines(raw(session), outcomes)
    settle_from_statement(session, statement_id)
    statement.lines_done += len(lines)
    return True


def _settle(session: Session, statement: BankStatement, lines: list[BankLine]) -> list[Outcome]:
    """Post what is a member's, announce what is benefit money, book the rest of what came in as suspense."""
    payers = profile(statement.profile).benefit_payers
    benefit = [line for line in lines if line.amount_minor > 0 and matching.is_benefit(line, payers)]
    outgoing = [line for line in lines if line.amount_minor < 0]
    aside = {line.id for line in benefit + outgoing}
    came_in = [line for line in lines if line.id not in aside]
    matched = matching.match(raw(session), came_in)
    incoming = {
        line.id: _incoming(statement, line, matched[line.id][0]) for line in came_in if line.id in matched
    }
    _, refused = post(raw(session), list(incoming.values()), booked_on=statement.booked_on)
    posted = {line_id: one for line_id, one in incoming.items() if one.payment_id not in refused}
    waiting = [line for line in came_in if line.id not in posted]
    _book_suspense(session, statement, waiting)
    record_all(session, [_funds_received(line) for line in benefit])
    return [
        *(
            (line_id, "posted", matched[line_id][1], one.member_id, one.payment_id)
            for line_id, one in posted.items()
        ),
        *((line.id, "suspense", None, None, None) for line in waiting),
        *((line.id, "benefit", None, None, None) for line in benefit),
        *((line.id, "outgoing", None, None, None) for line in outgoing),
    ]


def _incoming(statement: BankStatement, line: BankLine, member_id: UUID) -> Incoming:
    return Incoming(
        payment_id=ids.new_id(),
        member_id=member_id,
        amount_minor=line.amount_minor,
        currency=line.currency,
        channel="bank",
        debit_account=books.bank(statement.account),
        taken_by=statement.uploaded_by,
        value_on=line.value_on,
        reference=str(line.id),
    )


def _book_suspense(session: Session, statement: BankStatement, lines: list[BankLine]) -> None:
    transfers = [
        Transfer(
            "suspense",
            books.bank(statement.account),
            books.SUSPENSE,
            Money(line.amount_minor, line.currency),
            line.id,
        )
        for line in lines
    ]
    ledger.post(session, books.entries, transfers, booked_on=statement.booked_on)


def _funds_received(line: BankLine) -> BenefitFundsReceived:
    return BenefitFundsReceived(
        bank_line_id=line.id,
        reference=line.reference,
        amount_minor=line.amount_minor,
        currency=line.currency,
        value_on=line.value_on,
    )


def _finish(session: Session, statement: BankStatement) -> None:
    ended = queries.count_by_state(session, statement.id)
    statement.lines_posted = ended.get("posted", 0)
    statement.lines_suspense = ended.get("suspense", 0)
    statement.lines_benefit = ended.get("benefit", 0)
    statement.lines_outgoing = ended.get("outgoing", 0)
    new = sum(ended.values())
    statement.lines_known = statement.lines_total - statement.lines_rejected - new
    statement.state = "done"
