"""Only what the bank has shown to be paid covers; once, in chunks, and never after it came back."""

import threading
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session, select

from services.contributions.coverages import Coverage, CoverageRun, service
from services.contributions.coverages.jobs import grant_coverage, withdraw_coverage
from services.contributions.db import engine
from tests.contributions import billing
from tests.contributions.billing import Payroll, bill, compared, decide, order, paid_out, post, read
from tests.contributions.remittances.test_ordering import at_once


@pytest.fixture
def paid(session: Session, api: TestClient) -> Payroll:
    return billing.payroll(session, api, *({} for _ in range(5)))


def in_chunks(remittance_id: str, size: int = 2) -> None:
    more = True
    while more:
        with Session(engine()) as session, session.begin():
            more = service.grant_chunk(session, UUID(remittance_id), size=size)


def confirmed(api: TestClient, notice: Any) -> str:
    remittance_id = order(api, notice["id"])
    paid_out(api, notice)
    return remittance_id


def test_the_members_on_a_paid_notice_are_covered_and_told_with_the_proof(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    notice = compared(api, bill(paid))
    remittance_id = confirmed(api, notice)
    assert session.exec(select(Coverage)).all() == []
    in_chunks(remittance_id)
    rows = session.exec(select(Coverage)).all()
    assert {row.member_id for row in rows} == set(paid.members)
    assert {(str(row.notice_id), str(row.remittance_id), row.state) for row in rows} == {
        (notice["id"], remittance_id, "covered")
    }
    told = billing.events(session, "coverage_granted.v1")
    assert [len(one["members"]) for one in told] == [2, 2, 1]
    assert {(one["period"], one["covered_until"]) for one in told} == {("2026-07", "2026-08-31")}
    assert read(api, f"/v1/remittances/{remittance_id}")["coverage"] == {
        "kind": "grant",
        "state": "done",
        "lines_total": 5,
        "lines_done": 5,
        "members": 5,
    }


def test_granting_is_deferred_by_the_confirmation_itself(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    remittance_id = confirmed(api, compared(api, bill(paid)))
    [waiting] = session.execute(
        text("SELECT args FROM procrastinate_jobs WHERE task_name = 'grant_coverage' AND status = 'todo'")
    ).scalars()
    assert waiting["remittance_id"] == remittance_id


def test_granting_again_covers_and_tells_nobody_twice(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    remittance_id = confirmed(api, compared(api, bill(paid)))
    at_once(*(lambda: in_chunks(remittance_id, size=1) for _ in range(3)))
    grant_coverage(remittance_id=remittance_id)
    assert len(session.exec(select(Coverage)).all()) == 5
    told = billing.events(session, "coverage_granted.v1")
    assert sum(len(one["members"]) for one in told) == 5


def test_who_is_missing_from_the_notice_is_not_covered(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    notice = compared(api, bill(paid, lines=paid.lines[1:]))
    words = {"reason": "missing", "words": "asked the State"}
    post(api, f"/v1/payment-notices/{notice['id']}/explanations", words)
    in_chunks(confirmed(api, notice))
    assert {row.member_id for row in session.exec(select(Coverage))} == set(paid.members[1:])


def test_an_audit_that_is_paid_covers_nobody(api: TestClient, session: Session, paid: Payroll) -> None:
    compared(api, bill(paid))
    audit = compared(api, bill(paid, reference="AUD-1", type="audit", lines=[paid.lines[0]]))
    asked = post(
        api,
        f"/v1/payment-notices/{audit['id']}/explanations",
        {"reason": "other", "words": "the State's audit"},
    ).json()
    decide(api, {"id": asked["approval_id"]})
    billing.fund(api, sum(paid.lines[0]["branches"].values()))
    in_chunks(billing.remitted(api, audit, shortfall_account="reserve"))
    assert session.exec(select(Coverage)).all() == []


def test_a_return_waits_for_a_chunk_under_way_and_nothing_is_granted_after_it(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    remittance_id = confirmed(api, compared(api, bill(paid)))
    asked = post(api, f"/v1/remittances/{remittance_id}/returns", {"reason": "sent back"}).json()
    answers: list[Any] = []
    returning = threading.Thread(target=lambda: answers.append(decide(api, asked)))
    with Session(engine()) as mine, mine.begin():
        assert service.grant_chunk(mine, UUID(remittance_id), size=2)
        returning.start()
        returning.join(0.5)
        assert returning.is_alive()
    returning.join()
    assert answers[0].status_code == 200
    in_chunks(remittance_id)
    withdraw_coverage(remittance_id=remittance_id)
    rows = session.exec(select(Coverage)).all()
    assert [row.state for row in rows] == ["withdrawn"] * 2
    for name in ("coverage_granted.v1", "coverage_withdrawn.v1"):
        assert sum(len(one["members"]) for one in billing.events(session, name)) == 2
    runs = session.exec(select(CoverageRun.kind, CoverageRun.state)).all()
    assert set(runs) == {("grant", "done"), ("withdraw", "done")}


def test_withdrawing_goes_in_chunks_too(api: TestClient, session: Session, paid: Payroll) -> None:
    remittance_id = billing.remitted(api, compared(api, bill(paid)))
    asked = post(api, f"/v1/remittances/{remittance_id}/returns", {"reason": "sent back"}).json()
    decide(api, asked)
    more = True
    while more:
        with Session(engine()) as mine, mine.begin():
            more = service.withdraw_chunk(mine, UUID(remittance_id), size=2)
    assert {row.state for row in session.exec(select(Coverage))} == {"withdrawn"}
    told = billing.events(session, "coverage_withdrawn.v1")
    assert [len(one["members"]) for one in told] == [2, 2, 1]
