"""One member's month, from joining to the benefit paid in cash, as each person in it lives it."""

import hashlib
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.demo.facts import BANK_ACCOUNT
from deploy.demo.people import Refused
from deploy.sandbox.agency import Person, owed, read_payroll, wrong_item
from tests.journeys.mutual import MONTHLY_MINOR, Mutual, minor, money

PERIOD = "2026-07"
CUT_OFF_ON, CLOSED_ON, REMITTED_ON = date(2026, 7, 31), date(2026, 8, 3), date(2026, 8, 4)
RELAYED_ON = date(2026, 8, 12)
BENEFIT_MINOR = 11_052_72


def test_one_members_month(mutual: Mutual) -> None:
    member = joins(mutual)
    is_charged(mutual, member)
    pays(mutual, member)
    declaration = is_declared(mutual, member)
    notice = is_billed(mutual, declaration)
    is_covered(mutual, member, notice)
    payout = is_sent_a_benefit(mutual, member)
    is_paid_it(mutual, member, payout)
    told = mutual["administrator"].get(f"/api/contributions/v1/members/{member['id']}/statement")["items"]
    happened = [(one["kind"], one["period"], one["amount"] and minor(one["amount"])) for one in told]
    assert happened == [
        ("coverage", PERIOD, None),
        ("payment", None, MONTHLY_MINOR),
        ("charge", PERIOD, MONTHLY_MINOR),
    ]
    assert sum(minor(line["amount"]) for line in told[2]["lines"]) == MONTHLY_MINOR
    mutual.verify()


def joins(mutual: Mutual) -> dict[str, Any]:
    """The State has authorised, by two people; one promoter registers, another verifies."""
    [authorisation] = mutual["administrator"].get("/api/registry/v1/authorisations")["items"]
    assert authorisation["state"] == "in_force"
    assert authorisation["put_in_force_by"] != authorisation["proposed_by"]
    member = mutual.register(given_names="Altagracia")
    assert (member["state"], member["identity_verified"]) == ("applicant", False)
    verification = f"/api/registry/v1/members/{member['id']}/verifications"
    with pytest.raises(Refused, match="same-person-twice"):
        mutual["promoter"].post(verification)
    mutual["promoter-2"].post(verification)
    assert mutual["administrator"].get(f"/api/registry/v1/members/{member['id']}")["state"] == "active"
    mutual.phones.text(member["phone"], "bienvenida", "Altagracia", member["member_number"])
    return member


def is_charged(mutual: Mutual, member: dict[str, Any]) -> None:
    """The month is charged as the quote at the counter said."""
    mutual.charge([member["id"]])
    quote = mutual["cashier"].get(
        "/api/contributions/v1/schemes/do-sdss/quote", wage="18421.20", on="2026-07-31", risk_class="I"
    )
    assert minor(quote["total"]) == MONTHLY_MINOR
    account = mutual["cashier"].get(f"/api/contributions/v1/members/{member['id']}/account")
    assert [(one["period"], minor(one["outstanding"])) for one in account["charges"]] == [
        (PERIOD, MONTHLY_MINOR)
    ]
    mutual.phones.text(member["phone"], "aporte de julio", "RD$3,905.29")


def pays(mutual: Mutual, member: dict[str, Any]) -> None:
    """At the counter; whoever holds the receipt can check it, and learns nothing of the person."""
    body = {"member_id": member["id"], "amount": money(MONTHLY_MINOR)}
    paid = mutual["cashier"].post("/api/contributions/v1/payments", body, key=str(uuid4()))
    assert (minor(paid["outstanding"]), minor(paid["credit"])) == (0, 0)
    receipt = paid["receipt"]
    told = mutual.phones.text(member["phone"], "recibimos RD$3,905.29", f"Recibo {receipt['number']}")
    assert f"/r/{receipt['check_code']}" in told
    page = httpx.get(f"{mutual.system.url}/r/{receipt['check_code']}", headers={"Accept-Language": "es"})
    assert page.status_code == 200
    assert "3,905.29" in page.text
    assert "Altagracia" not in page.text


