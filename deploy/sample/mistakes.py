"""The mistakes that rosters have in life, planted one to a row and remembered.

A mistake is made in what a secretary wrote, so it is made in the row's cells.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from services.kit.sheets import Cell

Cells = dict[str, Cell]
"""A row before it is written, by the names of `imports.columns`."""


class Mistake(StrEnum):
    """What is wrong with a row."""

    WRONG_CHECK_DIGIT = "wrong_check_digit"
    LETTERS_IN_DOCUMENT = "letters_in_document"
    DUPLICATE_IN_FILE = "duplicate_in_file"
    MISSING_SURNAME = "missing_surname"
    IMPOSSIBLE_BIRTH_DATE = "impossible_birth_date"
    WAGE_BELOW_FLOOR = "wage_below_floor"
    BAD_PHONE = "bad_phone"


@dataclass(frozen=True, slots=True)
class Planted:
    """A mistake in a member's row: where, and the value as a reader of the file meets it.

    `family_lines` are the rows that cannot go in either because they name this member.
    """

    line: int
    column: str
    value: str
    mistake: Mistake
    family_lines: tuple[int, ...] = ()


class Planter:
    """Spreads exactly `errors` mistakes over `members` rows, every kind about equally often."""

    def __init__(self, members: int, errors: int, seed: int, minimum_wage_pesos: int) -> None:
        # A source of its own: the people stay the same whatever share of mistakes is asked for.
        self._random = Random(f"mistakes {seed}")
        self._members_left, self._errors_left = members, errors
        self._minimum_wage_pesos = minimum_wage_pesos
        self._kinds: list[Mistake] = []
        self._earlier: deque[str] = deque(maxlen=200)

    def next(self) -> Mistake | None:
        """The mistake for the next member, or None."""
        hit = self._random.random() * self._members_left < self._errors_left
        self._members_left -= 1
        if not hit:
            return None
        self._errors_left -= 1
        if not self._kinds:
            self._kinds = self._random.sample(list(Mistake), len(Mistake))
        mistake = self._kinds.pop()
        if mistake is Mistake.DUPLICATE_IN_FILE and not self._earlier:
            return Mistake.MISSING_SURNAME
        return mistake

    def remember(self, document: str) -> None:
        """A document that stands in the file, well written: a later row may repeat it."""
        self._earlier.append(document)

    def plant(self, mistake: Mistake, cells: Cells) -> tuple[str, str]:
        """Spoil one cell of a member with a cédula; returns the column and its new value."""
        column, make = _HOW[mistake]
        value = make(self, str(cells[column]))
        cells[column] = value
        return column, value

    def _wrong_check_digit(self, document: str) -> str:
        return document[:-1] + str((int(document[-1]) + self._random.randint(1, 9)) % 10)

    def _letters(self, document: str) -> str:
        # The letters that are taken for digits: O for 0 and so on.
        letter = self._random.choice("OIlSB")
        place = self._random.randrange(3, len(document) - 2)
        return document[:place] + letter + document[place + 1 :]

    def _duplicate(self, document: str) -> str:
        return self._random.choice(self._earlier)

    def _no_surname(self, surname: str) -> str:
        return ""

    def _birth_date(self, birth_date: str) -> str:
        day, year = self._random.randint(1, 28), self._random.randint(1960, 2000)
        return self._pick([f"31/02/{year}", f"{day:02d}/13/{year}", f"{day:02d}/06/{year + 120}"])

    def _low_wage(self, wage: str) -> str:
        return str(int(self._minimum_wage_pesos * self._random.uniform(0.4, 0.95)))

    def _bad_phone(self, phone: str) -> str:
        local = f"{self._random.randrange(10_000):04d}"
        return self._pick([f"555-{local}", f"809-01{local}", "no tiene"])

    def _pick(self, values: Sequence[str]) -> str:
        return self._random.choice(values)


_HOW: dict[Mistake, tuple[str, Callable[[Planter, str], str]]] = {
    Mistake.WRONG_CHECK_DIGIT: ("document_number", Planter._wrong_check_digit),
    Mistake.LETTERS_IN_DOCUMENT: ("document_number", Planter._letters),
    Mistake.DUPLICATE_IN_FILE: ("document_number", Planter._duplicate),
    Mistake.MISSING_SURNAME: ("first_surname", Planter._no_surname),
    Mistake.IMPOSSIBLE_BIRTH_DATE: ("birth_date", Planter._birth_date),
    Mistake.WAGE_BELOW_FLOOR: ("declared_wage", Planter._low_wage),
    Mistake.BAD_PHONE: ("phone", Planter._bad_phone),
}
