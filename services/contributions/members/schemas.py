"""What this service reads of the registry's announcements: only the fields that it uses."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel


class AnnouncedMember(BaseModel):
    """A member's full state; `version` grows with each change."""

    member_id: UUID
    version: int
    member_number: str
    organisation_id: UUID
    state: str
    given_names: str
    first_surname: str
    second_surname: str | None
    sex: str
    birth_date: date
    document_type: str
    document_number: str
    phone: str | None
    declared_wage_minor: int
    currency: str
    risk_class: str
    additional_dependants: int
    has_mandate: bool
    identity_verified: bool

    def row(self) -> dict[str, Any]:
        """The projection's row."""
        fields = self.model_dump(exclude={"member_id", "second_surname"})
        return fields | {"id": self.member_id, "second_surname": self.second_surname or ""}


class MembersAnnounced(BaseModel):
    members: list[AnnouncedMember]


class OrganisationAnnounced(BaseModel):
    organisation_id: UUID
    version: int
    parent_id: UUID | None
    name: str
    kind: str
