"""The wire shapes of bank statements."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.contributions.bank.models import BankLine, BankLineRejection, BankStatement
from services.kit.money import Money


class RejectionOut(BaseModel):
    """A line that could not be read."""

    line_number: int
    column: str
    value: str
    reason: str

    @classmethod
    def of(cls, row: BankLineRejection) -> "RejectionOut":
        return cls.model_validate(row, from_attributes=True)


class StatementOut(BaseModel):
    """A statement and how its import goes. `lines_known` were on an earlier statement already."""

    id: UUID
    account: str
    profile: str
    file_name: str
    state: str
    refusal: str | None
    first_on: date | None
    last_on: date | None
    lines_total: int
    lines_done: int
    lines_known: int
    lines_posted: int
    lines_suspense: int
    lines_benefit: int
    lines_outgoing: int
    lines_rejected: int
    uploaded_by: UUID
    uploaded_at: datetime
    rejections: list[RejectionOut] = []

    @classmethod
    def of(
        cls, statement: BankStatement, rejections: list[BankLineRejection] | None = None
    ) -> "StatementOut":
        shown = cls.model_validate(statement, from_attributes=True)
        return shown.model_copy(update={"rejections": [RejectionOut.of(row) for row in rejections or []]})


class BankLineOut(BaseModel):
    """A line of a bank statement. The amount is positive for money in."""

    id: UUID
    statement_id: UUID
    account: str
    value_on: date
    amount: Money
    reference: str
    description: str
    state: str
    matched_by: str | None
    member_id: UUID | None
    payment_id: UUID | None

    @classmethod
    def of(cls, line: BankLine) -> "BankLineOut":
        shown = line.model_dump(include=set(cls.model_fields) - {"amount"})
        return cls(**shown, amount=Money(line.amount_minor, line.currency))


class BankLinesOut(BaseModel):
    """A page of bank lines."""

    items: list[BankLineOut]


class SettlementIn(BaseModel):
    """Whose money a line in suspense is."""

    model_config = ConfigDict(extra="forbid")

    member_id: UUID
