"""Rules of remittances, without a database."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"[A-Z0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Need:
    """What the mutual must put in of its own before a notice is paid, in minor units.

    `shortfall_minor` was billed beyond what members owe; `advance_minor` is owed by members and not paid.
    """

    shortfall_minor: int
    advance_minor: int

    @property
    def minor(self) -> int:
        return self.shortfall_minor + self.advance_minor


def line_names(written: str, reference: str) -> bool:
    """Whether a bank line's text names a reference, as whole words; banks drop its dashes and spaces."""
    words, wanted = _WORD.findall(written.upper()), _WORD.findall(reference.upper())
    if not wanted:
        return False
    if "".join(wanted) in words:
        return True
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))


def obligations_paid(amount_minor: int, *, dependants_minor: int, late_charge_minor: int) -> dict[str, int]:
    """What of each obligation a remittance pays, in minor units; the rest is for contributions."""
    return {
        "contributions": amount_minor - dependants_minor - late_charge_minor,
        "dependants": dependants_minor,
        "late_charges": late_charge_minor,
    }
