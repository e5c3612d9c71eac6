"""Named columns: which heading of a sheet means which column that a caller asks for.

Headings are compared without case, accents, punctuation and remarks in brackets, so that
`Fecha de Nacimiento (DD/MM/AAAA) *` is found by the alias `fecha de nacimiento`.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from services.kit.sheets.problems import DuplicateColumns, HeadingsNotFound, MissingColumns

SEARCHED_ROWS = 25  # a title, a date and a logo's empty rows may stand above the headings

_REMARK = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Column:
    """A column that a caller asks for: `name` in the rows, `headings` in the file, in any language.

    The first heading is the one that messages and exports show; the name is understood too.
    """

    name: str
    headings: tuple[str, ...]
    required: bool = False

    @property
    def heading(self) -> str:
        return self.headings[0]


@dataclass(frozen=True)
class Header:
    """Where each column that was found stands, and what else the sheet has."""

    line: int
    positions: dict[str, int]
    ignored: tuple[str, ...]


def heading_key(heading: str) -> str:
    """The form under which headings are compared: `Cédula ` and `CEDULA` are both `cedula`."""
    decomposed = unicodedata.normalize("NFKD", _REMARK.sub(" ", heading))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", bare).casefold().strip()


def find_header(
    rows: Sequence[tuple[int, list[str]]], columns: Sequence[Column]
) -> tuple[int, list[str]] | None:
    """The row, of the first ones, that names most of the columns; None if none names two of them."""
    names = _by_key(columns)
    best, best_score = None, min(2, len(columns)) - 1
    for line, cells in rows[:SEARCHED_ROWS]:
        score = len({names[key] for cell in cells if (key := heading_key(cell)) in names})
        if score > best_score:
            best, best_score = (line, cells), score
    return best


def read_header(found: tuple[int, list[str]] | None, columns: Sequence[Column]) -> Header:
    """Settle where each column stands.

    Raises HeadingsNotFound, DuplicateColumns, MissingColumns.
    """
    if found is None:
        wanted = ", ".join(column.heading for column in columns)
        raise HeadingsNotFound(f"One of the first {SEARCHED_ROWS} rows must name the columns: {wanted}.")
    line, cells = found
    names = _by_key(columns)
    positions: dict[str, int] = {}
    for position, cell in enumerate(cells):
        name = names.get(heading_key(cell))
        if name is None:
            continue
        if name in positions:
            twice = [cells[positions[name]].strip(), cell.strip()]
            raise DuplicateColumns(
                f"Line {line} names one column twice: {' and '.join(twice)}.", columns=[name]
            )
        positions[name] = position
    if missing := [c for c in columns if c.required and c.name not in positions]:
        headings = ", ".join(column.heading for column in missing)
        raise MissingColumns(f"Line {line} names no column {headings}.", columns=[c.name for c in missing])
    taken = set(positions.values())
    ignored = tuple(c.strip() for i, c in enumerate(cells) if i not in taken and c.strip())
    return Header(line, positions, ignored)


def _by_key(columns: Sequence[Column]) -> dict[str, str]:
    return {
        heading_key(heading): column.name for column in columns for heading in (column.name, *column.headings)
    }
