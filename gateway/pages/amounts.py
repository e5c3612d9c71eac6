"""Reading an amount that a person typed: `1234.5`, `1,234.50`, `RD$ 1,234.50`.

Commas group thousands and a point stands before the cents, as they are written in the country; what
could be meant in two ways is refused and never guessed, since it is money.
"""

import re

from services.kit.money import Money

_WRITTEN = re.compile(r"(\d{1,15}|\d{1,3}(?:,\d{3})+)(\.\d+)?", re.ASCII)
_SIGNS = re.compile(r"(RD\$|US\$|\$|F ?CFA|[A-Z]{3})", re.IGNORECASE)


def parse_amount(typed: str, currency: str) -> Money:
    """The amount, more than nothing. Raises ValueError with words for nobody: the page has its own."""
    plain = _SIGNS.sub("", typed).replace("\N{NO-BREAK SPACE}", " ").strip()
    match = _WRITTEN.fullmatch(plain)
    if match is None:
        raise ValueError(f"{typed!r} is not an amount")
    amount = Money.parse(plain.replace(",", ""), currency)
    if amount.minor <= 0:
        raise ValueError("an amount is more than zero")
    return amount
