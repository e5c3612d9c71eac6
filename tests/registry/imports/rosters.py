"""Rosters as these tests write them, and what the service says of them."""

import csv
import io
from pathlib import Path
from typing import Any
from uuid import UUID

from httpx import Response

from services.kit.principals import Principal
from services.registry import db
from services.registry.imports.columns import HEADINGS
from services.registry.imports.running import run_import
from services.registry.imports.verifying import verify_import
from tests import tokens
from tests.registry.people import Office, cedula


def member(**cells: str) -> dict[str, str]:
    """A row of a member with a document of their own."""
    return {
        "document_number": cedula(),
        "given_names": "Laura",
        "first_surname": "Méndez",
        "sex": "F",
        "birth_date": "12/03/1995",
        "occupation": "vendedora",
        "risk_class": "II",
        "declared_wage": "18,421.20",
        "mandate_signed_on": "2026-06-01",
        "mandate_text_version": "2026-01",
    } | cells


def child(member_document: str, /, **cells: str) -> dict[str, str]:
    """A row of a child in that member's family."""
    return {
        "member_document": member_document,
        "given_names": "Nina",
        "first_surname": "Muestra",
        "sex": "F",
        "birth_date": "2015-01-31",
        "relation": "hija",
    } | cells


def as_csv(*rows: dict[str, str]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(HEADINGS), restval="")
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    return file.getvalue().encode()


def send(
    office: Office,
    content: bytes | Path,
    *,
    mode: str = "good_rows",
    organisation_id: str | None = None,
    filename: str = "padrón.csv",
    who: Principal | None = None,
) -> Response:
    """Send a roster; nothing reads it yet."""
    if isinstance(content, Path):
        filename, content = content.name, content.read_bytes()
    data = {"mode": mode} | ({"organisation_id": organisation_id} if organisation_id else {})
    answer: Response = office.api.post(
        "/v1/imports",
        data=data,
        files={"file": (filename, content)},
        headers=tokens.headers(who or office.promoter),
    )
    return answer


def imported(office: Office, content: bytes | Path, **given: Any) -> dict[str, Any]:
    """Send a roster and have it read to its end; answers what the service says of it."""
    sent = send(office, content, **given)
    assert sent.status_code == 202, sent.text
    run_import(db.engine(), UUID(sent.json()["id"]))
    return progress(office, sent.json()["id"])


def progress(office: Office, import_id: str) -> dict[str, Any]:
    told: dict[str, Any] = office.send(office.promoter, "GET", f"/v1/imports/{import_id}").json()
    return told


def errors(office: Office, import_id: str) -> list[dict[str, Any]]:
    """All that was wrong, walked page by page."""
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = office.send(office.promoter, "GET", f"/v1/imports/{import_id}/errors?after={after}&limit=50")
        found += page.json()["items"]
        after = page.json()["next_after"]
    return found


def verified(office: Office, import_id: str) -> dict[str, Any]:
    """Have the second person verify all whom a roster brought."""
    answer = office.send(office.verifier, "POST", f"/v1/imports/{import_id}/verifications")
    assert answer.status_code == 202, answer.text
    verify_import(db.engine(), UUID(import_id))
    return progress(office, import_id)
