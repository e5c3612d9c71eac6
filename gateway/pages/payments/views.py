"""What the pages of the counter show."""

from dataclasses import dataclass
from datetime import date, datetime

from gateway.pages.forms import Form
from gateway.pages.members.views import Account
from services.kit.money import Money
from services.kit.periods import Period


@dataclass(frozen=True, slots=True)
class Till:
    """The form that takes one member's money."""

    member_id: str
    member_name: str
    member_number: str
    account: Account
    form: Form


@dataclass(frozen=True, slots=True)
class Allocation:
    """What part of a payment went where: to a month, or into credit if `period` is None."""

    period: Period | None
    amount: Money


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment as its receipt tells it. `qr_path` is the check address as an SVG path."""

    payment_id: str
    number: str
    amount: Money
    taken_at: datetime
    value_on: date
    channel: str
    member_id: str
    member_name: str
    member_number: str
    allocations: tuple[Allocation, ...]
    outstanding: Money
    taken_by: str
    check_code: str
    check_url: str
    qr_path: str
    qr_size: int
    reversed_on: date | None = None
    phone: str | None = None
    """Where the SMS goes; None if no confirmed telephone is known."""
