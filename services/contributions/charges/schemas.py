"""The wire shapes of charging."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.contributions.charges.models import ChargeRun
from services.kit.money import Money
from services.kit.periods import Period


class ChargeRunIn(BaseModel):
    """Which period to charge."""

    model_config = ConfigDict(extra="forbid")

    period: Period


class ChargeRunOut(BaseModel):
    """A charge run and how far it has come."""

    id: UUID
    period: Period
    scheme: str
    state: str
    booked_on: date
    due_on: date
    members_total: int
    members_charged: int
    total: Money
    requested_by: UUID
    requested_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, run: ChargeRun) -> "ChargeRunOut":
        shown = run.model_dump(include=set(cls.model_fields) - {"total"})
        return cls(**shown, total=Money(run.total_minor, run.currency))
