"""From payments to a filed payroll: who is on it, who is left out and why, and what then lapses."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session, select

from services.contributions.books import entries
from services.contributions.charges import Due
from services.contributions.db import engine
from services.contributions.declarations import drawing, jobs
from services.contributions.declarations.filing_checks import Answer
from services.contributions.declarations.rules import Checked
from services.contributions.members import MemberAccount
from services.kit import clock, ledger
from services.kit.principals import Principal
from tests import tokens
from tests.contributions import factories
from tests.contributions.payments.test_endpoints import take
from tests.contributions.payments.test_posting import ONE_MONTH
from tests.contributions.payments.test_reversing import PESOS

OFFICER = tokens.staff("declarations:draw", "declarations:read", "approvals:read", "declarations:approve")
SECOND = tokens.staff("declarations:approve", "approvals:read", totp=True)
AGENCY = tokens.client("agency:declarations", agency="TSS")
GOOD = Checked(state="active", has_mandate=True, identity_verified=True)


def draw(api: TestClient, answers: dict[UUID, Checked], *, size: int = 2) -> Any:
    """Draw July's payroll as the job does, with what the registry would answer."""
    body = {"period": "2026-07", "without_statements": True}
    made = api.post("/v1/declarations", headers=tokens.headers(OFFICER), json=body)
    assert made.status_code == 202, made.text
    declaration_id = UUID(made.json()["id"])

    def ask(member_ids: list[UUID], on: date, scheme: str) -> Answer:
        return Answer(True, {one: answers.get(one, GOOD) for one in member_ids})

    while drawing.draw_chunk(
        lambda: Session(engine(), expire_on_commit=False), declaration_id, ask, size=size
    ):
        pass
    return read(api, declaration_id)


def read(api: TestClient, declaration_id: Any, path: str = "", *, by: Principal = OFFICER) -> Any:
    return api.get(f"/v1/declarations/{declaration_id}{path}", headers=tokens.headers(by)).json()


def file(api: TestClient, declaration_id: Any) -> Any:
    asked = api.post(f"/v1/declarations/{declaration_id}/filings", headers=tokens.headers(OFFICER)).json()
    decided = api.post(
        f"/v1/approvals/{asked['id']}/decisions", headers=tokens.headers(SECOND), json={"decision": "approve"}
    )
    assert decided.status_code == 200, decided.text
    jobs.lapse_left_out(declaration_id=str(declaration_id))


@pytest.fixture
def people(session: Session, api: TestClient) -> dict[str, UUID]:
    """Members who are charged for July: two have paid, the others have not, or have some fault."""
    factories.authorisation(session)
    names = ("paid", "paid_too", "unpaid", "part", "no_mandate", "unverified", "left")
    made = {name: factories.member(session) for name in names}
    made["unwritable"] = factories.member(session, given_names="名")
    made["low_wage"] = factories.member(session, declared_wage_minor=10_000_00)
    factories.charge_period(session)
    for name, member_id in made.items():
        if name not in ("unpaid", "part"):
            take(api, member_id, "4000.00")
    take(api, made["part"], "100.00")
    return made


def answers(people: dict[str, UUID]) -> dict[UUID, Checked]:
    return {
        people["no_mandate"]: Checked("active", False, True),
        people["unverified"]: Checked("active", True, False),
        people["left"]: Checked("out", True, True),
    }


def test_those_who_paid_are_on_it_and_the_others_are_listed_with_the_reason(
    api: TestClient, people: dict[str, UUID]
) -> None:
    drawn = draw(api, answers(people))
    assert (drawn["state"], drawn["lines"], drawn["left_out"]) == ("drawn", 2, 7)
    assert drawn["total"]["amount"] == f"{2 * ONE_MONTH // 100}.{2 * ONE_MONTH % 100:02d}"
    listed = read(api, drawn["id"], "/left-out")["items"]
    assert {one["member_id"]: one["reason"] for one in listed} == {
        str(people["unpaid"]): "unpaid",
        str(people["part"]): "unpaid",
        str(people["no_mandate"]): "no_mandate",
        str(people["unverified"]): "identity_not_verified",
        str(people["left"]): "not_active",
        str(people["unwritable"]): "unwritable",
        str(people["low_wage"]): "below_floor",
    }


