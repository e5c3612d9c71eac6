"""The wire of staff."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from gateway.identity.staff.credentials import Credentials
from gateway.identity.staff.models import StaffMember
from gateway.locale import DEFAULT_LANGUAGE, Language
from services.kit.principals import Principal

StaffRole = Literal[
    "promoter",
    "cashier",
    "collector",
    "accountant",
    "benefits_officer",
    "auditor",
    "administrator",
    "head",
]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$"),
]
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=120, pattern=r"^[^\x00-\x1f]+$"),
]


class PersonIn(BaseModel):
    """A new member of staff; what they may do is asked for apart from it."""

    model_config = ConfigDict(extra="forbid")

    email: Email = Field(examples=["ana@mutual.example"])
    name: Words = Field(examples=["Ana Ejemplo"])
    language: Language = DEFAULT_LANGUAGE


class RoleGrantIn(BaseModel):
    """A role to give; `roots` are the organisations that the person is then limited to, in all they do."""

    model_config = ConfigDict(extra="forbid")

    role: StaffRole
    roots: list[UUID] | None = Field(default=None, min_length=1, max_length=50)


class DeactivationIn(BaseModel):
    """Why somebody or something is shut out."""

    model_config = ConfigDict(extra="forbid")

    reason: Words


class PersonOut(BaseModel):
    """A member of staff."""

    id: UUID
    email: str
    name: str
    language: str
    state: Literal["new", "active", "deactivated"]
    roles: list[str]
    roots: list[UUID] | None
    created_at: datetime

    @classmethod
    def of(cls, person: StaffMember, roles: list[str]) -> "PersonOut":
        fields = {name: getattr(person, name) for name in cls.model_fields if name != "roles"}
        return cls(**fields, roles=roles)


class PeopleOut(BaseModel):
    """A page of staff."""

    items: list[PersonOut]


class CredentialsOut(BaseModel):
    """A person's way in, told this once. The password is temporary: they choose their own with it."""

    staff_id: UUID
    email: str
    password: str
    totp_uri: str = Field(description="For an authenticator app, as a QR code")

    @classmethod
    def of(cls, issued: Credentials) -> "CredentialsOut":
        return cls.model_validate(issued, from_attributes=True)


class HolderOut(BaseModel):
    """Whom a token speaks for."""

    subject: UUID
    kind: str
    scopes: list[str]
    roots: list[UUID] | None
    agency: str | None
    totp_at: datetime | None

    @classmethod
    def of(cls, principal: Principal) -> "HolderOut":
        return cls(
            subject=principal.subject,
            kind=principal.kind,
            scopes=sorted(principal.scopes),
            roots=None if principal.roots is None else list(principal.roots),
            agency=principal.agency,
            totp_at=principal.totp_at,
        )
