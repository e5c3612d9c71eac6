"""Numbers that belong to nobody: documents and phones, none of them given twice in one roster.

Serial numbers are scattered by a fixed multiplication that visits every number of the range once,
so no list of those already given is needed, however large the roster.
"""

from stdnum import luhn

_STEP = 7_368_787  # has no factor in common with either range, so it visits all of it
_CEDULAS = 10_000_000
_PHONES = 6_000_000
_AREAS = ("809", "829", "849")

CEDULAS_MAX = _CEDULAS


class Numbers:
    """A source of documents and phones; the same `seed` gives the same ones in the same order."""

    def __init__(self, seed: int) -> None:
        self._documents = self._phones = seed * 104_729

    def cedula(self) -> str:
        """`999` and seven digits, with the check digit that is right for them."""
        self._documents += _STEP
        first_ten = f"999{self._documents % _CEDULAS:07d}"
        return first_ten + luhn.calc_check_digit(first_ten)

    def nss(self) -> str:
        self._documents += _STEP
        return f"999{self._documents % _CEDULAS:07d}"

    def passport(self) -> str:
        self._documents += _STEP
        return f"SYN{self._documents % _CEDULAS:07d}"

    def phone(self) -> str:
        """Ten digits in a Dominican area code, their exchange from 000 to 199: nobody's."""
        self._phones += _STEP
        area, rest = divmod(self._phones % _PHONES, 2_000_000)
        return f"{_AREAS[area]}{rest:07d}"
