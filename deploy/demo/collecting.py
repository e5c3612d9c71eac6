"""The middle of the month: charging, cash at the counter, deposits at the bank, a mistake undone."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import uuid4

from deploy.demo.facts import BANK_ACCOUNT, COLLECTED_ON, PERIOD, Facts
from deploy.demo.office import Office

_COUNTERS = 8
_CASH, _BANK, _SHORT, _OVER = 0.35, 0.87, 0.90, 0.94
"""Up to which share of the members: in cash, at the bank, too little, too much; the others do not pay."""


def charge(office: Office, facts: Facts) -> None:
    """Charge everybody for the month, and remember what each one owes."""
    accountant = office["accountant"]
    run = accountant.post("/api/contributions/v1/charge-runs", {"period": PERIOD}, key=str(uuid4()))
    done = office.wait(
        "charging",
        lambda: accountant.get(f"/api/contributions/v1/charge-runs/{run['id']}"),
        until=lambda seen: seen["state"] != "running",
        done=lambda seen: seen["members_charged"],
        total=run["members_total"],
    )
    office.say(f"{done['members_charged']} members were charged {done['total']['amount']} DOP")
    facts.charged = _charged(office)


def _charged(office: Office) -> list[dict[str, Any]]:
    """Each member's id, number and what is due, in an order of its own."""
    administrator = office["administrator"]
    members: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = administrator.get("/api/registry/v1/members", state="active", limit=200, **after)["items"]
        members += page
        if len(page) < 200:
            break
        after = {"after": page[-1]["id"]}
    for first in range(0, len(members), 200):
        chunk = members[first : first + 200]
        body = {"member_ids": [member["id"] for member in chunk]}
        accounts = administrator.post("/api/contributions/v1/members/accounts", body)["items"]
        due = {account["member_id"]: account["due"]["amount"] for account in accounts}
        for member in chunk:
            member["due_minor"] = int(due.get(member["id"], "0.00").replace(".", ""))
    owing = [member for member in members if member["due_minor"]]
    random.Random(7).shuffle(owing)
    return owing


def take_cash(office: Office, facts: Facts) -> None:
    """Queues at the counter: several payments at any moment, and one that is typed wrongly and undone."""
    queue = facts.charged[: int(len(facts.charged) * _CASH)]
    cashier = office["cashier"]
    with office.progress() as progress, ThreadPoolExecutor(_COUNTERS) as counters:
        bar = progress.add_task("taking payments at the counter", total=len(queue))

        def take(member: dict[str, Any]) -> Any:
            body = {"member_id": member["id"], "amount": _money(member["due_minor"])}
            taken = cashier.post("/api/contributions/v1/payments", body, key=f"cash-{member['id']}")
            progress.advance(bar)
            return taken

        taken = list(counters.map(take, queue))
    mistake = cashier.post(
        "/api/contributions/v1/payments",
        {"member_id": queue[0]["id"], "amount": _money(queue[0]["due_minor"])},
        key="cash-typed-twice",
    )
    path = f"/api/contributions/v1/payments/{mistake['id']}/reversals"
    asked = cashier.post(path, {"reason": "Cobrado dos veces por error"}, key=str(uuid4()))
    office["accountant"].approve("contributions", asked)
    office.say(f"{len(taken)} receipts; one payment was taken twice and undone by two people")


def bank_deposits(office: Office, facts: Facts) -> None:
    """The bank's statement of the month: deposits that name a member, some of them not quite."""
    dice, count = random.Random(facts.seed), len(facts.charged)
    at_bank = facts.charged[int(count * _CASH) : int(count * _OVER)]
    for place, member in enumerate(at_bank, start=int(count * _CASH)):
        share, owed = place / count, member["due_minor"]
        amount = owed if share < _BANK else owed // 2 if share < _SHORT else owed + 500_00
        day = date(2026, 7, dice.randint(2, COLLECTED_ON.day))
        facts.statement_lines.append((day, member["member_number"], "DEPOSITO EN VENTANILLA", amount))
    for number in range(1, 4):
        facts.statement_lines.append((COLLECTED_ON, f"SN-{number}", "DEPOSITO SIN NOMBRE", 1_000_00 * number))
    import_statement(office, facts)
    settle_one(office, facts)


def import_statement(office: Office, facts: Facts) -> dict[str, Any]:
    """Import the bank's statement so far: what was on an earlier one is not counted twice."""
    accountant = office["accountant"]
    sent = accountant.upload(
        "/api/contributions/v1/bank-statements", "banco.csv", _statement(facts), account=BANK_ACCOUNT
    )
    done: dict[str, Any] = office.wait(
        "importing the bank statement",
        lambda: accountant.get(f"/api/contributions/v1/bank-statements/{sent['id']}"),
        until=lambda seen: seen["state"] != "running",
        done=lambda seen: seen["lines_done"],
        total=len(facts.statement_lines),
    )
    office.say(
        f"{done['lines_posted']} posted, {done['lines_suspense']} in suspense,"
        f" {done['lines_known']} known before, {done['lines_outgoing'] + done['lines_benefit']} others"
    )
    return done


def settle_one(office: Office, facts: Facts) -> None:
    """Somebody comes with the slip of a deposit that named nobody."""
    accountant = office["accountant"]
    [line, *_] = accountant.get("/api/contributions/v1/bank-lines", state="suspense")["items"]
    whose = facts.charged[-1]
    path = f"/api/contributions/v1/bank-lines/{line['id']}/settlements"
    accountant.post(path, {"member_id": whose["id"]}, key=str(uuid4()))
    office.say("one deposit without a name found its member")


def _statement(facts: Facts) -> bytes:
    rows = ["Fecha,Referencia,Descripción,Débito,Crédito"]
    for day, reference, description, minor in facts.statement_lines:
        amount = f"{abs(minor) // 100}.{abs(minor) % 100:02d}"
        debit, credit = ("", amount) if minor > 0 else (amount, "")
        rows.append(f"{day:%d/%m/%Y},{reference},{description},{debit},{credit}")
    return ("\n".join(rows) + "\n").encode()


def _money(minor: int) -> dict[str, str]:
    return {"amount": f"{minor // 100}.{minor % 100:02d}", "currency": "DOP"}
