"""The wire of phone reviews."""

from pydantic import BaseModel, ConfigDict, Field


class PhoneReviewIn(BaseModel):
    """Why the phone may stand."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=3, max_length=300, examples=["esposos, viven juntos"])
