"""What a clerk sends to match an item by hand."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class MatchIn(BaseModel):
    """Whose an item is, and how the clerk knows."""

    model_config = ConfigDict(extra="forbid")

    member_id: UUID
    reason: str | None = Field(default=None, max_length=200)
