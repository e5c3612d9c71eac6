"""The wire shapes of declarations."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.contributions.declarations.models import Declaration, LeftOut
from services.kit.money import Money
from services.kit.periods import Period


class DeclarationIn(BaseModel):
    """Which period to declare."""

    model_config = ConfigDict(extra="forbid")

    period: Period
    without_statements: bool = Field(
        default=False, description="Draw although the bank statements do not reach the cut-off"
    )


class DeclarationOut(BaseModel):
    """A declaration and how far it has come. `sha256` is its file's, once it is drawn."""

    id: UUID
    agency: str
    period: Period
    process: str
    scheme: str
    state: str
    cut_off_on: date
    statements_through: date | None
    candidates: int
    lines: int
    left_out: int
    total: Money
    sha256: str | None
    file_name: str
    drawn_by: UUID
    drawn_at: datetime
    filed_by: UUID | None
    filed_at: datetime | None
    accepted_at: datetime | None
    acceptance_reference: str | None

    @classmethod
    def of(cls, declaration: Declaration) -> "DeclarationOut":
        shown = declaration.model_dump(include=set(cls.model_fields) - {"total"})
        return cls(**shown, total=Money(declaration.total_minor, declaration.currency))


class DeclarationsOut(BaseModel):
    """Declarations, newest first."""

    items: list[DeclarationOut]


class FiledDeclarationOut(BaseModel):
    """What an agency sees of a declaration that was filed with it."""

    id: UUID
    period: Period
    process: str
    state: str
    lines: int
    total: Money
    sha256: str | None
    file_name: str
    filed_at: datetime | None
    accepted_at: datetime | None
    acceptance_reference: str | None

    @classmethod
    def of(cls, declaration: Declaration) -> "FiledDeclarationOut":
        shown = declaration.model_dump(include=set(cls.model_fields) - {"total"})
        return cls(**shown, total=Money(declaration.total_minor, declaration.currency))


class FiledDeclarationsOut(BaseModel):
    """The declarations filed with an agency, newest first."""

    items: list[FiledDeclarationOut]


class LeftOutOut(BaseModel):
    """A member who is not on the payroll, and why."""

    member_id: UUID
    organisation_id: UUID
    charge_id: UUID
    reason: str
    detail: str | None

    @classmethod
    def of(cls, row: LeftOut) -> "LeftOutOut":
        return cls.model_validate(row, from_attributes=True)


class LeftOutsOut(BaseModel):
    """A page of those left out."""

    items: list[LeftOutOut]


class AcceptanceIn(BaseModel):
    """The agency's word that it took the file."""

    model_config = ConfigDict(extra="forbid")

    reference: str = Field(min_length=1, max_length=64, examples=["SUIR-2026-07-0001"])
