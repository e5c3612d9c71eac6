"""From paid members to a bill of the State and its payment: what several features' tests begin with."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session

from services.contributions.bank.jobs import import_statement
from services.contributions.books import entries
from services.contributions.coverages.jobs import grant_coverage
from services.contributions.notices.jobs import compare_notice
from services.kit import ledger
from services.kit.principals import Principal
from tests import tokens
from tests.contributions import factories
from tests.contributions.declarations.test_drawing import draw, file
from tests.contributions.payments.test_endpoints import take

TSS = tokens.client("agency:declarations", "agency:notices", agency="TSS")
ACCOUNTANT = tokens.staff(
    "approvals:read",
    "notices:record",
    "declarations:read",
    "remittances:order",
    "suspense:settle",
    "statements:import",
    "periods:read",
    "ledger:read",
    "coverage:read",
    "payments:read",
)
SECOND = tokens.staff("approvals:read", "remittances:approve", totp=True)
HEAD = "Fecha,Referencia,Descripción,Débito,Crédito\n"
BRANCHES = {
    "sfs": ("sfs_worker", "sfs_employer", "additional_dependants"),
    "svds": ("svds_worker", "svds_employer"),
    "srl": ("srl",),
}


@dataclass
class Payroll:
    """A filed declaration of July, its members in the order of its lines, and what each was charged."""

    id: UUID
    members: list[UUID]
    lines: list[dict[str, Any]] = field(default_factory=list)

    @property
    def total_minor(self) -> int:
        return sum(minor for line in self.lines for minor in line["branches"].values())


def payroll(session: Session, api: TestClient, *members: dict[str, Any], amount: str = "8000.00") -> Payroll:
    """File July's declaration of members who have all paid; each dict is one member's own fields."""
    factories.authorisation(session)
    made = [factories.member(session, **given) for given in members or ({}, {}, {})]
    factories.charge_period(session)
    for member_id in made:
        assert take(api, member_id, amount).status_code == 201
    drawn = draw(api, {}, size=100)
    assert drawn["lines"] == len(made), drawn
    file(api, drawn["id"])
    session.expire_all()
    return Payroll(UUID(drawn["id"]), made, charged(session, UUID(drawn["id"])))


def charged(session: Session, declaration_id: UUID) -> list[dict[str, Any]]:
    """The payroll's lines with the amount of each branch, as the charges say."""
    rows = session.execute(
        text(
            "SELECT line.document_number, line.wage_minor, charged.line, charged.amount_minor"
            " FROM declaration_lines line JOIN charge_lines charged USING (charge_id)"
            " WHERE declaration_id = :id ORDER BY line.line_number"
        ),
        {"id": declaration_id},
    )
    found: dict[str, dict[str, Any]] = {}
    for document, wage_minor, code, minor in rows:
        line = found.setdefault(document, {"document": document, "wage_minor": wage_minor, "branches": {}})
        branch = next(name for name, codes in BRANCHES.items() if code in codes)
        line["branches"][branch] = line["branches"].get(branch, 0) + minor
    return list(found.values())


def money(minor: int) -> dict[str, str]:
    return {"amount": decimal(minor), "currency": "DOP"}


