"""The wire of authorisations."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.kit.money import Money, PositiveMoney
from services.registry.authorisations.models import Authorisation
from services.registry.identities import employer_number
from services.registry.texts import Text


def _employer_number(written: str) -> str:
    """An RNC's digits. A check digit that fails is shown to the second person, and refuses nothing."""
    return employer_number(written)[0]


EmployerNumber = Annotated[str, AfterValidator(_employer_number)]
PayrollCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,3}$")]


class AuthorisationIn(BaseModel):
    """The State's document, as it is written there."""

    model_config = ConfigDict(extra="forbid")

    issuer: Text = Field(examples=["Tesorería de la Seguridad Social"])
    number: Text = Field(examples=["TSS-2026-0042"])
    scheme: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{2,40}$")] = Field(examples=["do-sdss"])
    employer_number: EmployerNumber = Field(description="RNC of the mutual", examples=["999000004"])
    payroll_codes: list[PayrollCode] = Field(min_length=1, max_length=50, examples=[["001"]])
    minimum_wage: PositiveMoney = Field(description="The least that may be declared for a member")
    infotep: bool = Field(default=False, description="Whether the mutual owes the INFOTEP contribution")
    issued_on: date
    valid_from: date
    expires_on: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "AuthorisationIn":
        if self.expires_on is not None and self.expires_on < self.valid_from:
            raise ValueError("expires_on lies before valid_from")
        return self


class AuthorisationOut(BaseModel):
    """An authorisation as it stands; nothing is filed on one that is only proposed."""

    id: UUID
    version: int
    state: str = Field(examples=["in_force"])
    issuer: str
    number: str
    scheme: str
    employer_number: str
    employer_number_checks: bool = Field(description="Whether the check digit of the RNC is right")
    payroll_codes: list[str]
    minimum_wage: Money
    infotep: bool
    issued_on: date
    valid_from: date
    expires_on: date | None
    proposed_by: UUID
    proposed_at: datetime
    put_in_force_by: UUID | None

    @classmethod
    def of(cls, row: Authorisation) -> "AuthorisationOut":
        return cls(
            minimum_wage=Money(row.minimum_wage_minor, row.currency),
            employer_number_checks=employer_number(row.employer_number)[1],
            **row.model_dump(exclude={"minimum_wage_minor", "currency"}),
        )


class AuthorisationsOut(BaseModel):
    """A page of authorisations."""

    items: list[AuthorisationOut]
