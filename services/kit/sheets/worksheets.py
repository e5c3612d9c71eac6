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

Token = dict[str, str] | str
RawRow = tuple[int, list[Token]]
"""A row's number, and for each of its cells the attributes, then the text that it has."""

# What follows the rows in a worksheet (ECMA-376 part 1, 18.3.1.99), as far as it comes first.
_AFTER_ROWS = {
    *("sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState"),
    *("dataConsolidate", "customSheetViews", "mergeCells", "conditionalFormatting", "dataValidations"),
    *("hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "drawing"),
    *("legacyDrawing", "tableParts", "extLst"),
}


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

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    for _ in _feed(parser, part, lambda: len(strings)):
        if len(strings) > limits.shared_strings:
            raise SheetTooLarge(f"The workbook has more than {limits.shared_strings} texts.")
    return strings


def read_worksheet(
    part: IO[bytes], strings: list[str], styles: Styles, limits: Limits
) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, cells as text) of each row. Raises SheetTooLarge, SuspiciousWorkbook."""
    columns = _ColumnPositions()
    for rows in _raw_rows(part):
        for line, tokens in rows:
            texts = _texts(line, tokens, columns, strings, styles, limits)
            ensure_cells_fit(line, texts, limits)
            yield line, texts


def _raw_rows(part: IO[bytes]) -> Iterator[list[RawRow]]:
    """Parse piece by piece; yield the rows that are complete.

    Calls from expat into Python are what costs here, so there is no handler for ends: a row is
    complete when the next one starts, a text when another tag does.
    """
    parser = make_parser()
    rows: list[RawRow] = []
    tokens: list[Token] = []
    line, started, at_end = 0, 0, False
    wanted = False  # inside <v> or <t>, not inside the formula <f>
    tag_cell, tag_row, tag_value, tag_text, tag_formula = "c", "row", "v", "t", "f"

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal line, tokens, wanted, started, at_end
        if name == tag_cell:
            tokens.append(attributes)
            wanted = False
        elif name == tag_value or name == tag_text:  # noqa: SIM109 — a set is slower here
            wanted = True
        elif name == tag_row:
            line, tokens, wanted = int(attributes.get("r") or line + 1), [], False
            rows.append((line, tokens))
            started += 1
        elif name == tag_formula:
            wanted = False
        elif local_name(name) in _AFTER_ROWS:
            at_end = True

    def characters(data: str) -> None:
        if not wanted:
            return
        # A text comes in pieces where the part was cut into pieces, and where it has runs.
        if tokens and isinstance(tokens[-1], str):
            tokens[-1] += data
        else:
            tokens.append(data)

    def open_root(name: str, attributes: dict[str, str]) -> None:
        # The root tells the prefix of every other name.
        nonlocal tag_cell, tag_row, tag_value, tag_text, tag_formula
        prefix = name[: -len(local_name(name))]
        tag_cell, tag_row, tag_formula = prefix + "c", prefix + "row", prefix + "f"
        tag_value, tag_text = prefix + "v", prefix + "t"
        parser.StartElementHandler = start

    parser.StartElementHandler = open_root
    parser.CharacterDataHandler = characters
    for _ in _feed(parser, part, lambda: started):
        if at_end:
            break
        yield rows[:-1]
        del rows[:-1]
    yield rows


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
    tokens: list[Token],
    columns: _ColumnPositions,
    strings: list[str],
    styles: Styles,
    limits: Limits,
) -> list[str]:
    """The row's cells as text, the empty ones between them included."""
    texts: list[str] = []
    position = -1
    attributes: dict[str, str] = {}
    for token in tokens:
        if isinstance(token, dict):
            reference = token.get("r")
            position = columns[reference.rstrip("0123456789")] if reference else position + 1
            attributes = token
            continue
        kind = attributes.get("t", "n")
        if kind == "inlineStr" or kind == "str":
            text = plain_text(token)
        elif not (written := token.strip()):
            continue
        elif kind == "s":
            text = strings[int(written)]
        else:
            text = cell_text(kind, attributes.get("s"), written, styles)
        if position >= limits.columns:
            raise SheetTooLarge(f"Line {line} reaches past column {limits.columns}.", line=line)
        texts.extend([""] * (position + 1 - len(texts)))
        texts[position] = text
    return texts