def is_declared(mutual: Mutual, member: dict[str, Any]) -> dict[str, Any]:
    """On the payroll, filed by two people, fetched and accepted by the agency, by no other agency."""
    accountant, second = mutual["accountant"], mutual["accountant-2"]
    mutual.move_to(CLOSED_ON)
    import_statement(mutual, f"{CLOSED_ON:%d/%m/%Y},COM-07,COMISION BANCARIA,500.00,")
    drawn = accountant.post("/api/contributions/v1/declarations", {"period": PERIOD}, key=str(uuid4()))
    where = f"/api/contributions/v1/declarations/{drawn['id']}"
    mutual.wait(lambda: accountant.get(where)["state"] == "drawn", "the payroll is drawn up")
    asked = accountant.post(f"{where}/filings", key=str(uuid4()))
    with pytest.raises(Refused, match="same-person-twice"):
        accountant.approve("contributions", asked)
    second.approve("contributions", asked)

    agency, other = mutual.caller("agency"), mutual.caller("other agency")
    assert other.get("/agency/v1/declarations").json()["items"] == []
    filed = agency.get(f"/agency/v1/declarations/{drawn['id']}").json()
    content = agency.get(f"/agency/v1/declarations/{drawn['id']}/file").content
    assert hashlib.sha256(content).hexdigest() == filed["sha256"]
    assert member["document"] in {line.document for line in read_payroll(content)}
    agency.post(f"/agency/v1/declarations/{drawn['id']}/acceptances", {"reference": "SUIR-2026-07-0001"})
    accepted: dict[str, Any] = accountant.get(where)
    assert (accepted["state"], accepted["acceptance_reference"]) == ("accepted", "SUIR-2026-07-0001")
    return accepted


def is_billed(mutual: Mutual, declaration: dict[str, Any]) -> dict[str, Any]:
    """The agency reckons for itself, and bills what was declared."""
    agency = mutual.caller("agency")
    content = agency.get(f"/agency/v1/declarations/{declaration['id']}/file").content
    lines = [
        {
            "document_type": line.document_type,
            "document": line.document,
            "wage": money(line.wage_minor),
            "branches": {branch: money(amount) for branch, amount in owed(line.wage_minor, Person()).items()},
        }
        for line in read_payroll(content)
    ]
    bill = {
        "reference": "NP-202607-0001",
        "declaration_id": declaration["id"],
        "type": "AM",
        "period": PERIOD,
        "issued_on": "2026-08-03",
        "due_on": "2026-08-05",
        "total": money(len(lines) * MONTHLY_MINOR),
        "lines": lines,
    }
    sent = agency.post("/agency/v1/payment-notices", bill, key="NP-202607-0001").json()
    where = f"/api/contributions/v1/payment-notices/{sent['id']}"
    accountant = mutual["accountant"]
    mutual.wait(lambda: accountant.get(where)["state"] == "compared", "the notice is compared")
    notice: dict[str, Any] = accountant.get(where)
    assert (minor(notice["difference"]), notice["open_differences"]) == (0, 0)
    assert notice["billed"] == declaration["total"]
    return notice


def is_covered(mutual: Mutual, member: dict[str, Any], notice: dict[str, Any]) -> None:
    """Two people order the remittance; cover follows the bank's evidence, and nothing before it."""
    accountant, second = mutual["accountant"], mutual["accountant-2"]
    coverage = f"/api/contributions/v1/members/{member['id']}/coverage"
    mutual.move_to(REMITTED_ON)
    body = {"notice_id": notice["id"], "account": BANK_ACCOUNT}
    asked = accountant.post("/api/contributions/v1/remittances", body, key=str(uuid4()))
    second.approve("contributions", asked)
    remittance = f"/api/contributions/v1/remittances/{asked['subject_id']}"
    assert accountant.get(remittance)["state"] == "ordered"
    assert accountant.get(coverage)["months"][0]["state"] == "pending"

    total = notice["billed"]["amount"]
    import_statement(mutual, f"{REMITTED_ON:%d/%m/%Y},{notice['reference']},TSS PAGO NOTIFICACION,{total},")
    mutual.wait(lambda: accountant.get(coverage)["months"][0]["state"] == "covered", "the month is covered")
    assert accountant.get(remittance)["state"] == "confirmed"
    month = accountant.get(coverage)["months"][0]
    assert (month["period"], month["reference"]) == (PERIOD, notice["reference"])
    mutual.phones.text(member["phone"], "aporte de julio", "cobertura hasta")


