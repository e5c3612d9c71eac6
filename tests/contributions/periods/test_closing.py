"""Closing a month: two people, nothing left to explain; afterwards it is neither charged nor declared."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from services.contributions.notices.jobs import compare_notice
from services.contributions.periods import PeriodClosing
from services.kit import clock
from tests import tokens
from tests.contributions import billing, factories
from tests.contributions.billing import ACCOUNTANT, Payroll, bill, compared, decide, post, read
from tests.contributions.remittances.test_ordering import at_once

JULY = "2026-07"
BOTH_HATS = tokens.staff("remittances:order", "remittances:approve", "approvals:read", totp=True)
OFFICER = tokens.staff("charges:run", "declarations:draw")


@pytest.fixture
def paid(session: Session, api: TestClient) -> Payroll:
    """July is filed, and over."""
    filed = billing.payroll(session, api)
    clock.set_business_today(session, date(2026, 8, 4))
    session.commit()
    return filed


def ask(api: TestClient, period: str = JULY, *, by: Any = ACCOUNTANT) -> Any:
    return post(api, f"/v1/periods/{period}/closings", {}, by=by)


def waits_for(api: TestClient, period: str = JULY) -> list[str]:
    refused = ask(api, period)
    assert (refused.status_code, refused.json()["type"]) == (409, "period-not-settled"), refused.text
    reasons: list[str] = refused.json()["waits_for"]
    return reasons


def test_two_people_close_it_and_nothing_is_charged_or_declared_after(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    compared(api, bill(paid))
    asked = ask(api, by=BOTH_HATS)
    assert asked.status_code == 202, asked.text
    assert decide(api, asked.json(), by=BOTH_HATS).json()["type"] == "same-person-twice"
    assert ask(api).json()["id"] == asked.json()["id"]
    assert decide(api, asked.json()).status_code == 200
    assert read(api, f"/v1/periods/{JULY}")["state"] == "closed"
    refusals = [
        post(api, "/v1/charge-runs", {"period": JULY}, by=OFFICER),
        post(api, "/v1/declarations", {"period": JULY, "without_statements": True}, by=OFFICER),
        ask(api),
    ]
    assert [(one.status_code, one.json()["type"]) for one in refusals] == [(409, "period-closed")] * 3
    august = post(api, "/v1/charge-runs", {"period": "2026-08"}, by=OFFICER)
    assert august.status_code == 202


def test_it_waits_for_each_step_and_every_explanation(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    assert waits_for(api) == ["the bill for a declaration"]
    sent = billing.send(api, bill(paid, lines=paid.lines[1:])).json()
    assert waits_for(api) == ["the comparison of a notice"]
    compare_notice(notice_id=sent["id"])
    assert waits_for(api) == ["explanations of differences (3)"]
    words = {"reason": "missing", "words": "asked the State"}
    post(api, f"/v1/payment-notices/{sent['id']}/explanations", words)
    assert ask(api).status_code == 202


def test_a_month_that_was_not_declared_or_is_not_over_is_not_closed(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    assert waits_for(api, "2026-06") == ["its declaration"]
    refused = ask(api, "2026-08")
    assert (refused.status_code, refused.json()["type"]) == (409, "period-not-over")
    assert ask(api, by=tokens.staff("periods:read")).status_code == 403


def test_what_changed_since_it_was_asked_for_is_not_closed(api: TestClient, paid: Payroll) -> None:
    compared(api, bill(paid))
    asked = ask(api).json()
    stranger = {"document": "99999999999", "wage_minor": 100, "branches": {"sfs": 100}}
    compared(api, bill(paid, reference="AUD-1", type="audit", lines=[stranger]))
    assert decide(api, asked).json()["type"] == "content-changed"
    assert waits_for(api) == ["explanations of differences (1)"]


def test_a_refused_closing_leaves_it_open_and_may_be_asked_for_anew(api: TestClient, paid: Payroll) -> None:
    compared(api, bill(paid))
    first = ask(api).json()
    assert decide(api, first, "refuse").json()["state"] == "refused"
    assert read(api, f"/v1/periods/{JULY}")["state"] == "open"
    assert decide(api, ask(api).json()).status_code == 200


def test_a_charge_run_that_races_the_closing_leaves_no_closed_month_being_charged(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    factories.member(session)
    compared(api, bill(paid))
    asked = ask(api).json()
    decided, charged = at_once(
        lambda: decide(api, asked), lambda: post(api, "/v1/charge-runs", {"period": JULY}, by=OFFICER)
    )
    [closing] = session.exec(select(PeriodClosing)).all()
    if decided.status_code == 200:
        assert (closing.state, charged.json()["type"]) == ("closed", "period-closed")
    else:
        assert (closing.state, decided.json()["type"]) == ("pending", "period-not-settled")
        assert charged.status_code == 202
