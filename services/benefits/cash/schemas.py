"""What a cashier sends."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.benefits.cash.rules import DIGITS


def _digits(code: str) -> str:
    digits = "".join(code.split()).replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == DIGITS):
        raise ValueError(f"a code has {DIGITS} digits")
    return digits


class CashPaymentIn(BaseModel):
    """The code that the member shows."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(max_length=20, examples=["1234 5678"]), AfterValidator(_digits)]


class WithdrawalIn(BaseModel):
    """Why a payout no longer waits at the counter."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=3, max_length=140, examples=["unclaimed"])
