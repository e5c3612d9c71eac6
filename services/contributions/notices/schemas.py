"""The wire shapes of payment notices."""

from datetime import date, datetime
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

from services.contributions.notices.models import Explanation, Notice
from services.contributions.notices.rules import BilledLine, Reason, document_key
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


class ReasonOut(BaseModel):
    """All differences of a notice for one reason."""

    reason: Reason
    differences: int
    open: int
    amount: Money


class NoticeOut(BaseModel):
    """A notice. `aside_because` says why it was kept aside; then nothing of it is booked.

    `difference` is billed − declared, and the sum over `reasons`. `shortfall` is what the mutual must
    bear before it can be remitted.
    """

    id: UUID
    agency: str
    reference: str
    type: Type
    declaration_id: UUID
    period: Period
    issued_on: date
    due_on: date
    state: Literal["aside", "comparing", "compared"]
    aside_because: str | None
    aside_detail: str | None
    lines: int
    billed: Money
    late_charge: Money
    credits: Money
    declared: Money | None
    difference: Money | None
    shortfall: Money | None
    open_differences: int
    reasons: list[ReasonOut]
    recorded_by: UUID
    recorded_at: datetime
    compared_at: datetime | None

    @classmethod
    def of(cls, notice: Notice, reasons: dict[str, tuple[int, int, int]] | None = None) -> "NoticeOut":
        """`reasons`: differences, of them open, and their amount, by reason."""

        def money(minor: int) -> Money:
            return Money(minor, notice.currency)

        told = [
            ReasonOut(reason=reason, differences=count, open=open_count, amount=money(minor))
            for reason, (count, open_count, minor) in (reasons or {}).items()
        ]
        done = notice.state == "compared"
        shown = {name: getattr(notice, name) for name in cls.model_fields.keys() & Notice.model_fields.keys()}
        return cls(
            **shown
            | {
                "billed": money(notice.total_minor),
                "late_charge": money(notice.late_charge_minor),
                "credits": money(notice.credits_minor),
                "declared": money(notice.declared_minor) if done else None,
                "difference": money(notice.total_minor - notice.declared_minor) if done else None,
                "shortfall": money(notice.shortfall_minor) if done else None,
                "open_differences": sum(one.open for one in told),
                "reasons": told,
            }
        )


class NoticesOut(BaseModel):
    """A page of notices, newest first."""

    items: list[NoticeOut]


class TakenNoticeOut(BaseModel):
    """What an agency hears of its notice."""

    id: UUID
    reference: str
    state: Literal["aside", "comparing", "compared"]
    aside_because: str | None
    aside_detail: str | None

    @classmethod
    def of(cls, notice: Notice) -> "TakenNoticeOut":
        return cls.model_validate(notice, from_attributes=True)


class DifferenceOut(BaseModel):
    """One difference: what was collected, declared and billed of one member in one branch.

    The amount is billed − declared. A document is shown only where no member of the payroll bears it.
    """

    id: UUID
    line_number: int | None
    member_id: UUID | None
    organisation_id: UUID | None
    document: str | None
    branch: str | None
    reason: Reason
    collected: Money
    declared: Money
    billed: Money
    amount: Money
    state: Literal["open", "explained"]
    words: str | None


class DifferencesOut(BaseModel):
    """A page of differences."""

    items: list[DifferenceOut]


class ExplanationIn(BaseModel):
    """Words for the open differences of one reason: of one member, or of all."""

    model_config = ConfigDict(extra="forbid")

    reason: Literal["missing", "unknown", "other"]
    member_id: UUID | None = None
    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]


class ExplanationOut(BaseModel):
    """An explanation. One for `other` is pending until a second person approves `approval_id`."""

    id: UUID
    notice_id: UUID
    reason: str
    member_id: UUID | None
    words: str
    state: Literal["pending", "explained", "refused"]
    differences: int
    amount: Money
    given_by: UUID
    given_at: datetime
    approval_id: UUID | None = None

    @classmethod
    def of(cls, row: Explanation, currency: str, approval_id: UUID | None = None) -> "ExplanationOut":
        shown = row.model_dump(include=set(cls.model_fields) - {"amount"})
        return cls(**shown, amount=Money(row.amount_minor, currency), approval_id=approval_id)
