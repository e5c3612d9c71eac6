"""Benefit money through: announced by the agency, funded, matched, released by two people, paid out."""

from typing import Any
from uuid import uuid4

import httpx

from deploy.demo.collecting import import_statement
from deploy.demo.facts import RELAYED_ON, Facts
from deploy.demo.office import Office

BY_BANK_EVERY = 2
"""One in so many beneficiaries has a bank account on record; the others come to the counter."""


def receive(office: Office, facts: Facts) -> None:
    """The agency's disbursement and the bank line that pays for it; one item is for nobody here."""
    officer = office["benefits"]
    [facts.disbursement] = office.wait(
        "the agency announces benefit money",
        lambda: officer.get("/api/benefits/v1/disbursements")["items"],
        until=lambda seen: bool(seen) and seen[0]["completed_at"] is not None,
    )
    _accounts(office, facts)
    total = int(facts.disbursement["declared_total"]["amount"].replace(".", ""))
    reference = facts.disbursement["bank_reference"]
    facts.statement_lines.append((RELAYED_ON, reference, "TSS SUBSIDIOS", total))
    import_statement(office, facts)
    where = f"/api/benefits/v1/disbursements/{facts.disbursement['id']}"
    office.wait(
        "the money is there and matched",
        lambda: officer.get(where),
        until=lambda seen: seen["funded_on"] is not None,
    )
    for item in officer.get("/api/benefits/v1/quarantine")["items"]:
        officer.post(
            f"/api/benefits/v1/items/{item['id']}/returns", {"reason": "not-a-member"}, key=str(uuid4())
        )
        office.say("one item was for nobody here: it goes back to the State")


def release(office: Office, facts: Facts, sms_url: str) -> None:
    """Two people release; the bank pays some, one comes back; the others bring their code."""
    officer, second = office["benefits"], office["benefits-2"]
    where = f"/api/benefits/v1/disbursements/{facts.disbursement['id']}"
    second.approve("benefits", officer.post(f"{where}/releases", key=str(uuid4())))
    _bank(office, facts)
    _counter(office, sms_url)


def _accounts(office: Office, facts: Facts) -> None:
    """Some beneficiaries' bank accounts, each put in force by a second person."""
    officer, second = office["benefits"], office["benefits-2"]
    path = f"/api/benefits/v1/payouts?disbursement_id={facts.disbursement['id']}&limit=200"
    for payout in officer.get(path)["items"][::BY_BANK_EVERY]:
        member = payout["member_id"]
        account = {
            "holder_name": "Titular Sintético",
            "bic": "XXXXDOSD",
            "account": f"{int(member[-8:], 16):012d}",
        }
        officer.post(f"/api/benefits/v1/members/{member}/payout-accounts", account, key=str(uuid4()))
    for approval in second.get("/api/benefits/v1/approvals", limit=200)["items"]:
        second.approve("benefits", approval)


def _bank(office: Office, facts: Facts) -> None:
    treasurer = office["accountant"]
    path = f"/api/benefits/v1/bank-orders?disbursement_id={facts.disbursement['id']}"
    for order in treasurer.get(path)["items"]:
        file = treasurer.fetch(f"/api/benefits/v1/bank-orders/{order['id']}/file", format="csv")
        references = [line.split(",")[0].strip('"') for line in file.decode("utf-8-sig").splitlines()[1:]]
        answers: list[dict[str, Any]] = [{"reference": one, "outcome": "paid"} for one in references]
        answers[-1] |= {"outcome": "failed", "reason": "cuenta cerrada"}
        done = treasurer.post(f"/api/benefits/v1/bank-orders/{order['id']}/confirmations", {"items": answers})
        office.say(f"the bank paid {done['paid']} and sent {done['failed']} back")


def _counter(office: Office, sms_url: str) -> None:
    """Members come with the code that their SMS told them; the last ones have not come yet."""
    cashier = office["cashier"]
    waiting = cashier.get("/api/benefits/v1/payouts", state="released", limit=200)["items"]
    messages = office.wait(
        "members get their code by SMS",
        lambda: _code_messages(office, waiting),
        until=lambda seen: len(seen) >= len(waiting),
        done=len,
        total=len(waiting),
    )
    codes = httpx.get(f"{sms_url}/codes").raise_for_status().json()
    told = [payout for payout in waiting if messages[payout["id"]] in codes]
    coming = told[: max(1, len(told) - 2)]
    for payout in coming:
        body = {"code": codes[messages[payout["id"]]]}
        path = f"/api/benefits/v1/payouts/{payout['id']}/cash-payments"
        cashier.post(path, body, key=f"cash-{payout['id']}")
    left = len(waiting) - len(coming)
    office.say(f"{len(coming)} were paid at the counter against their code; {left} have not come yet")


def _code_messages(office: Office, payouts: list[dict[str, Any]]) -> dict[str, str]:
    """The messages that brought codes and have been taken by the SMS gateway, by payout."""
    found: dict[str, str] = {}
    for payout in payouts:
        told = office["cashier"].get("/api/gateway/v1/messages", member_id=payout["member_id"])["items"]
        for message in told:
            if message["subject_id"] == payout["id"] and message["state"] in ("sent", "delivered", "failed"):
                found[payout["id"]] = message["id"]
    return found