def decimal(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def bill(paid: Payroll, **given: Any) -> dict[str, Any]:
    """A notice that bills exactly what was declared; `lines` and other fields may be given instead."""
    lines = given.pop("lines", paid.lines)
    late_minor, credits_minor = given.pop("late_minor", 0), given.pop("credits_minor", 0)
    total = sum(minor for line in lines for minor in line["branches"].values()) + late_minor - credits_minor
    return {
        "reference": "NP-202607-0001",
        "declaration_id": str(paid.id),
        "type": "AM",
        "period": "2026-07",
        "issued_on": "2026-07-20",
        "due_on": "2026-08-05",
        "total": money(total),
        "late_charge": money(late_minor),
        "credits": money(credits_minor),
        "lines": [
            {
                "document_type": "C",
                "document": line["document"],
                "wage": money(line["wage_minor"]),
                "branches": {branch: decimal(minor) for branch, minor in line["branches"].items()},
            }
            for line in lines
        ],
    } | given


def changed(line: dict[str, Any], *, wage_minor: int | None = None, **more: int) -> dict[str, Any]:
    """A line with some branches billed higher (or lower) by so much."""
    branches = {branch: minor + more.get(branch, 0) for branch, minor in line["branches"].items()}
    return line | {"branches": branches, "wage_minor": wage_minor or line["wage_minor"]}


def send(api: TestClient, body: dict[str, Any], *, by: Principal = TSS, key: str = "") -> Any:
    """Post a notice as the agency does."""
    headers = tokens.headers(by) | {"Idempotency-Key": key or str(uuid4())}
    path = "/agency/v1/payment-notices" if by.agency else "/v1/payment-notices"
    return api.post(path, headers=headers, json=body)


def compared(api: TestClient, body: dict[str, Any]) -> Any:
    """Send a notice, compare it as the job does, and read it."""
    sent = send(api, body)
    assert sent.status_code == 201, sent.text
    compare_notice(notice_id=sent.json()["id"])
    return read(api, f"/v1/payment-notices/{sent.json()['id']}")


def read(api: TestClient, path: str, *, by: Principal = ACCOUNTANT) -> Any:
    answer = api.get(path, headers=tokens.headers(by))
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(api: TestClient, path: str, body: dict[str, Any], *, by: Principal = ACCOUNTANT) -> Any:
    return api.post(path, headers=tokens.headers(by), json=body)


def decide(api: TestClient, approval: Any, decision: str = "approve", *, by: Principal = SECOND) -> Any:
    path = f"/v1/approvals/{approval['id']}/decisions"
    return api.post(path, headers=tokens.headers(by), json={"decision": decision})


def order(api: TestClient, notice_id: str, **given: Any) -> str:
    """Have a notice's payment ordered by two people; returns the remittance's id."""
    asked = post(api, "/v1/remittances", {"notice_id": notice_id, "account": "popular-1"} | given)
    assert asked.status_code == 202, asked.text
    decided = decide(api, asked.json())
    assert decided.status_code == 200, decided.text
    remittance_id: str = asked.json()["subject_id"]
    return remittance_id


def statement(api: TestClient, *lines: str, account: str = "popular-1") -> Any:
    """Import lines of a bank statement: day, reference, description, debit, credit."""
    answer = api.post(
        "/v1/bank-statements",
        headers=tokens.headers(ACCOUNTANT),
        files={"file": ("banco.csv", (HEAD + "\n".join(lines) + "\n").encode())},
        data={"account": account},
    )
    assert answer.status_code == 202, answer.text
    import_statement(statement_id=answer.json()["id"])
    return read(api, f"/v1/bank-statements/{answer.json()['id']}")


def lines_in(api: TestClient, state: str) -> list[Any]:
    found: list[Any] = read(api, f"/v1/bank-lines?state={state}")["items"]
    return found


def fund(api: TestClient, minor: int, account: str = "reserve") -> None:
    """Put money of the mutual's own on the bank account, and have two people say so."""
    statement(api, f"06/07/2026,OWN-{minor},APORTE DE LA MUTUAL,,{decimal(minor)}")
    [line] = [one for one in lines_in(api, "suspense") if one["reference"] == f"OWN-{minor}"]
    asked = post(api, "/v1/fundings", {"bank_line_id": line["id"], "account": account})
    assert asked.status_code == 202, asked.text
    assert decide(api, asked.json()).status_code == 200


def paid_out(api: TestClient, notice: Any) -> Any:
    """The bank shows that a notice was paid."""
    amount = notice["billed"]["amount"]
    return statement(api, f"04/08/2026,{notice['reference']},TSS PAGO {amount},{amount},")


def remitted(api: TestClient, notice: Any, **given: Any) -> str:
    """Order, pay and confirm a notice, and cover its members."""
    remittance_id = order(api, notice["id"], **given)
    paid_out(api, notice)
    grant_coverage(remittance_id=remittance_id)
    return remittance_id


def balances(session: Session) -> dict[str, int]:
    """Debit − credit of every account that does not stand at nought, tills and banks as `held`."""
    session.rollback()
    found: dict[str, int] = {}
    for row in ledger.balances(session, entries):
        name = "held" if row.account.startswith(("bank:", "cash:")) else row.account
        found[name] = found.get(name, 0) + int(row.debit_minor - row.credit_minor)
    return {name: minor for name, minor in found.items() if minor}


def events(session: Session, name: str) -> list[dict[str, Any]]:
    """What was announced under a name, oldest first."""
    query = text("SELECT data FROM outbox WHERE name = :name ORDER BY position")
    return list(session.execute(query, {"name": f"contributions.{name}"}).scalars())