def test_the_file_is_always_the_same_bytes_and_only_its_agency_may_fetch_it(
    api: TestClient, people: dict[str, UUID]
) -> None:
    drawn = draw(api, answers(people))
    path = f"/agency/v1/declarations/{drawn['id']}/file"
    assert api.get(path, headers=tokens.headers(AGENCY)).status_code == 404  # not filed yet
    file(api, drawn["id"])
    first, second = (api.get(path, headers=tokens.headers(AGENCY)) for _ in range(2))
    assert first.status_code == 200
    assert first.content == second.content
    assert first.headers["X-Content-SHA256"] == read(api, drawn["id"])["sha256"]
    lines = first.content.decode("ascii").split("\r\n")
    assert [len(line) for line in lines] == [20, 366, 366, 7, 0]
    assert (lines[0], lines[3]) == ("EAM  999999999072026", "S000004")
    other = tokens.client("agency:declarations", agency="SISALRIL")
    assert api.get(path, headers=tokens.headers(other)).status_code == 404


def test_what_those_left_out_owed_lapses_and_what_they_paid_is_their_credit(
    api: TestClient, session: Session, people: dict[str, UUID]
) -> None:
    file(api, draw(api, answers(people))["id"])
    dues = {due.member_id: due for due in session.exec(select(Due))}
    assert dues[people["unpaid"]].state == "lapsed"
    assert (dues[people["part"]].state, dues[people["part"]].settled_minor) == ("lapsed", 0)
    assert session.get_one(MemberAccount, people["part"]).credit_minor == 100_00
    assert session.get_one(MemberAccount, people["no_mandate"]).credit_minor == 4_000_00
    assert dues[people["paid"]].state == "open"
    totals = {row.account: row.debit_minor - row.credit_minor for row in ledger.balances(session, entries)}
    assert totals["receivable:contributions"] == 0
    assert totals["obligations:contributions"] == -2 * ONE_MONTH


def test_lapsing_again_changes_nothing(api: TestClient, session: Session, people: dict[str, UUID]) -> None:
    drawn = draw(api, answers(people))
    file(api, drawn["id"])
    before = ledger.balances(session, entries)
    jobs.lapse_left_out(declaration_id=drawn["id"])
    assert ledger.balances(session, entries) == before
    told = session.execute(
        text("SELECT data->'charges' FROM outbox WHERE name = 'contributions.charge_lapsed.v1'")
    ).scalars()
    assert sum(len(charges) for charges in told) == 7


def test_paid_after_the_cut_off_is_too_late(api: TestClient, session: Session) -> None:
    factories.authorisation(session)
    late = factories.member(session)
    factories.charge_period(session)
    clock.set_business_today(session, date(2026, 8, 3))
    session.commit()
    take(api, late, PESOS)
    drawn = draw(api, {})
    assert [one["reason"] for one in read(api, drawn["id"], "/left-out")["items"]] == ["paid_late"]


def test_two_members_with_one_document_are_not_both_named(api: TestClient, session: Session) -> None:
    factories.authorisation(session)
    for _ in range(2):
        take(api, factories.member(session, document_number="99900000099"), "4000.00")
    factories.charge_period(session)
    drawn = draw(api, {}, size=1)
    assert (drawn["lines"], drawn["left_out"]) == (1, 1)


def test_a_period_is_declared_once_until_it_is_voided(api: TestClient, people: dict[str, UUID]) -> None:
    drawn = draw(api, answers(people))
    body = {"period": "2026-07", "without_statements": True}
    again = api.post("/v1/declarations", headers=tokens.headers(OFFICER), json=body)
    assert (again.status_code, again.json()["type"]) == (409, "already-declared")
    assert (
        api.post(f"/v1/declarations/{drawn['id']}/voids", headers=tokens.headers(OFFICER)).status_code == 200
    )
    assert draw(api, answers(people))["lines"] == 2


def test_without_the_bank_statements_through_the_cut_off_it_is_refused(
    api: TestClient, people: dict[str, UUID]
) -> None:
    refused = api.post("/v1/declarations", headers=tokens.headers(OFFICER), json={"period": "2026-07"})
    assert (refused.status_code, refused.json()["type"]) == (409, "statements-missing")
