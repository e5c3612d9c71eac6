"""What others announce takes effect here: newer states only, facts once, whatever the order."""

import json
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from sqlmodel import Session

from services.benefits import db
from services.benefits.consumers import consumers
from services.kit import trees
from services.kit.events.inbox import Inbox
from tests import tokens
from tests.benefits import factories

_numbers = iter(range(1, 1_000))


def announce(name: str, data: dict[str, Any], id: UUID | None = None) -> None:
    """Let a message take effect, as the worker's intake does."""
    producer = name.partition(".")[0]
    body = {
        "specversion": "1.0",
        "id": str(id or uuid4()),
        "source": f"/amparo/{producer}",
        "type": name,
        "time": "2026-07-20T12:00:00+00:00",
        "sequence": str(next(_numbers)),
        "data": data,
    }
    Inbox(db.engine(), consumers).take(producer, [(name, json.dumps(body).encode())])


def member_state(**given: Any) -> dict[str, Any]:
    return {
        "member_id": str(uuid4()),
        "version": 1,
        "member_number": "000001",
        "organisation_id": str(uuid4()),
        "state": "verified",
        "given_names": "Ana Sintética",
        "first_surname": "Muestra",
        "second_surname": None,
        "document_type": "C",
        "document_number": "999-0000000-1",
        "phone": "+18095550100",
        "has_mandate": True,
    } | given


def test_a_member_is_known_with_what_paying_needs(racing: TestClient, committed: Session) -> None:
    told = member_state()
    announce("registry.member_enrolled.v1", {"members": [told]})
    [row] = factories.rows(committed, "SELECT * FROM members WHERE id = :id", id=told["member_id"])
    assert (row.document_number, row.second_surname) == ("99900000001", "")
    assert not {"phone", "has_mandate", "birth_date"} & set(row._mapping)


def test_an_older_state_changes_nothing(racing: TestClient, committed: Session) -> None:
    told = member_state(version=3)
    announce("registry.member_changed.v1", {"members": [told]})
    announce("registry.member_changed.v1", {"members": [told | {"version": 2, "first_surname": "X"}]})
    announce(
        "registry.member_changed.v1",
        {
            "members": [
                told | {"version": 5, "first_surname": "Nueva"},
                told | {"version": 4, "first_surname": "Y"},
            ]
        },
    )
    [row] = factories.rows(
        committed, "SELECT version, first_surname FROM members WHERE id = :id", id=told["member_id"]
    )
    assert tuple(row) == (5, "Nueva")


def test_the_tree_of_organisations_gives_reach(racing: TestClient, committed: Session) -> None:
    root, leaf = uuid4(), uuid4()
    for version, (id, parent) in enumerate([(leaf, root), (root, None)], start=1):
        announce(
            "registry.organisation_changed.v1",
            {
                "organisation_id": str(id),
                "version": version,
                "parent_id": str(parent) if parent else None,
                "name": "Unión",
                "kind": "union",
            },
        )
    assert trees.reaches(committed, tokens.staff(roots=[root]), leaf)
    assert not trees.reaches(committed, tokens.staff(roots=[leaf]), root)


def test_a_bank_line_is_received_once_even_if_announced_under_two_ids(
    racing: TestClient, committed: Session
) -> None:
    line = {
        "bank_line_id": str(uuid4()),
        "reference": f"TRF-{uuid4()}",
        "amount_minor": 77_00,
        "currency": "DOP",
        "value_on": "2026-07-20",
    }
    same = uuid4()
    for id in (same, same, uuid4()):
        announce("contributions.benefit_funds_received.v1", line, id=id)
    rows = factories.rows(
        committed,
        "SELECT entry.amount_minor FROM ledger_entries entry JOIN fundings ON fundings.id = entry.source_id"
        " WHERE fundings.bank_line_id = :id",
        id=line["bank_line_id"],
    )
    assert [row.amount_minor for row in rows] == [77_00]
