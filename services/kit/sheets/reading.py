"""One way to read a table, whichever of the two kinds of file it comes in.

The content decides the kind; a name that says another kind is refused, because then somebody is
mistaken about the file.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import itemgetter
from pathlib import PurePath
from typing import BinaryIO, Literal, NamedTuple

from services.kit.sheets import delimited, workbooks
from services.kit.sheets.columns import SEARCHED_ROWS, Column, Header, find_header, read_header
from services.kit.sheets.limits import Limits
from services.kit.sheets.problems import EmptySheet, NotASheet, NotWhatItSays, SheetTooLarge

Kind = Literal["csv", "xlsx"]

_NAMED = {".csv": "csv", ".txt": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Row(NamedTuple):
    """A row: its line in the file, and the text of every column asked for ("" where there is none)."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A table about to be read: `rows` can be walked once, and raises SheetTooLarge on its way."""

    kind: Kind
    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    rows: Iterator[Row]


def read_sheet(
    file: BinaryIO, columns: Sequence[Column], *, filename: str | None = None, limits: Limits | None = None
) -> Sheet:
    """Find the headings in a CSV or XLSX file and yield its rows as text.

    `file` must be seekable; it stays open and the caller's. Columns that are not `required` and not
    there read as "". Rows in which no column asked for has text are passed over.
    Raises the problems of WHEN_READING.
    """
    limits = limits or Limits()
    kind = _kind(file, filename)
    if kind == "xlsx":
        tables = workbooks.read_tables(file, limits)
    else:
        surveyed = delimited.survey(file, limits)
        delimiter = delimited.detect_delimiter(file, surveyed, columns)
        tables = iter([delimited.read_rows(file, surveyed, delimiter, limits)])
    header, rows = _with_header(tables, columns)
    return Sheet(kind, tuple(header.positions), header.ignored, _named(rows, header, columns, limits))


def _kind(file: BinaryIO, filename: str | None) -> Kind:
    file.seek(0)
    start = file.read(4)
    if not start:
        raise EmptySheet("The file is empty.")
    if start == _OLD_OFFICE:
        raise NotASheet("This is an old .xls file or one with a password. Save it as XLSX, without one.")
    if start[:2] in _UTF16:
        raise NotASheet("This is “Unicode text” (UTF-16). Save the table as “CSV UTF-8” or as XLSX.")
    kind: Kind = "xlsx" if start[:2] == b"PK" else "csv"
    suffix = PurePath(filename or "").suffix.casefold()
    if _NAMED.get(suffix, kind) != kind:
        held = "a packed file (perhaps a workbook)" if kind == "xlsx" else "no workbook"
        raise NotWhatItSays(f"The file is named {suffix} but holds {held}.")
    return kind


def _with_header(
    tables: Iterator[Iterator[tuple[int, list[str]]]], columns: Sequence[Column]
) -> tuple[Header, Iterator[tuple[int, list[str]]]]:
    """The first table that names the columns, read up to and with its headings."""
    any_rows = False
    for rows in tables:
        head = list(islice(rows, SEARCHED_ROWS))
        any_rows = any_rows or any(cell.strip() for _, cells in head for cell in cells)
        if found := find_header(head, columns):
            header = read_header(found, columns)
            return header, chain(((n, cells) for n, cells in head if n > header.line), rows)
    if not any_rows:
        raise EmptySheet("The file holds no rows.")
    return read_header(None, columns), iter(())


def _named(
    rows: Iterator[tuple[int, list[str]]], header: Header, columns: Sequence[Column], limits: Limits
) -> Iterator[Row]:
    names = [column.name for column in columns]
    # Every row gets an empty cell at its end: there an absent column reads.
    positions = [header.positions.get(name, -1) for name in names]
    width = max(positions) + 1
    pick = _picker(positions)
    strip = str.strip
    count = 0
    for line, cells in rows:
        cells.append("")
        if len(cells) <= width:
            cells.extend([""] * (width - len(cells) + 1))
        texts = tuple(map(strip, pick(cells)))
        if any(texts):
            count += 1
            if count > limits.rows:
                raise SheetTooLarge(f"The sheet has more than {limits.rows} rows.")
            yield Row(line, dict(zip(names, texts, strict=False)))  # `strict` costs a tenth


def _picker(positions: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    if len(positions) == 1:
        [position] = positions
        return lambda cells: (cells[position],)
    return itemgetter(*positions)
