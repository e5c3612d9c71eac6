"""The two large parts of a workbook: the shared texts and the rows.

Both are read in pieces, and each text or row must end within a bounded number of bytes: that one
bound covers endless cells, giant tags and nesting, whatever the file holds.
"""

import re
from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers.expat import XMLParserType

from services.kit.sheets.limits import MIB, Limits, ensure_cells_fit
from services.kit.sheets.markup import PIECE_BYTES, local_name, make_parser
from services.kit.sheets.problems import SheetTooLarge, SuspiciousWorkbook
from services.kit.sheets.values import Styles, cell_text, plain_text

RECORD_BYTES_MAX = 2 * MIB

RawRow = tuple[int, list[tuple[dict[str, str], str]]]
"""A row's number, and of each of its cells the attributes and the text."""


def read_shared_strings(part: IO[bytes], limits: Limits) -> list[str]:
    """The texts that cells point to by their place in it. Raises SheetTooLarge, SuspiciousWorkbook."""
    parser = make_parser()
    strings: list[str] = []
    text = ""
    wanted = spoken = False  # inside <t>; inside <rPh>, which only says how the text is pronounced

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal text, wanted, spoken
        name = local_name(name)
        if name == "t":
            wanted = not spoken
        elif name == "si":
            text = ""
        elif name == "rPh":
            spoken = True

    def characters(data: str) -> None:
        nonlocal text
        if wanted:
            text += data

    def end(name: str) -> None:
        nonlocal wanted, spoken
        name = local_name(name)
        if name == "t":
            wanted = False
        elif name == "si":
            strings.append(plain_text(text))
        elif name == "rPh":
            spoken = False

    _attach(parser, start, end, characters)
    for _ in _feed(parser, part, lambda: len(strings)):
        if len(strings) > limits.shared_strings:
            raise SheetTooLarge(f"The workbook has more than {limits.shared_strings} texts.")
    return strings


def read_worksheet(
    part: IO[bytes], strings: list[str], styles: Styles, limits: Limits
) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, cells as text) of each row. Raises SheetTooLarge, SuspiciousWorkbook."""
    rows: list[RawRow] = []
    finished = 0
    columns = _ColumnPositions()
    for at_end in _feed_rows(part, rows):
        finished += len(rows)
        for line, cells in rows:
            texts = _texts(line, cells, columns, strings, styles, limits)
            ensure_cells_fit(line, texts, limits)
            yield line, texts
        rows.clear()
        if at_end:
            return


def _feed_rows(part: IO[bytes], rows: list[RawRow]) -> Iterator[bool]:
    """Parse piece by piece, putting the rows that finished into `rows`; True when there are no more."""
    parser = make_parser()
    line, finished, at_end = 0, 0, False
    cells: list[tuple[dict[str, str], str]] = []
    attributes: dict[str, str] = {}
    text = ""
    wanted = False  # inside <v> or <t>, not inside the formula <f>
    tag_cell, tag_row, tag_value, tag_text, tag_data = "c", "row", "v", "t", "sheetData"

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal line, cells, attributes, text, wanted
        if name == tag_cell:
            attributes, text = given, ""
        elif name in (tag_value, tag_text):
            wanted = True
        elif name == tag_row:
            line, cells = int(given.get("r") or line + 1), []

    def characters(data: str) -> None:
        nonlocal text
        if wanted:
            text += data

    def end(name: str) -> None:
        nonlocal wanted, finished, at_end
        if name == tag_cell:
            cells.append((attributes, text))
        elif name in (tag_value, tag_text):
            wanted = False
        elif name == tag_row:
            finished += 1
            rows.append((line, cells))
        elif name == tag_data:
            at_end = True

    def open_root(name: str, given: dict[str, str]) -> None:
        nonlocal tag_cell, tag_row, tag_value, tag_text, tag_data
        prefix = name[: -len(local_name(name))]
        tag_cell, tag_row, tag_data = prefix + "c", prefix + "row", prefix + "sheetData"
        tag_value, tag_text = prefix + "v", prefix + "t"
        parser.StartElementHandler = start

    _attach(parser, open_root, end, characters)
    for _ in _feed(parser, part, lambda: finished):
        yield at_end


def _feed(parser: XMLParserType, part: IO[bytes], finished: Callable[[], int]) -> Iterator[None]:
    """Parse piece by piece; refuse when nothing finishes within RECORD_BYTES_MAX."""
    count = unfinished_bytes = 0
    while piece := part.read(PIECE_BYTES):
        parser.Parse(piece)
        before, count = count, finished()
        unfinished_bytes = 0 if count > before else unfinished_bytes + len(piece)
        if unfinished_bytes > RECORD_BYTES_MAX:
            raise SuspiciousWorkbook(f"A row or text in it is longer than {RECORD_BYTES_MAX // MIB} MiB.")
        yield
    parser.Parse(b"", True)
    yield


def _attach(
    parser: XMLParserType,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    characters: Callable[[str], None],
) -> None:
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters


class _ColumnPositions(dict[str, int]):
    """The place of a column by its letters, from 0: A, B, … XFD."""

    def __missing__(self, letters: str) -> int:
        if not re.fullmatch("[A-Z]{1,3}", letters):
            raise ValueError(f"no column is named {letters[:10]!r}")
        position = 0
        for letter in letters:
            position = position * 26 + ord(letter) - 64
        self[letters] = position - 1
        return position - 1


def _texts(
    line: int,
    cells: list[tuple[dict[str, str], str]],
    columns: _ColumnPositions,
    strings: list[str],
    styles: Styles,
    limits: Limits,
) -> list[str]:
    """The row's cells as text, the empty ones between them included."""
    texts: list[str] = []
    position = -1
    for attributes, text in cells:
        reference = attributes.get("r")
        position = columns[reference.rstrip("0123456789")] if reference else position + 1
        if not text:
            continue
        kind = attributes.get("t", "n")
        if kind == "s":
            text = strings[int(text)]
        elif kind == "inlineStr" or kind == "str":
            text = plain_text(text)
        else:
            text = cell_text(kind, attributes.get("s"), text, styles)
        if position >= limits.columns:
            raise SheetTooLarge(f"Line {line} reaches past column {limits.columns}.", line=line)
        texts.extend([""] * (position + 1 - len(texts)))
        texts[position] = text
    return texts
