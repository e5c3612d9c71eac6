"""Drawing up a payroll, in chunks: ask the registry afresh, then lock, look, and freeze.

The registry is asked before the transaction, never inside it. A chunk is written whole; after a stop
the drawing goes on behind the last member that it dealt with.
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlmodel import Session

from services.contributions.authorisations import authorisation_on
from services.contributions.declarations import problems, queries, rules
from services.contributions.declarations.files import file_sha256
from services.contributions.declarations.filing_checks import Answer
from services.contributions.declarations.models import Declaration, LeftOut
from services.contributions.declarations.rules import Candidate, Reason
from services.contributions.layouts import RecordWriter, shipped_profiles
from services.contributions.members import locked_accounts
from services.kit.db import raw

CHUNK = 5_000
AskRegistry = Callable[[list[UUID], date, str], Answer]


def draw_chunk(
    open_session: Callable[[], Session], declaration_id: UUID, ask: AskRegistry, *, size: int = CHUNK
) -> bool:
    """Draw the next members of a declaration; says whether there may be more. Commits.

    Raises NoAuthorisation when the authorisation does not hold (any more): nothing goes on then.
    """
    with open_session() as session:
        declaration = queries.declaration(session, declaration_id)
        if declaration.state != "drawing":
            return False
        member_ids = queries.next_members(session, declaration.period, declaration.last_member_id, size)
    answer = ask(member_ids, declaration.period.last_day, declaration.scheme)
    if not answer.authorised:
        raise problems.NoAuthorisation("The registry knows of no authorisation in force.")
    with open_session() as session, session.begin():
        return _freeze(session, declaration_id, declaration.last_member_id, member_ids, answer)


def _freeze(
    session: Session, declaration_id: UUID, last_seen: UUID | None, member_ids: list[UUID], answer: Answer
) -> bool:
    declaration = queries.lock_declaration(session, declaration_id)
    if declaration.state != "drawing" or declaration.last_member_id != last_seen:
        return declaration.state == "drawing"  # another worker was quicker: look again
    if not member_ids:
        _finish(session, declaration)
        return False
    connection = raw(session)
    locked_accounts(connection, member_ids)
    found = queries.candidates(connection, member_ids, declaration.period)
    on, left_out = _sort(session, declaration, found, answer)
    went_in = queries.add_lines(connection, declaration.id, declaration.lines + 1, on)
    left_out += [
        _left_out(declaration, one, "duplicate_document") for one, _ in on if one.member_id not in went_in
    ]
    queries.add_left_outs(connection, left_out)
    declaration.lines += len(went_in)
    declaration.left_out += len(left_out)
    declaration.total_minor += sum(one.total_minor for one, _ in on if one.member_id in went_in)
    declaration.last_member_id = member_ids[-1]
    return True


def _sort(
    session: Session, declaration: Declaration, found: list[Candidate], answer: Answer
) -> tuple[list[tuple[Candidate, str]], list[LeftOut]]:
    """Those on the payroll with their stems, and those left out."""
    authorisation = authorisation_on(session, declaration.scheme, declaration.period.last_day)
    floor_minor = (authorisation and authorisation.minimum_wage_minor) or 0
    payable: list[Candidate] = []
    left_out: list[LeftOut] = []
    for one in found:
        reason = rules.reason_to_leave_out(
            one, answer.members.get(one.member_id), cut_off_on=declaration.cut_off_on, floor_minor=floor_minor
        )
        if reason is None:
            payable.append(one)
        else:
            left_out.append(_left_out(declaration, one, reason))
    on, unwritable = _write(declaration, payable)
    return on, left_out + unwritable


def _write(
    declaration: Declaration, payable: list[Candidate]
) -> tuple[list[tuple[Candidate, str]], list[LeftOut]]:
    """The payroll lines of these members; those whose data the layout cannot hold are left out."""
    writer = RecordWriter(shipped_profiles()[declaration.layout].details_of(), rules.STEM_NAMES)
    code = declaration.payroll_code
    try:
        stems = writer.stems([rules.stem_values(one, code) for one in payable])
        return list(zip(payable, stems, strict=True)), []
    except ValueError:  # someone's: find out whose, one by one
        on: list[tuple[Candidate, str]] = []
        left_out: list[LeftOut] = []
        for one in payable:
            try:
                on.append((one, writer.stems([rules.stem_values(one, code)])[0]))
            except ValueError as fault:
                left_out.append(_left_out(declaration, one, "unwritable", str(fault)))
        return on, left_out


def _left_out(declaration: Declaration, one: Candidate, reason: Reason, detail: str | None = None) -> LeftOut:
    return LeftOut(
        declaration_id=declaration.id,
        member_id=one.member_id,
        organisation_id=one.organisation_id,
        charge_id=one.charge_id,
        reason=reason,
        detail=detail,
    )


def _finish(session: Session, declaration: Declaration) -> None:
    """Everybody was looked at: write the file once, to know its hash."""
    declaration.sha256 = file_sha256(session, declaration)
    declaration.state = "drawn"
