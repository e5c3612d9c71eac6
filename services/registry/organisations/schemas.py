"""The wire of organisations."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.organisations.models import Organisation
from services.registry.texts import Text

Kind = Literal["federation", "union", "association", "guild", "cooperative", "group"]


class OrganisationIn(BaseModel):
    """A new organisation; `parent_id` is the one that it belongs to."""

    model_config = ConfigDict(extra="forbid")

    name: Text = Field(examples=["Sindicato de Choferes de Villa Mella"])
    kind: Kind
    parent_id: UUID | None = None


class OrganisationPatch(BaseModel):
    """What changes; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Text | None = None
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
