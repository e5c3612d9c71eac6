"""The wire of what is asked afresh before a filing."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.authorisations import AuthorisationOut
from services.registry.texts import Text

MEMBERS_MAX = 10_000


class FilingCheckIn(BaseModel):
    """The members that are about to be named on a payroll, and the day that counts."""

    model_config = ConfigDict(extra="forbid")

    member_ids: list[UUID] = Field(max_length=MEMBERS_MAX)
    on: date
    scheme: Text | None = None


class CheckedMember(BaseModel):
    """Whether one member may be named on a payroll."""

    member_id: UUID
    state: str
    has_mandate: bool
    identity_verified: bool


class FilingCheckOut(BaseModel):
    """Each member that is known (an unknown id is missing), and the authorisation in force that day."""

    members: list[CheckedMember]
    authorisation: AuthorisationOut | None
