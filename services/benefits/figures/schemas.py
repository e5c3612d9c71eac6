"""The figures of money through, for the dashboard."""

from datetime import date

from pydantic import BaseModel, Field

from services.kit.money import Money
from services.kit.periods import Period


class FiguresOut(BaseModel):
    """What came from the State and where it is: `opening + received = relayed + returned + waiting`.

    Without a period, from the beginning; then `opening` is zero. The ages and counts are today's.
    """

    period: Period | None
    opening: Money = Field(description="What was waiting when the period began")
    received: Money
    relayed: Money
    returned: Money
    waiting: Money
    oldest_waiting_on: date | None = Field(description="The day on which the oldest waiting money came")
    oldest_waiting_days: int | None
    announced_count: int = Field(description="Disbursements announced and not complete")
    unfunded_count: int = Field(description="Complete disbursements whose money has not come")
    unclaimed_count: int = Field(description="Bank lines that pay for no disbursement yet")
    quarantined_count: int
    releasable_count: int
    at_the_counter_count: int
    ordered_count: int
    failed_count: int
