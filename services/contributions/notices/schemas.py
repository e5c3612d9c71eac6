"""The wire shapes of payment notices; `bills` has the one that comes in."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.contributions.notices.bills import Type
from services.contributions.notices.models import Explanation, Notice
from services.contributions.notices.rules import Reason
from services.kit.money import Money
from services.kit.periods import Period


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
