"""The wire of organisations."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.registry.organisations.models import Organisation

Kind = Literal["federation", "union", "association", "guild", "cooperative", "group"]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=120, pattern=r"^[^\x00-\x1f]+$"),
]


class OrganisationIn(BaseModel):
    """A new organisation; `parent_id` is the one that it belongs to."""

    model_config = ConfigDict(extra="forbid")

    name: Name = Field(examples=["Sindicato de Choferes de Villa Mella"])
    kind: Kind
    parent_id: UUID | None = None


class OrganisationPatch(BaseModel):
    """What changes; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    kind: Kind | None = None
    parent_id: UUID | None = None


class OrganisationOut(BaseModel):
    """An organisation as it stands."""

    id: UUID
    version: int
    parent_id: UUID | None
    name: str
    kind: str
    created_at: datetime

    @classmethod
    def of(cls, organisation: Organisation) -> "OrganisationOut":
        return cls.model_validate(organisation, from_attributes=True)


class OrganisationsOut(BaseModel):
    """A page of organisations."""

    items: list[OrganisationOut]
