"""Who is on a payroll and who is left out, and why. Pure: the facts come in, a reason comes out."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from services.contributions.layouts import to_document_number, to_state_text

Reason = Literal[
    "unpaid",
    "paid_late",
    "not_active",
    "no_mandate",
    "identity_not_verified",
    "below_floor",
    "duplicate_document",
    "unwritable",
]

STEM_NAMES = (
    "payroll_code",
    "document_type",
    "document",
    "given_names",
    "first_surname",
    "second_surname",
    "sex",
    "birth_date",
    "wage",
)
"""The fields of a payroll's detail that differ from member to member, in the order of `stem_values`."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member who was charged for the period, with what the payroll needs and what was paid."""

    member_id: UUID
    organisation_id: UUID
    charge_id: UUID
    booked_on: date
    total_minor: int
    settled_minor: int
    settled_on: date | None
    wage_minor: int
    document_type: str
    document_number: str
    given_names: str
    first_surname: str
    second_surname: str
    sex: str
    birth_date: date


@dataclass(frozen=True, slots=True)
class Checked:
    """What the registry answered about a member just now."""

    state: str
    has_mandate: bool
    identity_verified: bool


def reason_to_leave_out(
    candidate: Candidate, checked: Checked | None, *, cut_off_on: date, floor_minor: int
) -> Reason | None:
    """Why a member is not on the payroll; None when they are.

    Paid means: settled whole, with value dates through the cut-off. Nobody is named on a payroll without
    mandate and verified identity, nor with a wage below what the authorisation permits, which the State
    would lift and bill (CNSS Res. 380-02, 471-02).
    """
    if candidate.settled_minor < candidate.total_minor or candidate.settled_on is None:
        return "unpaid"
    if candidate.settled_on > cut_off_on:
        return "paid_late"
    if checked is None or checked.state != "active":
        return "not_active"
    if not checked.has_mandate:
        return "no_mandate"
    if not checked.identity_verified:
        return "identity_not_verified"
    if candidate.wage_minor < floor_minor:
        return "below_floor"
    return None


def stem_values(candidate: Candidate, payroll_code: str) -> tuple[object, ...]:
    """A member's values for `STEM_NAMES`, in the State's alphabet."""
    return (
        payroll_code,
        candidate.document_type,
        to_document_number(candidate.document_number),
        to_state_text(candidate.given_names),
        to_state_text(candidate.first_surname),
        to_state_text(candidate.second_surname),
        candidate.sex,
        candidate.birth_date,
        candidate.wage_minor,
    )
