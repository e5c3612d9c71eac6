"""Comparing a notice with what was declared and collected, and booking what explains itself.

The join runs in the database; only what differs comes back, gets its reason here and is written down. What
was billed beyond a member's declared amount is the mutual's to bear; what was billed less is the member's,
and so is what the State credits. All in one transaction, once.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.contributions import books
from services.contributions.declarations import Declaration
from services.contributions.notices import comparison_queries, queries, rules
from services.contributions.notices.comparison_queries import Comparison
from services.contributions.notices.models import Notice
from services.contributions.notices.rules import AT_ONCE, Found, Pair
from services.contributions.schemes import scheme_in_use
from services.kit import clock, ids, ledger
from services.kit.db import raw
from services.kit.ledger import Transfer
from services.kit.money import Money

OWED_TO_STATE = books.obligations("contributions")


def compare_notice(session: Session, notice_id: UUID) -> None:
    """Find and book the differences of a notice, once; the caller commits."""
    notice = queries.lock_notice(session, notice_id)
    if notice.state != "comparing":
        return
    declaration = session.get_one(Declaration, notice.declaration_id)
    comparison = _comparison(session, notice, declaration)
    declared_minor = declaration.total_minor if comparison.answers_declaration else 0
    found_minor = 0
    for pairs in _all_differing(session, comparison):
        found_minor += _note(session, comparison, pairs)
    found_minor += _note_whole(session, notice)
    if found_minor != notice.total_minor - declared_minor:
        raise AssertionError(f"notice {notice.id}: differences come to {found_minor}")
    notice.declared_minor = declared_minor
    if comparison.answers_declaration:
        notice.dependants_minor = comparison_queries.dependants_minor(raw(session), comparison)
    notice.state, notice.compared_at = "compared", clock.now()


def book(
    session: Session, notice: Notice, nets: Iterable[tuple[UUID | None, int]], *, source_id: UUID
) -> None:
    """Book what persons' differences come to: above nought the mutual's to bear, below it theirs."""
    transfers: list[Transfer] = []
    for member_id, minor in nets:
        if minor > 0:
            notice.shortfall_minor += minor
        debit, credit = (
            (books.SHORTFALL, OWED_TO_STATE) if minor > 0 else (OWED_TO_STATE, books.STATE_CREDITS)
        )
        amount = Money(abs(minor), notice.currency)
        transfers.append(Transfer("notice", debit, credit, amount, source_id, member_id))
    ledger.post(session, books.entries, transfers, booked_on=clock.business_today(session))


def _comparison(session: Session, notice: Notice, declaration: Declaration) -> Comparison:
    branches = rules.branches_of(scheme_in_use(declaration.scheme), notice.branches)
    if list(branches.codes) != notice.branches:
        raise AssertionError(f"notice {notice.id}: the scheme's branches are no longer {notice.branches}")
    return Comparison(
        notice=notice,
        branches=branches,
        answers_declaration=notice.type != "audit",
        booked_on=comparison_queries.charged_on(raw(session), declaration.id),
    )


def _all_differing(session: Session, comparison: Comparison) -> Iterator[list[Pair]]:
    session.flush()
    return comparison_queries.differing(raw(session), comparison)


def _note(session: Session, comparison: Comparison, pairs: list[Pair]) -> int:
    """Write down and book the differences of these pairs; returns what they come to."""
    notice, total_minor = comparison.notice, 0
    rows: list[tuple[Any, ...]] = []
    nets: list[tuple[UUID | None, int]] = []
    for pair in pairs:
        found = rules.differences_of(
            pair, comparison.branches, answers_declaration=comparison.answers_declaration
        )
        rows += [_row(notice.id, one, pair) for one in found]
        total_minor += rules.net_minor(found)
        nets.append((pair.member_id, rules.net_minor(one for one in found if one.reason in AT_ONCE)))
    comparison_queries.copy_differences(raw(session), rows)
    book(session, notice, nets, source_id=notice.id)
    return total_minor


def _note_whole(session: Session, notice: Notice) -> int:
    """The same for what is billed or credited of the notice as a whole."""
    late = Money(notice.late_charge_minor, notice.currency)
    credited = Money(notice.credits_minor, notice.currency)
    found: list[Found] = []
    if late.minor:
        found.append(Found(None, "late_charge", 0, 0, late.minor))
    if credited.minor:
        found.append(Found(None, "credit", 0, 0, -credited.minor))
    comparison_queries.copy_differences(raw(session), [_row(notice.id, one) for one in found])
    owed_late = books.obligations("late_charges")
    transfers = [
        Transfer("notice", books.SHORTFALL, owed_late, late, notice.id),
        Transfer("notice", OWED_TO_STATE, books.STATE_CREDITS, credited, notice.id),
    ]
    ledger.post(session, books.entries, transfers, booked_on=clock.business_today(session))
    notice.shortfall_minor += late.minor
    return rules.net_minor(found)


def _row(notice_id: UUID, found: Found, pair: Pair | None = None) -> tuple[Any, ...]:
    """In the order of `comparison_queries.DIFFERENCES`."""
    return (
        ids.new_id(),
        notice_id,
        pair and pair.line_number,
        pair and pair.member_id,
        pair and pair.organisation_id,
        pair and pair.charge_id,
        found.branch,
        found.reason,
        found.collected_minor,
        found.declared_minor,
        found.billed_minor,
        found.amount_minor,
        "explained" if found.reason in AT_ONCE else "open",
    )
