"""The end of the month: the payroll is filed, the State's notice compared and paid, cover follows."""

from uuid import uuid4

from deploy.demo.collecting import import_statement
from deploy.demo.facts import BANK_ACCOUNT, CLOSED_ON, PERIOD, REMITTED_ON, Facts
from deploy.demo.office import Office


def declare(office: Office, facts: Facts) -> None:
    """Draw up the payroll from those who have paid, and file it by two people."""
    accountant, second = office["accountant"], office["accountant-2"]
    facts.statement_lines.append((CLOSED_ON, "COM-07", "COMISION BANCARIA", -500_00))
    import_statement(office, facts)
    drawn = accountant.post("/api/contributions/v1/declarations", {"period": PERIOD}, key=str(uuid4()))
    where = f"/api/contributions/v1/declarations/{drawn['id']}"
    drawn = office.wait(
        "drawing up the payroll",
        lambda: accountant.get(where),
        until=lambda seen: seen["state"] == "drawn",
        done=lambda seen: seen["lines"] + seen["left_out"],
        total=drawn["candidates"],
    )
    office.say(f"{drawn['lines']} on the payroll, {drawn['left_out']} left out, each with the reason")
    second.approve("contributions", accountant.post(f"{where}/filings", key=str(uuid4())))
    facts.declaration = office.wait(
        "the agency fetches and accepts it",
        lambda: accountant.get(where),
        until=lambda seen: seen["state"] == "accepted",
    )


def reconcile(office: Office, facts: Facts) -> None:
    """Compare the notice with what was declared and collected; every difference gets its reason."""
    accountant = office["accountant"]
    [facts.notice] = office.wait(
        "the payment notice comes in and is compared",
        lambda: accountant.get("/api/contributions/v1/payment-notices", period=PERIOD)["items"],
        until=lambda seen: bool(seen) and seen[0]["state"] == "compared",
    )
    where = f"/api/contributions/v1/payment-notices/{facts.notice['id']}/differences"
    differences = accountant.get(where)["items"]
    for one in differences:
        office.say(f"billed {one['amount']['amount']} more than declared: {one['reason']}")


def remit(office: Office, facts: Facts) -> None:
    """Order the payment by two people; the bank's statement confirms it; members are covered."""
    accountant, second = office["accountant"], office["accountant-2"]
    body = {"notice_id": facts.notice["id"], "account": BANK_ACCOUNT, "shortfall_account": "reserve"}
    asked = accountant.post("/api/contributions/v1/remittances", body, key=str(uuid4()))
    second.approve("contributions", asked)
    total = -int(facts.notice["billed"]["amount"].replace(".", ""))
    facts.statement_lines.append((REMITTED_ON, facts.notice["reference"], "TSS PAGO NOTIFICACION", total))
    import_statement(office, facts)
    expected = facts.declaration["lines"]
    office.wait(
        "cover of each member",
        lambda: accountant.get(f"/api/contributions/v1/periods/{PERIOD}"),
        until=lambda seen: seen["covered"] >= expected,
        done=lambda seen: seen["covered"],
        total=expected,
    )
