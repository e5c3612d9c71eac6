"""What a case looks like on the wire. Only whoever may read health data meets these."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.benefits.cases.models import Case


class Benefit(StrEnum):
    """The benefits that the mutual relays (DOMAIN §4). Lactation is paid to the mother directly."""

    COMMON_ILLNESS = "common_illness"
    MATERNITY = "maternity"
    WORK_ACCIDENT = "work_accident"
    OCCUPATIONAL_DISEASE = "occupational_disease"
    REFUND = "refund"


AgencyReference = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=r"^[\x20-\x7e]+$")
]
"""A number or reference that an agency gives: opaque, printable ASCII."""


class CaseIn(BaseModel):
    """A case that an officer opens, before the agency pays."""

    model_config = ConfigDict(extra="forbid")

    member_id: UUID
    agency: str = Field(min_length=1, max_length=64, examples=["sisalril"])
    case_number: AgencyReference
    benefit: Benefit
    cause_on: date | None = None
    from_on: date | None = None
    until_on: date | None = None

    @model_validator(mode="after")
    def ensure_in_order(self) -> Self:
        if self.from_on and self.until_on and self.from_on > self.until_on:
            raise ValueError("from_on must not come after until_on")
        return self


class CaseOut(BaseModel):
    """A case as it stands."""

    id: UUID
    member_id: UUID
    agency: str
    case_number: str
    benefit: str
    cause_on: date | None
    from_on: date | None
    until_on: date | None
    opened_at: datetime

    @classmethod
    def of(cls, case: Case) -> Self:
        return cls.model_validate(case, from_attributes=True)


class CasesOut(BaseModel):
    """A page of cases."""

    items: list[CaseOut]
