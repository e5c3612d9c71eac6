"""What the other parts announce, as it comes in: envelopes made of plain JSON, taken by the real inbox."""

import itertools
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gateway import db
from gateway.consumers import consumers
from services.kit import clock
from services.kit.events.envelope import envelope
from services.kit.events.inbox import Inbox
from services.kit.events.outbox import Numbered
from services.kit.ids import new_id

_numbers = itertools.count(1)
_phones = itertools.count(8095550100)

ORGANISATION = UUID(int=7)


def announced(name: str, data: dict[str, Any], *, id: UUID | None = None) -> tuple[str, bytes]:
    """An event as the broker brings it."""
    written = json.dumps(data, default=str)
    return name, envelope(Numbered(next(_numbers), id or new_id(), name, clock.now(), None, written))


def take(*events: tuple[str, bytes]) -> None:
    """Let events take effect at the gateway."""
    Inbox(db.engine(), consumers).take(events[0][0].partition(".")[0], events)


def happen(name: str, *, id: UUID | None = None, **data: Any) -> None:
    """One event, made and taken."""
    take(announced(name, data, id=id))


def member(**given: Any) -> dict[str, Any]:
    """A member's state as the registry announces it; synthetic."""
    known = {
        "member_id": new_id(),
        "version": 1,
        "member_number": "100001",
        "organisation_id": ORGANISATION,
        "state": "active",
        "given_names": "Ana Sintética",
        "first_surname": "Prueba",
        "second_surname": "",
        "sex": "F",
        "birth_date": "1990-01-01",
        "document_type": "C",
        "document_number": "99900000001",
        "phone": f"+1{next(_phones)}",
        "language": "es",
        "declared_wage_minor": 2_322_300,
        "currency": "DOP",
        "risk_class": "I",
        "additional_dependants": 0,
        "has_mandate": True,
        "identity_verified": True,
    }
    return {**known, **given}


def known(**given: Any) -> dict[str, Any]:
    """A member whom the gateway knows, without having welcomed them."""
    one = member(**given)
    happen("registry.member_changed.v1", members=[one])
    return one


def charge(of: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A member's charge."""
    amounts = {"total_minor": 492_327, "outstanding_minor": 492_327, "currency": "DOP"}
    return {"charge_id": new_id(), **whose(of), **amounts, **given}


def payment(of: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A member's payment."""
    facts = {
        "payment_id": new_id(),
        "amount_minor": 492_327,
        "currency": "DOP",
        "receipt_number": 1_234,
        "check_code": "ABCDEFGHJKLMN",
        "channel": "cash",
        "value_on": "2026-07-03",
        "outstanding_minor": 0,
    }
    return {**facts, **whose(of), **given}


def payout(of: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A member's payout."""
    return {"payout_id": new_id(), **whose(of), "amount_minor": 994_745, "currency": "DOP", **given}


def whose(of: dict[str, Any]) -> dict[str, Any]:
    return {"member_id": of["member_id"], "organisation_id": of["organisation_id"]}


def charged(members: Sequence[dict[str, Any]]) -> tuple[str, bytes]:
    """A month charged to these members."""
    data = {"period": "2026-07", "due_on": "2026-08-05", "charges": [charge(one) for one in members]}
    return announced("contributions.period_charged.v1", data)
