"""The wire of phone reviews."""

from pydantic import BaseModel, ConfigDict, Field

from services.registry.texts import Reason


class PhoneReviewIn(BaseModel):
    """Why the phone may stand."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason = Field(examples=["esposos, viven juntos"])