def is_sent_a_benefit(mutual: Mutual, member: dict[str, Any]) -> dict[str, Any]:
    """The agency announces money for the member and, by mistake, for somebody else; the bank brings it."""
    agency, officer = mutual.caller("agency"), mutual["benefits"]
    mutual.move_to(RELAYED_ON)
    item = {
        "reference": "1",
        "document": {"type": "C", "number": member["document"]},
        "name": "ALTAGRACIA MUESTRA",
        "amount": money(BENEFIT_MINOR),
        "case_number": "EXP-1",
    }
    items = [item, wrong_item(2)]
    total = money(sum(minor(one["amount"]) for one in items))
    announced = {"reference": "SUB-1", "benefit": "maternity", "declared_count": 2, "declared_total": total}
    made = agency.post("/agency/v1/disbursements", announced | {"bank_reference": "TRF-SUB-1"}).json()
    agency.post(f"/agency/v1/disbursements/{made['id']}/items", {"items": items})
    agency.post(f"/agency/v1/disbursements/{made['id']}/completions", {})

    import_statement(mutual, f"{RELAYED_ON:%d/%m/%Y},TRF-SUB-1,TSS SUBSIDIOS,,{total['amount']}")
    where = f"/api/benefits/v1/disbursements/{made['id']}"
    mutual.wait(lambda: officer.get(where)["funded_on"] is not None, "the money is there")
    [stranger] = officer.get("/api/benefits/v1/quarantine")["items"]
    assert (stranger["reference"], stranger["reason"]) == ("2", "no-member")
    [payout] = officer.get("/api/benefits/v1/payouts", member_id=member["id"])["items"]
    mutual.phones.text(member["phone"], "el Estado", "RD$11,052.72")
    found: dict[str, Any] = payout
    return found


def is_paid_it(mutual: Mutual, member: dict[str, Any], payout: dict[str, Any]) -> None:
    """Released by two people, handed out against the code of the SMS; the agency sees it."""
    officer, second, cashier = mutual["benefits"], mutual["benefits-2"], mutual["cashier"]
    where = f"/api/benefits/v1/disbursements/{payout['disbursement_id']}"
    asked = officer.post(f"{where}/releases", key=str(uuid4()))
    with pytest.raises(Refused, match="same-person-twice"):
        officer.approve("benefits", asked)
    second.approve("benefits", asked)
    code = mutual.phones.code(member["phone"])
    handing_out = f"/api/benefits/v1/payouts/{payout['id']}/cash-payments"
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    with pytest.raises(Refused, match="wrong-code"):
        cashier.post(handing_out, {"code": wrong}, key=str(uuid4()))
    assert cashier.post(handing_out, {"code": code}, key="handed-out")["state"] == "paid"
    assert cashier.post(handing_out, {"code": code}, key="handed-out")["state"] == "paid"
    mutual.phones.text(member["phone"], "RD$11,052.72", "en efectivo")

    status = mutual.caller("agency").get(f"/agency/v1/disbursements/{payout['disbursement_id']}").json()
    assert [(one["reference"], one["status"]) for one in status["items"]] == [
        ("1", "paid"),
        ("2", "quarantined"),
    ]
    [benefit] = officer.get(f"/api/benefits/v1/members/{member['id']}/benefits")["items"]
    assert (benefit["state"], minor(benefit["amount"])) == ("paid", BENEFIT_MINOR)


def import_statement(mutual: Mutual, *lines: str) -> None:
    """The accountant imports these lines of the bank's."""
    accountant = mutual["accountant"]
    content = "\n".join(["Fecha,Referencia,Descripción,Débito,Crédito", *lines, ""]).encode()
    path = "/api/contributions/v1/bank-statements"
    sent = accountant.upload(path, "banco.csv", content, account=BANK_ACCOUNT)
    mutual.wait(lambda: accountant.get(f"{path}/{sent['id']}")["state"] == "done", "the statement is read")
    assert accountant.get(f"{path}/{sent['id']}")["lines_rejected"] == 0
