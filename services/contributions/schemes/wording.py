"""The sentence that explains a line, as staff read it at the counter, in English and Spanish."""

from decimal import Decimal
from typing import Literal

from babel.numbers import format_currency

from services.contributions.schemes.computing import LineTerms
from services.contributions.schemes.definitions import Rounding
from services.kit import money

Language = Literal["en", "es"]

_LOCALES = {"en": "en", "es": "es_DO"}
# English readers abroad know the code better than the sign; None is the locale's own way.
_PATTERNS = {"en": "¤¤\xa0#,##0.00", "es": None}
_ROUNDED = {
    "en": {"half_up": "rounded half up", "down": "rounded down"},
    "es": {"half_up": "redondeado al más cercano, la mitad hacia arriba", "down": "redondeado hacia abajo"},
}
_SENTENCES = {
    "en": {
        "wage": "{rate} % of {base}, {rounded}",
        "capped": "{rate} % of {base}, the most that counts ({cap}), {rounded}",
        "below_cap": "{rate} % of {base}, which is below the cap of {cap}, {rounded}",
        "member": "{unit} a member",
        "reference": "{rate} % of the reference income of {base}, {rounded}",
        "additional_dependant": "{heads} × {unit} an additional dependant",
        "beneficiary": "{heads} × {unit} a beneficiary",
    },
    "es": {
        "wage": "{rate} % de {base}, {rounded}",
        "capped": "{rate} % de {base}, lo más que cuenta ({cap}), {rounded}",
        "below_cap": "{rate} % de {base}, que no llega al tope de {cap}, {rounded}",
        "member": "{unit} por persona afiliada",
        "reference": "{rate} % del ingreso de referencia de {base}, {rounded}",
        "additional_dependant": "{heads} × {unit} por dependiente adicional",
        "beneficiary": "{heads} × {unit} por beneficiario",
    },
}


def rule_of(
    line: LineTerms,
    *,
    wage_minor: int,
    heads: int,
    member_class: str | None,
    currency: str,
    rounding: Rounding,
    language: Language,
) -> str:
    """How the line was computed for one member, in words and figures."""

    def written(minor: int) -> str:
        amount = Decimal(minor).scaleb(-money.decimals(currency))
        return format_currency(amount, currency, _PATTERNS[language], locale=_LOCALES[language])

    base_minor = min(wage_minor, line.cap)
    rate = line.rates.get(member_class)
    kind: str = line.per
    if line.per == "wage" and line.cap_minor is not None:
        kind = "capped" if wage_minor > line.cap_minor else "below_cap"
    elif line.per != "wage" and rate is not None:
        kind = "reference"
        base_minor = int(line.used[1].figure(member_class).scaleb(money.decimals(currency)))
    return _SENTENCES[language][kind].format(
        rate=format(rate, "f") if rate is not None else "",
        base=written(base_minor),
        cap=written(line.cap_minor or 0),
        unit=written(line.units_minor.get(member_class, 0)),
        heads=heads,
        rounded=_ROUNDED[language][rounding],
    )
