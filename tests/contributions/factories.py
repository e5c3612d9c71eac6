"""Plain functions that make what a test needs; `given` replaces single fields. They commit."""

import itertools
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.contributions.authorisations import queries as authorisations
from services.contributions.charges import jobs, service
from services.contributions.members import queries as members
from services.kit import ids, trees
from services.kit.periods import Period
from tests import tokens

JULY = Period(2026, 7)
_numbers = itertools.count(1)


def organisation(session: Session, *, parent_id: UUID | None = None) -> UUID:
    """An organisation as the registry announced it."""
    made = ids.new_id()
    trees.put(session, id=made, parent_id=parent_id, name="Choferes", kind="union", version=1)
    session.commit()
    return made


def member(session: Session, **given: Any) -> UUID:
    """A verified member with an account and no money on it."""
    number = next(_numbers)
    row = {
        "id": ids.new_id(),
        "version": 1,
        "member_number": f"{number:06d}",
        "organisation_id": UUID(int=1),
        "state": "active",
        "given_names": "Ana Sintética",
        "first_surname": "Muestra",
        "second_surname": "",
        "sex": "F",
        "birth_date": date(1990, 1, 2),
        "document_type": "C",
        "document_number": f"999{number:08d}",
        "phone": None,
        "declared_wage_minor": 18_421_20,
        "currency": "DOP",
        "risk_class": "I",
        "additional_dependants": 0,
        "has_mandate": True,
        "identity_verified": True,
    } | given
    members.remember(session, [row])
    session.commit()
    made = row["id"]
    assert isinstance(made, UUID)
    return made


def authorisation(session: Session, **given: Any) -> UUID:
    """The mutual's authorisation, in force."""
    row = {
        "id": ids.new_id(),
        "version": 1,
        "state": "in_force",
        "scheme": "do-sdss",
        "employer_number": "999999999",
        "payroll_codes": ["001"],
        "minimum_wage_minor": 16_993_20,
        "currency": "DOP",
        "infotep": False,
        "valid_from": date(2026, 1, 1),
        "expires_on": None,
    } | given
    authorisations.remember(session, row)
    session.commit()
    made = row["id"]
    assert isinstance(made, UUID)
    return made


def charge_period(session: Session, period: Period = JULY) -> UUID:
    """Charge everybody for a period, as the run in the background does."""
    run = service.charge_period(session, period, by=tokens.staff("charges:run"))
    session.commit()
    jobs.charge_members(run_id=str(run.id))
    session.expire_all()
    return run.id
