"""Payout accounts on the wire: the number goes in and never comes out again, but for its last digits."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from stdnum import iban

from services.benefits.payout_accounts.models import PayoutAccount
from services.benefits.settings import BIC


def _account(number: str) -> str:
    """Check what can be checked: an IBAN's digits. Other numbers are the bank's own affair."""
    if number[:2].isalpha() and not iban.is_valid(number):
        raise ValueError("this looks like an IBAN, but its check digits are wrong")
    return number


AccountNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[0-9A-Za-z]{4,34}$"),
    AfterValidator(_account),
]


class PayoutAccountIn(BaseModel):
    """A member's bank account."""

    model_config = ConfigDict(extra="forbid")

    holder_name: str = Field(
        min_length=2, max_length=140, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["Ana Prueba"]
    )
    bic: str = Field(
        pattern=BIC,
        description="The bank (ISO 9362)",
        examples=["XXXXDOSD"],
    )
    account: AccountNumber = Field(description="IBAN or the bank's own number, without spaces or dashes")


class PayoutAccountOut(BaseModel):
    """A payout account as it stands; `approval_id` is what waits for the second person."""

    id: UUID
    member_id: UUID
    holder_name: str
    bic: str
    account_hint: str = Field(examples=["…6789"])
    state: str
    requested_at: datetime
    in_force_at: datetime | None
    approval_id: UUID | None = None

    @classmethod
    def of(cls, account: PayoutAccount, approval_id: UUID | None = None) -> Self:
        shown = cls.model_validate(account, from_attributes=True)
        return shown.model_copy(update={"approval_id": approval_id})


class PayoutAccountsOut(BaseModel):
    """A member's payout accounts, the newest first."""

    items: list[PayoutAccountOut]
