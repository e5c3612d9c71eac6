"""What goes otherwise than planned is no break: bills that differ, money that comes back, payments undone."""

from collections.abc import Callable, Mapping
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from deploy.databases import Database
from deploy.verify import report
from services.contributions.coverages.jobs import grant_coverage, withdraw_coverage
from services.kit import ids
from tests.benefits import factories as benefits
from tests.benefits import stories
from tests.contributions import billing
from tests.contributions.declarations import test_drawing as payrolls
from tests.contributions.payments import test_reversing as reversals
from tests.contributions.payments.test_endpoints import take
from tests.deploy.verify import mutual
from tests.deploy.verify.mutual import PARTS, SECRET_KEY


@pytest.fixture(scope="session")
def eventful(make_database: Callable[[str], Database]) -> Mapping[str, Database]:
    made = {part: make_database(part) for part in PARTS}
    with mutual.settled_in(made):
        members = mutual.begin(made)
        bill_that_differs(members)
        mutual.deliver(made)
        relay_that_fails(members)
        mutual.deliver(made)
        mutual.seal()
    return made


def bill_that_differs(members: dict[str, UUID]) -> None:
    """Late, credited, one missing, one unknown; paid, sent back, paid again; and then payments are undone."""
    from services.contributions.app import create_app

    with (
        TestClient(create_app(), raise_server_exceptions=False) as api,
        mutual.session_of("contributions") as session,
    ):
        mutual.charge(api)
        paid = {name: take(api, members[name], "4000.00").json() for name in ("ana", "eva", "noe")}
        billing.statement(api, "06/07/2026,X-1,QUIEN SABE,,4100.00")
        [line] = billing.lines_in(api, "suspense")
        settle = f"/v1/bank-lines/{line['id']}/settlements"
        settled = billing.post(api, settle, {"member_id": str(members["leo"])})
        assert settled.status_code == 200, settled.text
        billing.fund(api, 9_000_00)
        drawn = payrolls.draw(api, {}, size=100)
        payrolls.file(api, drawn["id"])
        lines = billing.charged(session, UUID(drawn["id"]))
        payroll = billing.Payroll(UUID(drawn["id"]), list(members.values()), lines)
        stranger = billing.changed(lines[1]) | {"document": "99977777777"}
        lower = billing.changed(lines[2], svds=-1)
        bill = billing.bill(
            payroll, lines=[lines[1], lower, lines[3], stranger], late_minor=50_00, credits_minor=20_00
        )
        notice = billing.compared(api, bill)
        for reason in ("missing", "unknown"):
            told = billing.post(
                api,
                f"/v1/payment-notices/{notice['id']}/explanations",
                {"reason": reason, "words": "so the State says"},
            )
            assert told.status_code in (200, 201, 202), told.text
        # One member's payment is undone before the bill is paid: the mutual advances it.
        undone = reversals.decide(api, reversals.ask(api, paid["ana"]).json())
        assert undone.status_code == 200, undone.text
        first = billing.remitted(api, notice, shortfall_account="reserve")
        asked = billing.post(api, f"/v1/remittances/{first}/returns", {"reason": "account closed"})
        assert asked.status_code == 202, asked.text
        assert billing.decide(api, asked.json()).status_code == 200
        withdraw_coverage(remittance_id=first)
        amount = notice["billed"]["amount"]
        billing.statement(api, f"05/08/2026,{notice['reference']},DEVOLUCION,,{amount}")
        second = billing.order(api, notice["id"], shortfall_account="reserve")
        billing.statement(api, f"06/08/2026,{notice['reference']},TSS PAGO,{amount},")
        grant_coverage(remittance_id=second)
        later = session.connection().exec_driver_sql(
            "SELECT id FROM payments WHERE member_id = %s", (members["leo"],)
        )
        [[payment_id]] = later.fetchall()
        assert reversals.decide(api, reversals.ask(api, {"id": payment_id}).json()).status_code == 200
        billing.statement(api, "07/07/2026,SUB-78,TSS SUBSIDIOS MATERNIDAD,,200.00")


def relay_that_fails(members: dict[str, UUID]) -> None:
    """By bank: one bounces and goes back to the State, one fails and goes out again."""
    from services.benefits.app import create_app
    from services.benefits.members import member

    api = TestClient(create_app(), raise_server_exceptions=False)
    with mutual.session_of("benefits") as session:
        items = []
        for name in ("ana", "eva"):
            owner = member(session, members[name])
            assert owner is not None
            benefits.account(session, owner)
            items.append(stories.item(owner, reference=name))
        told = stories.disbursement(api, *items, bank_reference="SUB-78")
        stories.release(api, told)
        [order] = stories.get(
            api, "/v1/bank-orders", by=stories.OFFICER, disbursement_id=str(told.id)
        ).json()["items"]
        ana, eva = stories.payouts(api, told)
        confirm(api, order, ana, "paid")
        confirm(api, order, ana, "returned")
        confirm(api, order, eva, "failed")
        asked = stories.post(
            api, f"/v1/payouts/{ana['id']}/returns", {"reason": "deceased"}, by=stories.OFFICER
        )
        assert stories.decide(api, asked.json()["id"]).status_code == 200


def confirm(api: TestClient, order: dict[str, str], payout: dict[str, str], outcome: str) -> None:
    given = {
        "reference": f"{payout['id'].replace('-', '')}-{payout['attempt']}",
        "outcome": outcome,
        "value_on": "2026-07-20",
        "bank_reference": str(ids.new_id()),
        "reason": None if outcome == "paid" else "AC04",
    }
    path = f"/v1/bank-orders/{order['id']}/confirmations"
    answer = stories.post(api, path, {"items": [given]}, by=stories.CASHIER)
    assert answer.status_code in (200, 201), answer.text
    assert not answer.json().get("refused"), answer.text


def test_what_goes_otherwise_than_planned_still_holds(eventful: Mapping[str, Database]) -> None:
    urls = {part: one.url for part, one in eventful.items()}  # the runtime role may read it all
    findings = report.verify(urls, secret_key=SECRET_KEY)
    assert [(one.title, one.offending) for one in findings if not one.holds] == []
    checked = {one.title: one.checked for one in findings}
    assert checked["whoever is covered was told"] == 3
