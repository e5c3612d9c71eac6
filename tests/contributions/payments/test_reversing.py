"""Undoing a payment: two people, once, newest allocations first, and the books agree."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from services.contributions.books import entries
from services.contributions.charges import Due
from services.contributions.members import MemberAccount
from services.kit import ledger
from services.kit.periods import Period
from tests import tokens
from tests.contributions import factories
from tests.contributions.payments.test_endpoints import CASHIER, take
from tests.contributions.payments.test_posting import ONE_MONTH

SECOND = tokens.staff("approvals:read", "payments:approve", totp=True)
PESOS = f"{ONE_MONTH // 100}.{ONE_MONTH % 100:02d}"


@pytest.fixture
def ana(session: Session) -> UUID:
    """A member who owes June and July."""
    factories.authorisation(session)
    member_id = factories.member(session)
    for month in (6, 7):
        factories.charge_period(session, Period(2026, month))
    return member_id


def ask(api: TestClient, payment: Any, *, by: Any = CASHIER) -> Any:
    path = f"/v1/payments/{payment['id']}/reversals"
    return api.post(path, headers=tokens.headers(by), json={"reason": "typed for the wrong member"})


def decide(api: TestClient, approval: Any, *, by: Any = SECOND, decision: str = "approve") -> Any:
    path = f"/v1/approvals/{approval['id']}/decisions"
    return api.post(path, headers=tokens.headers(by), json={"decision": decision})


def dues(session: Session, member_id: UUID) -> list[int]:
    session.expire_all()
    query = select(Due).where(Due.member_id == member_id).order_by(col(Due.period))
    return [due.settled_minor for due in session.exec(query)]


def owed_in_books(session: Session) -> dict[str, int]:
    return {row.account: row.debit_minor - row.credit_minor for row in ledger.balances(session, entries)}


def test_what_later_payments_settled_moves_back_to_the_older_due(
    api: TestClient, session: Session, ana: UUID
) -> None:
    first = take(api, ana, PESOS).json()
    take(api, ana, PESOS)
    assert dues(session, ana) == [ONE_MONTH, ONE_MONTH]
    assert decide(api, ask(api, first).json()).status_code == 200
    assert dues(session, ana) == [ONE_MONTH, 0]
    assert owed_in_books(session)["receivable:contributions"] == ONE_MONTH
    assert (
        api.get(f"/v1/payments/{first['id']}", headers=tokens.headers(CASHIER)).json()["state"] == "reversed"
    )


def test_credit_goes_first(api: TestClient, session: Session, ana: UUID) -> None:
    both = take(api, ana, f"{2 * ONE_MONTH // 100}.{2 * ONE_MONTH % 100:02d}").json()
    take(api, ana, "100.00")
    decide(api, ask(api, both).json())
    assert dues(session, ana) == [100_00, 0]
    assert session.get_one(MemberAccount, ana).credit_minor == 0
    books = owed_in_books(session)
    assert books["members:credit"] == 0
    assert books["receivable:contributions"] == 2 * ONE_MONTH - 100_00


def test_a_payment_is_reversed_once(api: TestClient, session: Session, ana: UUID) -> None:
    payment = take(api, ana, PESOS).json()
    approval = ask(api, payment).json()
    assert decide(api, approval).status_code == 200
    assert decide(api, approval).json()["type"] == "already-decided"
    assert ask(api, payment).json()["type"] == "already-reversed"
    assert dues(session, ana) == [0, 0]


def test_who_asked_cannot_approve_nor_can_a_system_nor_a_stale_code(
    api: TestClient, session: Session, ana: UUID
) -> None:
    rights = ("approvals:read", "payments:take", "payments:reverse", "payments:approve")
    two_hats = tokens.staff(*rights, totp=True)
    approval = ask(api, take(api, ana, PESOS).json(), by=two_hats).json()
    refusals = [
        decide(api, approval, by=two_hats).json()["type"],
        decide(api, approval, by=tokens.client(*rights)).json()["type"],
        decide(api, approval, by=tokens.staff(*rights)).json()["type"],
    ]
    assert refusals == ["same-person-twice", "forbidden", "forbidden"]
    assert dues(session, ana) == [ONE_MONTH, 0]


def test_a_refusal_leaves_the_payment_as_it_is(api: TestClient, session: Session, ana: UUID) -> None:
    approval = ask(api, take(api, ana, PESOS).json()).json()
    assert decide(api, approval, decision="refuse").json()["state"] == "refused"
    assert dues(session, ana) == [ONE_MONTH, 0]
