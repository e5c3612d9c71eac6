"""What the pages of the counter show."""

from dataclasses import dataclass
from datetime import date

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
    """What part of a payment went to which month."""

    period: Period
    amount: Money


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment as its receipt tells it. `qr_path` is the check address as an SVG path."""

    payment_id: str
    number: str
    amount: Money
    credit: Money
    """What of it nothing was due for: it stays the member's."""
    value_on: date
    channel: str
    member_id: str
    member_name: str
    member_number: str
    outstanding: Money
    """What the member still owes today."""
    check_code: str
    check_url: str
    qr_path: str
    qr_size: int
    is_reversed: bool = False
    allocations: tuple[Allocation, ...] = ()
    phone: str | None = None
    """Where the SMS goes, as the reader may see it; None if no telephone is known."""
    sms_id: str | None = None
    sms_state: str | None = None
    """What became of the receipt's SMS, if there is one yet."""

    @property
    def may_be_told_again(self) -> bool:
        return self.sms_state in ("failed", "unknown")
