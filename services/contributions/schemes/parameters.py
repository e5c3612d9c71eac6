"""Which figure holds: valid on one day, as far as was known on another.

Two dates, because a fee may be announced after it began (DOMAIN: 1,490.14 from August 2022, announced
later). A charge run asks with the day it runs, so a closed period can always be explained; the same
question asked today shows the adjustment that is due.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.contributions.schemes.definitions import Named, Parameter, Row, Scheme, Unit
from services.contributions.schemes.problems import ParameterNotInForce

ANY_CLASS = None
"""The key of a figure that does not differ by the member's class."""

ByClass = Mapping[str | None, Decimal]


@dataclass(frozen=True, slots=True)
class InForce:
    """A parameter with the figure that holds, ready to be computed with and explained."""

    code: str
    name: Named
    unit: Unit
    row: Row
    source: str

    def figure(self, key: str | None) -> Decimal:
        """The figure, by the key of its table or by the member's class where it differs."""
        value = self.row.value
        if isinstance(value, Decimal):
            return value
        if key is None:
            raise KeyError(f"{self.code} differs by class, and none was given")
        return value[key]


def row_in_force(parameter: Parameter, valid_on: date, known_on: date) -> Row | None:
    """The figure that holds on `valid_on`, as far as was known on `known_on`.

    Of those known, the one that began last; of two that began on one day, the one known last.
    """
    known = [r for r in parameter.values if r.valid_from <= valid_on and r.known_from <= known_on]
    return max(known, key=lambda row: (row.valid_from, row.known_from), default=None)


@dataclass(frozen=True, slots=True)
class Book:
    """A scheme's parameters as they hold on one day, as far as was known on another."""

    scheme: Scheme
    valid_on: date
    known_on: date

    def find(self, code: str) -> InForce | None:
        """The parameter with its figure in force, if it has one."""
        parameter = self.scheme.parameters[code]
        row = row_in_force(parameter, self.valid_on, self.known_on)
        if row is None:
            return None
        return InForce(code, parameter.name, parameter.unit, row, self.scheme.sources[row.source])

    def get(self, code: str) -> InForce:
        """The parameter with its figure in force. Raises ParameterNotInForce."""
        if found := self.find(code):
            return found
        raise ParameterNotInForce(code, self.valid_on, self.known_on)

    def is_left_out(self, code: str) -> bool:
        """Whether a figure that only the mutual sets was not set: its line is then not charged."""
        return self.scheme.parameters[code].set_by == "mutual" and self.find(code) is None
