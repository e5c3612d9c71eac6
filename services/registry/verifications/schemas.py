"""The wire of verifications."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.members import Member


class VerificationOut(BaseModel):
    """A member whom a second person has verified."""

    member_id: UUID
    member_number: str
    version: int
    state: str = Field(examples=["active"])
    identity_verified: bool
    enrolled_at: datetime | None

    @classmethod
    def of(cls, member: Member) -> "VerificationOut":
        shown = member.model_dump(include={"version", "state", "identity_verified", "enrolled_at"})
        return cls(member_id=member.id, member_number=str(member.member_number), **shown)
