"""Recording a notice: kept as it came, compared in the background, or kept aside with the reason.

What cannot be believed (no such declaration, totals that disagree with the lines) is not refused: it is
kept aside and shown, and nothing of it is booked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from services.contributions.declarations import Declaration
from services.contributions.notices import comparison_queries, problems, queries, rules
from services.contributions.notices.bills import NoticeIn
from services.contributions.notices.models import Notice
from services.contributions.schemes import scheme_in_use
from services.kit import audit, ids
from services.kit.db import raw
from services.kit.idempotency import Key, claim, content_hash
from services.kit.money import Money
from services.kit.principals import Principal

AsideReason = Literal[
    "unknown_declaration",
    "other_process",
    "other_period",
    "other_currency",
    "already_billed",
    "line_twice",
    "totals_disagree",
]


@dataclass(frozen=True, slots=True)
class _Aside:
    because: AsideReason
    detail: str


def record_notice(session: Session, given: NoticeIn, key: Key, *, by: Principal) -> Notice:
    """Keep a notice as it came; the caller defers its comparison. The same again answers the first.

    Raises KeyReused, ReferenceTaken.
    """
    claimed = claim(session, key, content=given)
    if claimed.earlier is not None:
        return queries.notice(session, claimed.earlier)
    sha256 = content_hash(given)
    declaration = queries.lock_declaration(session, given.declaration_id)
    if (known := queries.standing(session, given.reference)) is not None:
        return _repeated(session, known, sha256, by)
    aside = _doubt(session, given, declaration, by)
    notice = _row(given, declaration, aside, sha256, by)
    if not queries.add_notice(session, notice):
        # Another declaration's notice took the reference a moment ago.
        known = queries.standing(session, given.reference)
        assert known is not None
        return _repeated(session, known, sha256, by)
    _write_lines(session, notice, given.billed)
    claimed.keep(session, notice.id)
    audit.write(session, "notices.record", notice.id, by=by)
    return queries.notice(session, notice.id)


def _repeated(session: Session, known: Notice, sha256: bytes, by: Principal) -> Notice:
    if bytes(known.sha256) != sha256 or (by.agency is not None and by.agency != known.agency):
        raise problems.ReferenceTaken("Look at the notice that bears this reference, or use another.")
    return known


def _doubt(
    session: Session, given: NoticeIn, declaration: Declaration | None, by: Principal
) -> _Aside | None:
    """Why a notice cannot be taken for a bill of ours; None when it can."""
    is_theirs = declaration is not None and by.agency in (None, declaration.agency)
    if declaration is None or not is_theirs or declaration.state not in ("filed", "accepted"):
        return _Aside("unknown_declaration", "No declaration of this id was filed.")
    if given.type != "audit" and given.type != declaration.process:
        return _Aside("other_process", f"The declaration is of process {declaration.process}.")
    if given.period != declaration.period:
        return _Aside("other_period", f"The declaration is of {declaration.period}.")
    if given.total.currency != declaration.currency:
        return _Aside("other_currency", f"The declaration is in {declaration.currency}.")
    if given.type != "audit" and queries.bill_of(session, declaration.id) is not None:
        return _Aside("already_billed", "Another notice bills this declaration already.")
    return _doubt_of_sums(given)


def _doubt_of_sums(given: NoticeIn) -> _Aside | None:
    seen: set[tuple[str, str]] = set()
    for line in given.billed:
        if (person := (line.document_type, line.document)) in seen:
            return _Aside("line_twice", f"Line {line.number} bills somebody for a second time.")
        seen.add(person)
    summed = _lines_minor(given) + _minor(given.late_charge) - _minor(given.credits)
    if summed != given.total.minor:
        total = Money(summed, given.total.currency)
        return _Aside(
            "totals_disagree", f"Lines, late charge and credits come to {total}, not {given.total}."
        )
    return None


def _row(
    given: NoticeIn, declaration: Declaration | None, aside: _Aside | None, sha256: bytes, by: Principal
) -> Notice:
    named = {branch for line in given.billed for branch in line.amounts}
    scheme = None if declaration is None else scheme_in_use(declaration.scheme)
    return Notice(
        id=ids.new_id(),
        agency=by.agency or (declaration.agency if declaration else ""),
        reference=given.reference,
        type=given.type,
        declaration_id=given.declaration_id,
        period=given.period,
        issued_on=given.issued_on,
        due_on=given.due_on,
        currency=given.total.currency,
        total_minor=given.total.minor,
        late_charge_minor=_minor(given.late_charge),
        credits_minor=_minor(given.credits),
        lines=len(given.lines),
        lines_minor=_lines_minor(given),
        branches=sorted(named) if scheme is None else list(rules.branches_of(scheme, named).codes),
        sha256=sha256,
        state="comparing" if aside is None else "aside",
        aside_because=aside.because if aside else None,
        aside_detail=aside.detail if aside else None,
        recorded_by=by.subject,
    )


def _write_lines(session: Session, notice: Notice, billed: Sequence[rules.BilledLine]) -> None:
    rows = [_line_row(notice.id, notice.branches, line) for line in billed]
    comparison_queries.copy_lines(raw(session), rows)


def _line_row(
    notice_id: UUID, branches: Sequence[str], line: rules.BilledLine
) -> tuple[UUID, int, str, str, int, list[int], int]:
    amounts = [line.amounts.get(branch, 0) for branch in branches]
    return (
        notice_id,
        line.number,
        line.document_type,
        line.document,
        line.wage_minor,
        amounts,
        line.amount_minor,
    )


def _lines_minor(given: NoticeIn) -> int:
    return sum(line.amount_minor for line in given.billed)


def _minor(money: Money | None) -> int:
    return 0 if money is None else money.minor
