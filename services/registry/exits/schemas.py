"""The wire of exits and returns."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class ExitIn(BaseModel):
    """Why a member leaves, and their last day."""

    model_config = ConfigDict(extra="forbid")

    left_on: date
    reason: str = Field(min_length=3, max_length=300, examples=["se muda al extranjero"])


class ReturnIn(BaseModel):
    """Why a member comes back."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=3, max_length=300)
