"""The State's bill as it is sent: read, checked for its shape, and turned into minor units."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    PrivateAttr,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from services.contributions.notices.rules import BilledLine, document_key
from services.kit.money import Money, PositiveMoney
from services.kit.periods import Period

LINES_MAX = 100_000
BRANCHES_MAX = 20
Type = Literal["AM", "AR", "audit"]

_money = TypeAdapter(Money)


def _written(value: Any) -> Money | str:
    return value if isinstance(value, str) else _money.validate_python(value)


Written = Annotated[Any, PlainValidator(_written, json_schema_input_type=Money | str)]
"""An amount in the notice's currency: as money, or as a decimal string."""
Branch = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


class LineIn(BaseModel):
    """One person on the notice. `branches` names them as the scheme does: sfs, svds, srl, infotep."""

    model_config = ConfigDict(extra="forbid")

    document_type: Literal["C", "N", "P"]
    document: Annotated[str, StringConstraints(min_length=1, max_length=40), AfterValidator(document_key)]
    wage: Written
    branches: dict[Branch, Written] = Field(min_length=1, max_length=BRANCHES_MAX)


class NoticeIn(BaseModel):
    """The State's bill. `total` is the sum of the lines, plus the late charge, less the credits."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "reference": "NP-202607-0001",
                "declaration_id": "0199d0f2-6f6a-7c1e-9c39-6f1d1b0c7a55",
                "type": "AM",
                "period": "2026-07",
                "issued_on": "2026-07-20",
                "due_on": "2026-08-05",
                "total": {"amount": "3905.29", "currency": "DOP"},
                "lines": [
                    {
                        "document_type": "C",
                        "document": "99900000001",
                        "wage": "18421.20",
                        "branches": {"sfs": "1866.06", "svds": "1836.60", "srl": "202.63"},
                    }
                ],
            }
        },
    )

    reference: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=r"^[ -~]+$")
    ] = Field(description="The State's own name for it, once for ever")
    declaration_id: UUID
    type: Type
    period: Period
    issued_on: date
    due_on: date
    total: PositiveMoney
    late_charge: Money | None = None
    credits: Money | None = None
    lines: list[LineIn] = Field(max_length=LINES_MAX)
    _billed: list[BilledLine] = PrivateAttr(default_factory=list)

    @model_validator(mode="after")
    def ensure_one_currency(self) -> Self:
        for name, money in (("late_charge", self.late_charge), ("credits", self.credits)):
            if money is not None and (money.minor < 0 or money.currency != self.total.currency):
                raise ValueError(f"{name}: an amount of zero or more, in the currency of total")
        self._billed = [self._read(number, line) for number, line in enumerate(self.lines, start=1)]
        return self

    @property
    def billed(self) -> list[BilledLine]:
        """The lines in minor units, in their order."""
        return self._billed

    def _read(self, number: int, line: LineIn) -> BilledLine:
        amounts = {branch: self._minor(number, branch, given) for branch, given in line.branches.items()}
        wage_minor = self._minor(number, "wage", line.wage)
        return BilledLine(number, line.document_type, line.document, wage_minor, amounts)

    def _minor(self, number: int, field: str, written: Money | str) -> int:
        currency = self.total.currency
        try:
            money = Money.parse(written, currency) if isinstance(written, str) else written
        except ValueError as error:
            raise ValueError(f"lines.{number - 1}.{field}: {error}") from None
        if money.currency != currency or money.minor < 0:
            raise ValueError(f"lines.{number - 1}.{field}: an amount of zero or more in {currency}")
        return money.minor
