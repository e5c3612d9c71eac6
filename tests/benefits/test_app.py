"""The service as a whole: closed by default, documented, and silent about illness."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from tests import tokens
from tests.benefits import factories, stories
from tests.benefits.stories import item

OPEN = {"/healthz", "/readyz", "/metrics"}


def operations(app: FastAPI) -> list[tuple[str, str, dict[str, Any]]]:
    paths = app.openapi()["paths"]
    return [(path, method, told) for path, methods in paths.items() for method, told in methods.items()]


def test_every_route_asks_for_a_token(app: FastAPI, api: TestClient) -> None:
    assert len(operations(app)) > 30
    for path, method, _ in operations(app):
        assert path not in OPEN
        answer = api.request(method, path.replace("{", "").replace("}", ""))
        assert answer.status_code == 401, path


def test_every_route_refuses_a_token_without_rights(app: FastAPI, api: TestClient) -> None:
    headers = tokens.headers(tokens.staff("nothing:useful")) | {"Idempotency-Key": "1"}
    for path, method, _ in operations(app):
        somewhere = path
        for name in ("disbursement_id", "order_id", "payout_id", "item_id", "member_id", "funding_id"):
            somewhere = somewhere.replace(f"{{{name}}}", str(uuid4()))
        somewhere = somewhere.replace("{return_id}", str(uuid4()))
        somewhere = somewhere.replace("{approval_id}", str(uuid4()))
        somewhere = somewhere.replace("{letter_id}", str(uuid4()))
        assert api.request(method, somewhere, headers=headers).status_code == 403, path


def test_every_route_documents_its_refusals(app: FastAPI) -> None:
    for path, _, told in operations(app):
        assert {"401", "403"} <= told["responses"].keys(), path
        assert told["summary"], path


def test_the_machines_endpoints_answer(api: TestClient) -> None:
    assert api.get("/healthz").status_code == 200
    assert "amparo_http" in api.get("/metrics").text


def test_other_parts_catch_up_from_the_outbox(api: TestClient, session: Session) -> None:
    answer = api.get("/internal/events", headers=tokens.headers(tokens.service()))
    assert (answer.status_code, answer.json()["events"]) == (200, [])
    client = tokens.headers(tokens.client("agency:disbursements", agency="sisalril"))
    assert api.get("/internal/events", headers=client).status_code == 403


def test_no_event_approval_or_audit_row_tells_what_a_benefit_is_for(
    api: TestClient, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    ana = factories.member(session)
    factories.account(session, ana)
    stories.released(
        api,
        session,
        item(ana),
        item(factories.member(session)),
        item(),
        benefit="occupational_disease",
    )
    for table in ("outbox", "approvals", "audit_log", "audit_details", "ledger_entries"):
        stored = factories.rows(session, f"SELECT {table}::text AS row FROM {table}")
        assert stored
        assert all("occupational" not in one.row for one in stored)
    assert "occupational" not in caplog.text


@pytest.mark.parametrize("table", ["fundings", "bank_orders", "bank_order_lines", "confirmations"])
def test_the_runtime_role_cannot_change_what_was_ordered_or_received(session: Session, table: str) -> None:
    for right in ("UPDATE", "DELETE", "TRUNCATE"):
        [row] = factories.rows(session, f"SELECT has_table_privilege('{table}', '{right}') AS may")
        assert row.may is False


def test_not_one_row_of_money_can_be_deleted(session: Session) -> None:
    for table in ("disbursements", "items", "payouts", "cases", "returns", "cash_codes", "ledger_entries"):
        [row] = factories.rows(session, f"SELECT has_table_privilege('{table}', 'DELETE') AS may")
        assert row.may is False
