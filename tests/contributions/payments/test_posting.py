"""Posting payments: each settles what is due, oldest first, once, whoever else posts at the moment."""

import threading
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from services.contributions.books import entries
from services.contributions.charges import Due
from services.contributions.db import engine
from services.contributions.members import MemberAccount
from services.contributions.payments import Allocation, Incoming, Payment
from services.contributions.payments import post as post_payments
from services.kit import ids, ledger
from services.kit.db import raw
from services.kit.periods import Period
from tests.contributions import factories
from tests.contributions.conftest import TODAY

JUNE, JULY = Period(2026, 6), Period(2026, 7)
ONE_MONTH = 3_905_29  # 18,421.20 in risk class I: the oracle's third row


def incoming(member_id: UUID, amount_minor: int, **given: Any) -> Incoming:
    fields: dict[str, Any] = {
        "currency": "DOP",
        "channel": "cash",
        "debit_account": "cash:one",
        "taken_by": UUID(int=7),
    }
    return Incoming(ids.new_id(), member_id, amount_minor, **(fields | given))


def post(session: Session, *payments: Incoming) -> Any:
    result = post_payments(raw(session), payments, booked_on=TODAY)
    session.commit()
    return result


@pytest.fixture
def charged(session: Session) -> UUID:
    """A member who owes June and July."""
    factories.authorisation(session)
    member_id = factories.member(session)
    for period in (JUNE, JULY):
        factories.charge_period(session, period)
    return member_id


def dues(session: Session, member_id: UUID) -> list[tuple[str, int]]:
    session.expire_all()
    found = session.exec(select(Due).where(Due.member_id == member_id).order_by(col(Due.period)))
    return [(str(due.period), due.settled_minor) for due in found]


def test_a_payment_settles_the_oldest_due_first_and_the_rest_is_credit(
    session: Session, charged: UUID
) -> None:
    [posted], refused = post(session, incoming(charged, ONE_MONTH + 100))
    assert refused == {}
    assert dues(session, charged) == [("2026-06", ONE_MONTH), ("2026-07", 100)]
    assert (posted.credit_minor, posted.outstanding_minor) == (0, ONE_MONTH - 100)

    [second], _ = post(session, incoming(charged, ONE_MONTH))
    assert dues(session, charged) == [("2026-06", ONE_MONTH), ("2026-07", ONE_MONTH)]
    assert (second.credit_minor, second.outstanding_minor) == (100, 0)
    assert session.get_one(MemberAccount, charged).credit_minor == 100


def test_two_payments_of_one_member_in_one_set_never_settle_the_same_due(
    session: Session, charged: UUID
) -> None:
    first, second = incoming(charged, ONE_MONTH), incoming(charged, ONE_MONTH + 7)
    posted, _ = post(session, first, second)
    assert [one.credit_minor for one in posted] == [0, 7]
    allocated = session.exec(select(Allocation)).all()
    assert {(one.source_id, one.period) for one in allocated} == {
        (first.payment_id, JUNE),
        (second.payment_id, JULY),
    }


def test_credit_is_consumed_by_the_next_charge(session: Session) -> None:
    factories.authorisation(session)
    member_id = factories.member(session)
    post(session, incoming(member_id, ONE_MONTH + 50))
    factories.charge_period(session, JULY)
    assert dues(session, member_id) == [("2026-07", ONE_MONTH)]
    assert session.get_one(MemberAccount, member_id).credit_minor == 50


def test_the_books_say_what_the_payment_did(session: Session, charged: UUID) -> None:
    post(session, incoming(charged, 2 * ONE_MONTH + 9))
    totals = {row.account: (row.debit_minor, row.credit_minor) for row in ledger.balances(session, entries)}
    assert totals == {
        "cash:one": (2 * ONE_MONTH + 9, 0),
        "members:credit": (0, 9),
        "obligations:contributions": (0, 2 * ONE_MONTH),
        "receivable:contributions": (2 * ONE_MONTH, 2 * ONE_MONTH),
    }


def test_an_unknown_member_is_refused_and_the_others_are_posted(session: Session, charged: UUID) -> None:
    stranger = incoming(UUID(int=404), 100)
    posted, refused = post(session, stranger, incoming(charged, 100))
    assert [one.member_id for one in posted] == [charged]
    assert refused[stranger.payment_id].type() == "unknown-member"
    assert len(session.exec(select(Payment)).all()) == 1


def test_another_currency_is_refused(session: Session, charged: UUID) -> None:
    euros = incoming(charged, 100, currency="EUR")
    posted, refused = post(session, euros)
    assert posted == []
    assert refused[euros.payment_id].type() == "other-currency"


def test_each_payment_is_announced_with_its_receipt(session: Session, charged: UUID) -> None:
    [posted], _ = post(session, incoming(charged, 100))
    [data] = session.execute(
        text("SELECT data FROM outbox WHERE name = 'contributions.payment_posted.v1'")
    ).scalars()
    [announced] = data["payments"]
    assert announced["receipt_number"] == posted.receipt_number
    assert len(announced["check_code"]) == 13


def test_twelve_payments_at_the_same_moment_never_settle_one_charge_twice(
    session: Session, charged: UUID
) -> None:
    ready = threading.Barrier(12)

    def pay() -> None:
        with Session(engine()) as mine, mine.begin():
            ready.wait(10)
            post_payments(raw(mine), [incoming(charged, 1_000_00)], booked_on=TODAY)

    threads = [threading.Thread(target=pay) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dues(session, charged) == [("2026-06", ONE_MONTH), ("2026-07", ONE_MONTH)]
    assert session.get_one(MemberAccount, charged).credit_minor == 12 * 1_000_00 - 2 * ONE_MONTH
    allocated = session.exec(select(Allocation.amount_minor)).all()
    assert sum(allocated) == 2 * ONE_MONTH
