"""The wire shapes of members' accounts."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.kit.money import Money
from services.kit.periods import Period

MEMBERS_MAX = 200


class OpenDueOut(BaseModel):
    """What is owed to one fund for one period."""

    period: Period
    fund: Literal["contributions", "fees"]
    total: Money
    settled: Money
    due_on: date


class OpenChargeOut(BaseModel):
    """What is owed for one period, all funds together."""

    period: Period
    due_on: date
    total: Money
    outstanding: Money


class ReceiptOut(BaseModel):
    """A receipt's number and its check code."""

    number: int
    check_code: str


class LastPaymentOut(BaseModel):
    """One of the last payments."""

    id: UUID
    amount: Money
    credit: Money
    channel: str
    value_on: date
    receipt: ReceiptOut
    state: Literal["posted", "reversed"]


class AccountOut(BaseModel):
    """What a member owes and has in credit. `charges` are the open dues, summed by period."""

    member_id: UUID
    organisation_id: UUID
    credit: Money
    due: Money
    overdue: Money = Field(description="What was due before today")
    charges: list[OpenChargeOut]
    dues: list[OpenDueOut]
    payments: list[LastPaymentOut] = Field(description="The last ones, newest first")


class AccountsIn(BaseModel):
    """Whose accounts to tell."""

    model_config = ConfigDict(extra="forbid")

    member_ids: list[UUID] = Field(min_length=1, max_length=MEMBERS_MAX)


class AccountLineOut(BaseModel):
    """One account in a list."""

    member_id: UUID
    organisation_id: UUID
    credit: Money
    due: Money
    overdue: Money
    open_periods: int
    oldest_due_on: date | None


class AccountLinesOut(BaseModel):
    """The accounts of those members who are within reach, in order of id."""

    items: list[AccountLineOut]


class ChargedLineOut(BaseModel):
    """One branch and payer of a charge; `names` in the languages of the product."""

    line: str = Field(examples=["sfs_worker"])
    branch: str = Field(examples=["sfs"])
    payer: str = Field(examples=["worker"])
    names: dict[str, str]
    base: Money
    rate: str | None = Field(examples=["3.04"])
    amount: Money


EntryKind = Literal["charge", "payment", "reversal", "lapse", "coverage", "coverage_withdrawn"]


class EntryOut(BaseModel):
    """One thing that happened. What does not belong to its kind is null."""

    kind: EntryKind
    id: UUID
    on: date
    period: Period | None
    amount: Money | None
    value_on: date | None
    due_on: date | None
    channel: str | None
    receipt_number: int | None
    reason: str | None
    covered_until: date | None
    lines: list[ChargedLineOut] = []


class StatementOut(BaseModel):
    """A page of a member's statement, newest first; `next` is the `after` of the following page."""

    member_id: UUID
    items: list[EntryOut]
    next: str | None
