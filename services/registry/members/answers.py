"""How members are shown: whole to those who may see personal data, masked to all others."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.kit.money import Money
from services.registry.identities import mask_document, mask_phone
from services.registry.members.models import Member
from services.registry.members.registering import Registered


class RegisteredOut(BaseModel):
    """A member that was registered or changed; until verified, one waits for a second person."""

    id: UUID
    member_number: str = Field(examples=["100001"])
    version: int
    state: str = Field(examples=["applicant"])
    phone_needs_review: bool = Field(description="Another member has this phone: to be looked at")
    identity_verified: bool

    @classmethod
    def of(cls, member: Member | Registered) -> "RegisteredOut":
        return cls(
            id=member.id,
            member_number=str(member.member_number),
            version=member.version,
            state=member.state,
            phone_needs_review=member.phone_needs_review,
            identity_verified=member.identity_verified,
        )


class DocumentOut(BaseModel):
    """A document; one with `retired_at` was followed by another."""

    type: str
    number: str = Field(examples=["••••018"])
    override_reason: str | None
    recorded_at: datetime
    retired_at: datetime | None


class AliasOut(BaseModel):
    """A name under which the member is also known."""

    given_names: str
    first_surname: str
    second_surname: str
    recorded_at: datetime


class AgreementOut(BaseModel):
    """A mandate or consent, with the version of the text that was signed."""

    kind: str = Field(examples=["mandate"])
    given_on: date
    text_version: str
    withdrawn_on: date | None


class FamilyMemberOut(BaseModel):
    """A dependant; masked, the birth date is left out."""

    id: UUID
    relation: str
    kind: str
    given_names: str
    first_surname: str
    second_surname: str
    sex: str
    birth_date: date | None
    document_type: str | None
    document_number: str | None
    ended_on: date | None


class VerifiedOut(BaseModel):
    """Who found when that the member is who the papers say."""

    verified_by: UUID
    verified_at: datetime


class MemberOut(BaseModel):
    """A member with documents, names, agreements and family. `masked` tells that some is hidden."""

    id: UUID
    version: int
    member_number: str
    state: str
    organisation_id: UUID
    organisation_name: str
    given_names: str
    first_surname: str
    second_surname: str
    sex: str
    birth_date: date | None
    documents: list[DocumentOut]
    aliases: list[AliasOut]
    phone: str | None
    phone_needs_review: bool
    language: str
    occupation: str
    risk_class: str
    declared_wage: Money
    has_mandate: bool
    agreements: list[AgreementOut]
    dependants: list[FamilyMemberOut]
    identity_verified: bool
    verifications: list[VerifiedOut]
    registered_by: UUID
    registered_at: datetime
    enrolled_at: datetime | None
    import_id: UUID | None
    masked: bool

    @classmethod
    def of(cls, row: Mapping[str, Any], *, may_read_personal: bool) -> "MemberOut":
        """The member that a query read, masked unless the reader may see it whole."""
        return cls(masked=not may_read_personal, **(row if may_read_personal else _masked(row)))


class MemberLineOut(BaseModel):
    """A member in a list."""

    id: UUID
    version: int
    member_number: str
    state: str
    organisation_id: UUID
    organisation_name: str
    given_names: str
    first_surname: str
    second_surname: str
    document_type: str | None
    document_number: str | None = Field(examples=["••••018"])
    phone: str | None = Field(examples=["••••34"])
    phone_needs_review: bool
    identity_verified: bool
    registered_at: datetime
    import_id: UUID | None

    @classmethod
    def of(cls, row: Mapping[str, Any], *, may_read_personal: bool) -> "MemberLineOut":
        return cls(**(row if may_read_personal else _masked_line(row)))


class MembersOut(BaseModel):
    """Members, one line each."""

    items: list[MemberLineOut]


def _masked(row: Mapping[str, Any]) -> dict[str, Any]:
    documents = [one | {"number": mask_document(one["number"])} for one in row["documents"]]
    family = [
        one | {"birth_date": None, "document_number": _mask_perhaps(one["document_number"])}
        for one in row["dependants"]
    ]
    hidden = {"birth_date": None, "phone": row["phone"] and mask_phone(row["phone"])}
    return {**row, **hidden, "documents": documents, "dependants": family}


def _masked_line(row: Mapping[str, Any]) -> dict[str, Any]:
    phone = row["phone"] and mask_phone(row["phone"])
    return {**row, "document_number": _mask_perhaps(row["document_number"]), "phone": phone}


def _mask_perhaps(number: str | None) -> str | None:
    return None if number is None else mask_document(number)
