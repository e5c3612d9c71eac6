"""Importing a bank statement: every line once, the good ones in, the unknown ones kept where one looks."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from services.contributions.bank import BankLine
from services.contributions.bank.jobs import import_statement
from services.contributions.books import entries
from services.contributions.payments import Payment
from services.kit import ledger
from tests import tokens
from tests.contributions import factories

CLERK = tokens.staff("statements:import", "ledger:read", "suspense:settle")
HEAD = "Fecha,Referencia,Descripción,Débito,Crédito\n"


def upload(api: TestClient, body: str | bytes, *, filename: str = "banco.csv") -> Any:
    content = body if isinstance(body, bytes) else (HEAD + body).encode()
    answer = api.post(
        "/v1/bank-statements",
        headers=tokens.headers(CLERK),
        files={"file": (filename, content)},
        data={"account": "popular-1"},
    )
    assert answer.status_code == 202, answer.text
    import_statement(statement_id=answer.json()["id"])
    return api.get(f"/v1/bank-statements/{answer.json()['id']}", headers=tokens.headers(CLERK)).json()


@pytest.fixture
def ana(session: Session) -> UUID:
    return factories.member(
        session, document_number="99900000001", member_number="000123", phone="+18095550101"
    )


@pytest.mark.parametrize(
    ("reference", "description", "by"),
    [
        ("000123", "DEPOSITO", "member_number"),
        ("X-1", "DEP CEDULA 999-0000000-1", "document"),
        ("X-2", "TRANSFERENCIA 809-555-0101", "phone"),
    ],
)
def test_a_line_finds_its_member(
    api: TestClient, session: Session, ana: UUID, reference: str, description: str, by: str
) -> None:
    shown = upload(api, f'06/07/2026,{reference},{description},,"1,500.00"\n')
    assert (shown["state"], shown["lines_posted"]) == ("done", 1)
    [payment] = session.exec(select(Payment)).all()
    assert (payment.member_id, payment.amount_minor, payment.channel) == (ana, 1_500_00, "bank")
    [line] = session.exec(select(BankLine)).all()
    assert line.matched_by == by


def test_a_line_that_could_be_two_members_waits_in_suspense(
    api: TestClient, session: Session, ana: UUID
) -> None:
    factories.member(session, phone="+18095550101")
    shown = upload(api, "06/07/2026,X,809-555-0101,,700.00\n")
    assert shown["lines_suspense"] == 1
    totals = {row.account: row.credit_minor for row in ledger.balances(session, entries)}
    assert totals["suspense"] == 700_00


def test_the_same_file_again_and_an_overlapping_one_add_only_new_lines(
    api: TestClient, session: Session, ana: UUID
) -> None:
    july_6 = "06/07/2026,000123,DEPOSITO,,500.00\n06/07/2026,000123,DEPOSITO,,500.00\n"
    upload(api, july_6)
    again = upload(api, july_6)
    assert again["lines_total"] == 2
    overlapping = upload(api, july_6 + "07/07/2026,000123,DEPOSITO,,300.00\n")
    assert (overlapping["lines_known"], overlapping["lines_posted"]) == (2, 1)
    assert sorted(one.amount_minor for one in session.exec(select(Payment))) == [300_00, 500_00, 500_00]


def test_a_broken_line_is_reported_and_the_others_go_in(api: TestClient, ana: UUID) -> None:
    shown = upload(api, "32/07/2026,000123,X,,500.00\n06/07/2026,000123,X,,500.00\n06/07/2026,A,B,,\n")
    assert (shown["lines_posted"], shown["lines_rejected"]) == (1, 2)
    assert [(r["line_number"], r["column"], r["value"]) for r in shown["rejections"]] == [
        (2, "value_on", "32/07/2026"),
        (4, "credit", ""),
    ]


def test_a_file_that_is_not_a_statement_is_refused_with_its_reason(api: TestClient) -> None:
    shown = upload(api, b"\x7fELF\x00\x01\x02 not a statement", filename="banco.csv")
    assert shown["state"] == "refused"
    assert shown["refusal"]


def test_benefit_money_is_announced_and_booked_nowhere(api: TestClient, session: Session) -> None:
    shown = upload(
        api, "06/07/2026,SUB-77,TSS SUBSIDIOS MATERNIDAD,,9947.45\n06/07/2026,NP1,TSS PAGO,100.00,\n"
    )
    assert (shown["lines_benefit"], shown["lines_outgoing"]) == (1, 1)
    assert ledger.balances(session, entries) == []


def test_a_clerk_settles_a_line_in_suspense_once(api: TestClient, session: Session, ana: UUID) -> None:
    upload(api, "06/07/2026,X,QUIEN SABE,,700.00\n")
    [line] = api.get("/v1/bank-lines", headers=tokens.headers(CLERK)).json()["items"]
    settle = f"/v1/bank-lines/{line['id']}/settlements"
    assert api.post(settle, headers=tokens.headers(CLERK), json={"member_id": str(ana)}).status_code == 200
    again = api.post(settle, headers=tokens.headers(CLERK), json={"member_id": str(ana)})
    assert (again.status_code, again.json()["type"]) == (409, "line-not-in-suspense")
    totals = {row.account: row.debit_minor - row.credit_minor for row in ledger.balances(session, entries)}
    assert totals == {"bank:popular-1": 700_00, "members:credit": -700_00, "suspense": 0}


def test_a_large_line_needs_a_second_person(api: TestClient, session: Session, ana: UUID) -> None:
    upload(api, "06/07/2026,X,QUIEN SABE,,50000.00\n")
    [line] = api.get("/v1/bank-lines", headers=tokens.headers(CLERK)).json()["items"]
    body = {"member_id": str(ana)}
    alone = api.post(f"/v1/bank-lines/{line['id']}/settlements", headers=tokens.headers(CLERK), json=body)
    assert alone.json()["type"] == "needs-second-person"
    asked = api.post(
        f"/v1/bank-lines/{line['id']}/settlement-requests", headers=tokens.headers(CLERK), json=body
    ).json()
    second = tokens.headers(tokens.staff("approvals:read", "payments:approve", totp=True))
    decided = api.post(f"/v1/approvals/{asked['id']}/decisions", headers=second, json={"decision": "approve"})
    assert decided.json()["state"] == "approved"
    assert [one.member_id for one in session.exec(select(Payment))] == [ana]
