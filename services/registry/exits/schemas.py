"""The wire of exits and returns."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from services.registry.texts import Reason


class ExitIn(BaseModel):
    """Why a member leaves, and their last day."""

    model_config = ConfigDict(extra="forbid")

    left_on: date
    reason: Reason = Field(examples=["se muda al extranjero"])


class ReturnIn(BaseModel):
    """Why a member comes back."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason
