"""The wire shapes of remittances and of the mutual's own money."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.contributions.coverages import CoverageRun
from services.contributions.remittances.models import Remittance, RemittanceReturn
from services.kit.money import Money
from services.kit.periods import Period

AccountName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
State = Literal["pending", "ordered", "confirmed", "returned", "refused"]


class RemittanceIn(BaseModel):
    """Which notice to pay, from which bank account; and the mutual's own account that bears a shortfall."""

    model_config = ConfigDict(extra="forbid")

    notice_id: UUID
    account: AccountName = Field(description="Name of the bank account", examples=["popular-1"])
    shortfall_account: AccountName | None = Field(
        default=None, description="Name of the mutual's own money, see /v1/fundings", examples=["reserve"]
    )


class ConfirmationIn(BaseModel):
    """The bank line that shows that it was paid."""

    model_config = ConfigDict(extra="forbid")

    bank_line_id: UUID


class ReturnIn(BaseModel):
    """Why it came back, and the bank line in suspense that brought it, if it is there already."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
    bank_line_id: UUID | None = None


class CoverageProgressOut(BaseModel):
    """How far the covering of the members on it is, or the withdrawing."""

    kind: Literal["grant", "withdraw"]
    state: Literal["running", "done"]
    lines_total: int
    lines_done: int
    members: int

    @classmethod
    def of(cls, run: CoverageRun) -> "CoverageProgressOut":
        return cls.model_validate(run, from_attributes=True)


class RemittanceOut(BaseModel):
    """The payment of a notice. `shortfall` and `advance` came out of the mutual's own `shortfall_account`.

    The shortfall was billed beyond what members owe; the advance is owed by members and not paid.
    """

    id: UUID
    notice_id: UUID
    reference: str | None = Field(description="The State's own name of the notice")
    period: Period
    account: str
    amount: Money
    shortfall_account: str | None
    shortfall: Money
    advance: Money
    due_on: date
    state: State
    asked_by: UUID
    asked_at: datetime
    ordered_by: UUID | None
    ordered_at: datetime | None
    bank_line_id: UUID | None
    confirmed_on: date | None
    matched_by: str | None
    returned_on: date | None
    returned_because: str | None
    coverage: CoverageProgressOut | None = None

    @classmethod
    def of(
        cls,
        row: Remittance,
        reference: str | None,
        came_back: RemittanceReturn | None = None,
        run: CoverageRun | None = None,
    ) -> "RemittanceOut":
        shown = row.model_dump(include=cls.model_fields.keys() & Remittance.model_fields.keys())
        return cls(
            **shown,
            reference=reference,
            amount=Money(row.amount_minor, row.currency),
            shortfall=Money(row.shortfall_minor, row.currency),
            advance=Money(row.advance_minor, row.currency),
            returned_on=came_back.returned_on if came_back else None,
            returned_because=came_back.reason if came_back else None,
            coverage=CoverageProgressOut.of(run) if run else None,
        )


class RemittancesOut(BaseModel):
    """A page of remittances, newest first."""

    items: list[RemittanceOut]


class FundingIn(BaseModel):
    """A bank line in suspense that is the mutual's own money, and the name under which it stands."""

    model_config = ConfigDict(extra="forbid")

    bank_line_id: UUID
    account: AccountName = Field(examples=["reserve"])


class OwnAccountOut(BaseModel):
    """One of the mutual's own accounts among client money: what is left on it."""

    account: str
    available: Money


class OwnAccountsOut(BaseModel):
    """The mutual's own accounts."""

    items: list[OwnAccountOut]
