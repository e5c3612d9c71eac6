"""What the registry announces, each with the full state and its version: a reader keeps the newest.

Only members who were verified once are announced: nobody else needs to know of an applicant.
"""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.kit.events import Event

MEMBERS_MAX = 500
"""Members in one event: with the longest names that are accepted it still fits a message."""


class OrganisationChanged(Event):
    """An organisation was added, renamed or moved."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True, populate_by_name=True)
    name: ClassVar[str] = "registry.organisation_changed.v1"

    organisation_id: UUID
    version: int
    parent_id: UUID | None
    called: str = Field(alias="name")  # an event's own `name` is what happened
    kind: str


class MemberState(BaseModel):
    """A member as others need them: what a charge, a line of a payroll and a message are made of."""

    model_config = ConfigDict(frozen=True)

    member_id: UUID
    version: int
    member_number: str
    organisation_id: UUID
    state: str
    given_names: str
    first_surname: str
    second_surname: str
    sex: Literal["M", "F"]
    birth_date: date
    document_type: str
    document_number: str
    phone: str | None
    language: str
    declared_wage_minor: int
    currency: str
    risk_class: str
    additional_dependants: int
    has_mandate: bool
    identity_verified: bool


class MemberEnrolled(Event):
    """Members were verified by a second person for the first time."""

    name: ClassVar[str] = "registry.member_enrolled.v1"

    members: Sequence[MemberState]


class MemberChanged(Event):
    """Something about enrolled members changed."""

    name: ClassVar[str] = "registry.member_changed.v1"

    members: Sequence[MemberState]


class AuthorisationChanged(Event):
    """An authorisation of the mutual was put in force, or changed."""

    name: ClassVar[str] = "registry.authorisation_changed.v1"

    authorisation_id: UUID
    version: int
    state: str
    scheme: str
    employer_number: str
    payroll_codes: Sequence[str]
    minimum_wage_minor: int
    currency: str
    valid_from: date
    expires_on: date | None
    infotep: bool
