"""Money: whole minor units and a currency, never a float.

On the wire an amount is a decimal string with exactly the currency's decimals: `"4923.27"` in DOP,
`"5000"` in XOF, which has none. In the database it is a BIGINT column `*_minor` beside a currency.
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Annotated, Any, Literal

from babel.core import get_global
from babel.numbers import get_currency_precision
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

MINOR_MAX = 10**15  # ten million million pesos: beyond it an amount is a typing error

Rounding = Literal["half_up", "half_even", "down"]
_ROUNDINGS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}


@lru_cache
def decimals(currency: str) -> int:
    """How many decimals a currency has (ISO 4217): DOP 2, XOF 0. Raises ValueError if unknown."""
    if currency not in get_global("all_currencies"):
        raise ValueError(f"{currency!r} is not an ISO 4217 currency; write for example DOP or XOF")
    return get_currency_precision(currency)


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount: `minor` whole minor units of `currency` (ISO 4217, three capital letters)."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, amount: str, currency: str) -> "Money":
        """Read a plain decimal string; refuses more decimals than the currency has."""
        places = decimals(currency)
        try:
            value = Decimal(amount)
        except InvalidOperation:
            raise ValueError(f"{amount!r} is not an amount; write digits, for example 1234.50") from None
        if not value.is_finite():
            raise ValueError(f"{amount!r} is not an amount; write digits, for example 1234.50")
        if abs(value) > Decimal(MINOR_MAX).scaleb(-places):
            raise ValueError(f"{amount!r} is too large for an amount of money")
        minor = value.scaleb(places)
        if minor != minor.to_integral_value():
            raise ValueError(f"{amount!r} has more decimals than {currency} allows ({places})")
        return cls(int(minor), currency)

    @property
    def amount(self) -> str:
        """The wire form, with exactly the currency's decimals."""
        return format(Decimal(self.minor).scaleb(-decimals(self.currency)), "f")

    def __add__(self, other: "Money") -> "Money":
        self._ensure_same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._ensure_same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _ensure_same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self} and {other} are not of one currency")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _read_wire,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda money: {"amount": money.amount, "currency": money.currency}
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "object",
            "title": "Money",
            "properties": {
                "amount": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
            },
            "required": ["amount", "currency"],
            "additionalProperties": False,
            "examples": [{"amount": "4923.27", "currency": "DOP"}],
        }


def _read_wire(value: Any) -> Money:
    if isinstance(value, Money):
        return value
    if not isinstance(value, dict) or value.keys() != {"amount", "currency"}:
        raise ValueError('money is {"amount": "1234.50", "currency": "DOP"}')
    amount, currency = value["amount"], value["currency"]
    if not isinstance(amount, str) or not isinstance(currency, str):
        raise ValueError('amount and currency are strings, as in {"amount": "1234.50", "currency": "DOP"}')
    return Money.parse(amount, currency)


def _positive(money: Money) -> Money:
    if money.minor <= 0:
        raise ValueError("the amount must be more than zero")
    return money


class _Positive:
    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(_positive, handler(source))


PositiveMoney = Annotated[Money, _Positive]
"""Money that must be more than zero, for requests."""


def apply_rate(minor: int, rate: Decimal, rounding: Rounding) -> int:
    """`minor` × `rate` (0.0304 for 3.04 %), rounded to a whole minor unit by the named rounding."""
    return int((Decimal(minor) * rate).quantize(Decimal(1), rounding=_ROUNDINGS[rounding]))


def split(minor: int, weights: list[int]) -> list[int]:
    """Share `minor` in proportion to `weights`, losing no unit: the parts sum to `minor` exactly.

    The units that do not divide go one by one to the largest remainders, the earlier part first.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative and must sum to more than zero")
    parts = [minor * weight // total for weight in weights]
    left = minor - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(minor * weights[i] % total), i))
    for index in by_remainder[:left]:
        parts[index] += 1
    return parts
