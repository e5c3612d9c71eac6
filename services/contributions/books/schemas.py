"""The wire shapes of the books."""

from datetime import date

from pydantic import BaseModel, Field

from services.kit.money import Money


class BalanceOut(BaseModel):
    """One account: what was debited and credited, and debit − credit."""

    account: str = Field(examples=["members:credit"])
    debit: Money
    credit: Money
    balance: Money


class TotalOut(BaseModel):
    """All accounts of one currency: the two sides are equal."""

    debit: Money
    credit: Money


class TrialBalanceOut(BaseModel):
    """The trial balance at the end of a day, or as of now."""

    through: date | None
    items: list[BalanceOut]
    totals: list[TotalOut]
