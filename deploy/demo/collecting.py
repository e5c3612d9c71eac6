"""The middle of the month: charging, cash at the counter, deposits at the bank, a mistake undone."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import uuid4

from deploy.demo.facts import BANK_ACCOUNT, COLLECTED_ON, NEXT_PERIOD, PERIOD, Facts
from deploy.demo.office import Office

RESERVE = "APORTE-RESERVA"
_COUNTERS = 8
_PAGE = 200
_CASH, _BANK, _SHORT, _OVER = 0.35, 0.87, 0.90, 0.94
"""Up to which share of the members: in cash, at the bank, too little, too much; the others do not pay."""


def charge(office: Office, facts: Facts, period: str = PERIOD) -> None:
    """Charge everybody for a month, and remember what each one owes."""
    accountant, members = office["accountant"], _members(office)
    office.wait(
        "the counter gets to know them",
        lambda: len(_dues(office, members)),
        until=lambda seen: seen == len(members),
        done=lambda seen: int(seen),
        total=len(members),
    )
    run = accountant.post("/api/contributions/v1/charge-runs", {"period": period}, key=str(uuid4()))
    done = office.wait(
        "charging",
        lambda: accountant.get(f"/api/contributions/v1/charge-runs/{run['id']}"),
        until=lambda seen: seen["state"] != "running",
        done=lambda seen: int(seen["members_charged"]),
        total=run["members_total"],
    )
    office.say(f"{done['members_charged']} members were charged {done['total']['amount']} DOP")
    dues = _dues(office, members)
    facts.charged = [member | {"due_minor": dues[member["id"]]} for member in members if dues[member["id"]]]
    random.Random(facts.seed).shuffle(facts.charged)


def _members(office: Office) -> list[dict[str, Any]]:
    """Every active member, by the pages of the list."""
    members: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = office["administrator"].get("/api/registry/v1/members", state="active", limit=_PAGE, **after)[
            "items"
        ]
        members += page
        if len(page) < _PAGE:
            return members
        after = {"after": page[-1]["id"]}


def _dues(office: Office, members: list[dict[str, Any]]) -> dict[str, int]:
    """What each of these members owes, in centavos; who is not known at the counter yet is missing."""
    dues: dict[str, int] = {}
    for first in range(0, len(members), _PAGE):
        body = {"member_ids": [member["id"] for member in members[first : first + _PAGE]]}
        found = office["administrator"].post("/api/contributions/v1/members/accounts", body)["items"]
        dues |= {account["member_id"]: _minor(account["due"]) for account in found}
    return dues


def take_cash(office: Office, facts: Facts) -> None:
    """Queues at the counter, and a payment that is taken twice by mistake, and undone by two people."""
    queue = facts.charged[: int(len(facts.charged) * _CASH)]
    _queue(office, queue)
    asked = _mistake(office, queue[0])
    office["accountant"].approve("contributions", asked)
    office.say(f"{len(queue)} receipts; one payment was taken twice and undone by two people")


def begin_next_month(office: Office, facts: Facts) -> None:
    """The month goes on: the next charges, some payments, and a mistake that waits for a second person."""
    charge(office, facts, NEXT_PERIOD)
    queue = facts.charged[: int(len(facts.charged) * _CASH / 2)]
    _queue(office, queue)
    _mistake(office, queue[0])
    office.say("one payment was taken twice: undoing it waits for a second person")


def _queue(office: Office, queue: list[dict[str, Any]]) -> None:
    """Take what these members owe, several payments at any moment."""
    cashier = office["cashier"]
    with office.progress() as progress, ThreadPoolExecutor(_COUNTERS) as counters:
        bar = progress.add_task("taking payments at the counter", total=len(queue))

        def take(member: dict[str, Any]) -> None:
            body = {"member_id": member["id"], "amount": _money(member["due_minor"])}
            cashier.post("/api/contributions/v1/payments", body, key=str(uuid4()))
            progress.advance(bar)

        list(counters.map(take, queue))


def _mistake(office: Office, member: dict[str, Any]) -> Any:
    """Take a member's money twice, and ask for the second payment to be undone."""
    cashier = office["cashier"]
    body = {"member_id": member["id"], "amount": _money(member["due_minor"])}
    taken = cashier.post("/api/contributions/v1/payments", body, key=str(uuid4()))
    path = f"/api/contributions/v1/payments/{taken['id']}/reversals"
    return cashier.post(path, {"reason": "Cobrado dos veces por error"}, key=str(uuid4()))


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
    facts.statement_lines.append((COLLECTED_ON, RESERVE, "APORTE PROPIO DE LA MUTUAL", 25_000_00))
    import_statement(office, facts)
    settle_one(office, facts)
    fund_reserve(office)


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
    waiting = accountant.get("/api/contributions/v1/bank-lines", state="suspense")["items"]
    line = next(line for line in waiting if line["reference"] != RESERVE)
    whose = facts.charged[-1]
    path = f"/api/contributions/v1/bank-lines/{line['id']}/settlements"
    accountant.post(path, {"member_id": whose["id"]}, key=str(uuid4()))
    office.say("one deposit without a name found its member")


def fund_reserve(office: Office) -> None:
    """The mutual's own money on the account: named as such by two people, for what the State bills beyond."""
    accountant = office["accountant"]
    waiting = accountant.get("/api/contributions/v1/bank-lines", state="suspense")["items"]
    line = next(line for line in waiting if line["reference"] == RESERVE)
    body = {"bank_line_id": line["id"], "account": "reserve"}
    asked = accountant.post("/api/contributions/v1/fundings", body, key=str(uuid4()))
    office["accountant-2"].approve("contributions", asked)
    office.say("25,000.00 of the mutual's own money stand by for shortfalls, by two people")


def _statement(facts: Facts) -> bytes:
    rows = ["Fecha,Referencia,Descripción,Débito,Crédito"]
    for day, reference, description, minor in facts.statement_lines:
        amount = f"{abs(minor) // 100}.{abs(minor) % 100:02d}"
        debit, credit = ("", amount) if minor > 0 else (amount, "")
        rows.append(f"{day:%d/%m/%Y},{reference},{description},{debit},{credit}")
    return ("\n".join(rows) + "\n").encode()


def _money(minor: int) -> dict[str, str]:
    return {"amount": f"{minor // 100}.{minor % 100:02d}", "currency": "DOP"}


def _minor(money: dict[str, str]) -> int:
    return int(money["amount"].replace(".", ""))
