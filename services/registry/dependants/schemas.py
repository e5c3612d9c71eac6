"""The wire of dependants."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.kit import ids
from services.registry.dependants.models import Dependant
from services.registry.dependants.rules import Kind, Relation
from services.registry.persons import DocumentIn, NamesIn, Sex
from services.registry.texts import Reason


class DependantIn(NamesIn):
    """A person of the family, covered with the member."""

    relation: Relation
    kind: Kind = Field(description="direct: covered free; additional: paid per head by the member")
    sex: Sex
    birth_date: date
    document: DocumentIn | None = None


class EndingIn(BaseModel):
    """The last day on which a dependant belongs to the family's cover."""

    model_config = ConfigDict(extra="forbid")

    ended_on: date
    reason: Reason


class DependantOut(BaseModel):
    """A dependant that was added or has left, and the member's version since."""

    id: UUID
    member_id: UUID
    member_version: int
    relation: str
    kind: str
    ended_on: date | None

    @classmethod
    def of(cls, dependant: Dependant, *, member_version: int) -> "DependantOut":
        shown = dependant.model_dump(include={"id", "member_id", "relation", "kind", "ended_on"})
        return cls(member_version=member_version, **shown)


def columns_of(given: DependantIn) -> dict[str, Any]:
    """A new dependant as a row of the table, with a new id, but for the member's and the recorder's."""
    return {
        "id": ids.new_id(),
        **given.model_dump(exclude={"document"}),
        "document_type": given.document and given.document.type,
        "document_number": given.document and given.document.number,
    }
