"""Bank orders and the bank's answers on the wire."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.benefits.bank_orders.models import BankOrder, Outcome
from services.kit.money import Money

ConfirmationText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=140)]


class BankOrderOut(BaseModel):
    """A bank order; `counts` says how many of its payouts stand where."""

    id: UUID
    disbursement_id: UUID
    line_count: int
    total: Money
    execute_on: date
    drawn_at: datetime
    csv_sha256: str
    xml_sha256: str
    counts: dict[str, int] = Field(examples=[{"ordered": 2, "paid": 40}])

    @classmethod
    def of(cls, order: BankOrder, counts: dict[str, int]) -> Self:
        return cls(
            **order.model_dump(include={"id", "disbursement_id", "line_count", "execute_on", "drawn_at"}),
            total=Money(order.total_minor, order.currency),
            csv_sha256=order.csv_sha256.hex(),
            xml_sha256=order.xml_sha256.hex(),
            counts=counts,
        )


class BankOrdersOut(BaseModel):
    """A page of bank orders, oldest first."""

    items: list[BankOrderOut]


class ConfirmationIn(BaseModel):
    """What the bank says of one line. `value_on` is today if it is left out."""

    model_config = ConfigDict(extra="forbid")

    reference: str = Field(max_length=35, description="The line's reference, as on the order")
    outcome: Outcome
    bank_reference: ConfirmationText | None = None
    reason: ConfirmationText | None = Field(default=None, description="Why it failed or came back")
    value_on: date | None = None


class ConfirmationsIn(BaseModel):
    """What the bank says of an order's lines. Sending it again changes nothing."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "items": [
                    {"reference": "0199d0f26f6a7c1e9c396f1d1b0c7a55-1", "outcome": "paid"},
                    {
                        "reference": "0199d0f26f6a7c1e9c396f1d1b0c7a56-1",
                        "outcome": "failed",
                        "reason": "account closed",
                    },
                ]
            }
        },
    )

    items: list[ConfirmationIn] = Field(min_length=1, max_length=10_000)


class RefusedLine(BaseModel):
    """A line that took no effect, and why. `line` is the place in the list or in the file."""

    line: int
    reference: str
    reason: str


class ConfirmedOut(BaseModel):
    """What the bank's answers did: lines that took effect, that were known, and that were refused."""

    paid: int
    failed: int
    returned: int
    repeated: int
    refused: list[RefusedLine]
