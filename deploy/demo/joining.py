"""How the month begins: organisations, the State's authorisation, a roster of synthetic members."""

import json
from io import BytesIO
from uuid import uuid4

from deploy.demo.facts import Facts
from deploy.demo.office import Office
from deploy.sample.names import ORGANISATIONS
from deploy.sample.roster import write_roster
from services.kit.sheets import read_sheet
from services.registry.imports.columns import COLUMNS, is_member, meaning

MISTAKES_SHARE = 0.02


def found(office: Office, facts: Facts) -> None:
    """Organisations under one federation; an authorisation that two people put in force."""
    first, second = office["administrator"], office["administrator-2"]
    federation = {"name": "Federación Sintética", "kind": "federation"}
    root = first.post("/api/registry/v1/organisations", federation, key=str(uuid4()))
    for name in ORGANISATIONS:
        body = {"name": name, "kind": "union", "parent_id": root["id"]}
        made = first.post("/api/registry/v1/organisations", body, key=str(uuid4()))
        facts.organisations[name] = made["id"]
    first.post(
        "/api/registry/v1/authorisations",
        {
            "issuer": "Tesorería de la Seguridad Social (sintética)",
            "number": "SINT-2026-0001",
            "scheme": "do-sdss",
            "employer_number": "999000004",
            "payroll_codes": ["001"],
            "minimum_wage": {"amount": "14161.00", "currency": "DOP"},
            "issued_on": "2025-12-01",
            "valid_from": "2026-01-01",
        },
        key=str(uuid4()),
    )
    for approval in second.get("/api/registry/v1/approvals")["items"]:
        second.approve("registry", approval)
    office.say(f"{len(facts.organisations)} organisations; an authorisation in force, by two people")


def enrol(office: Office, facts: Facts) -> None:
    """Import a roster in which some rows are wrong; another person verifies who went in."""
    path = facts.directory / "roster.xlsx"
    roster = write_roster(path, facts.members, seed=facts.seed, error_share=MISTAKES_SHARE)
    promoter, verifier = office["promoter"], office["promoter-2"]
    sent = promoter.upload("/api/registry/v1/imports", path.name, path.read_bytes(), mode="good_rows")
    where = f"/api/registry/v1/imports/{sent['id']}"
    done = office.wait(
        "importing the roster",
        lambda: promoter.get(where),
        until=lambda seen: seen["state"] in ("done", "failed"),
        done=lambda seen: seen["rows_read"],
        total=roster.rows,
    )
    facts.rejected_rows = done["rows_bad"]
    office.say(f"{done['rows_written']} rows went in, {done['rows_bad']} were reported with line and reason")
    verifier.post(f"{where}/verifications", key=str(uuid4()))
    good = roster.good_members
    office.wait(
        "verifying, by a second person",
        lambda: office["administrator"].get("/api/registry/v1/counts"),
        until=lambda seen: seen["members"].get("active", 0) >= good,
        done=lambda seen: seen["members"].get("active", 0),
        total=good,
    )
    _tell_the_state(facts, path.read_bytes())


def _tell_the_state(facts: Facts, content: bytes) -> None:
    """What the State knows of these people: the families and classes of risk that it has on record."""
    people: dict[str, list[object]] = {}
    for row in read_sheet(BytesIO(content), COLUMNS, filename="roster.xlsx").rows:
        cells = row.cells
        if is_member(cells):
            # The second of two rows with one document is among those that are refused.
            people.setdefault(_plain(cells["document_number"]), [0, cells["risk_class"] or "I"])
        elif meaning("kind", cells["kind"]) == "additional":
            holder = people.get(_plain(cells["member_document"]))
            if holder is not None:
                holder[0] = int(str(holder[0])) + 1
    (facts.directory / "people.json").write_text(json.dumps(people))


def _plain(document: str) -> str:
    return document.replace("-", "").strip()
