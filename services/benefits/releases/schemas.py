"""What is sent to have a payout tried again."""

from pydantic import BaseModel, ConfigDict, Field


class ReissueIn(BaseModel):
    """Why a payout that failed should go out once more."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=3, max_length=200)
