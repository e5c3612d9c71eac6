"""What anyone may learn of a receipt: amount, date and status, and nothing of the person."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.kit.money import Money


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a check code; without amount and day when no such receipt was issued."""

    status: Literal["valid", "reversed", "unknown"]
    amount: Money | None = None
    paid_on: date | None = None
    number: str | None = None
