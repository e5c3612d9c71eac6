"""CSV as people have it: UTF-8 or Windows-1252, separated by commas, semicolons or tabs.

The file is surveyed once before it is read, because three questions need all of it: is it text, in
which encoding, and is any line so long that reading lines would not be bounded.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from services.kit.sheets.columns import SEARCHED_ROWS, Column, find_header, heading_key
from services.kit.sheets.limits import MIB, Limits, ensure_cells_fit
from services.kit.sheets.problems import NotASheet, SheetTooLarge, UnreadableText

DELIMITERS = ",;\t"
_SEPARATOR_LINE = re.compile(r"\ufeff?sep=([,;\t])[\r\n]*$", re.IGNORECASE)  # Excel's own hint
_NOT_TEXT = bytes({*range(9), *range(14, 32)} - {26})  # 26 ends a file that DOS wrote


@dataclass(frozen=True)
class Survey:
    """What must be known of a text before its lines are read."""

    encoding: str
    longest_line_bytes: int


def survey(file: BinaryIO, limits: Limits) -> Survey:
    """Look through the whole file in bounded pieces.

    Raises NotASheet (binary), UnreadableText, SheetTooLarge (an endless line).
    """
    file.seek(0)
    utf8, cp1252 = codecs.getincrementaldecoder("utf-8")(), codecs.getincrementaldecoder("cp1252")()
    is_utf8 = is_cp1252 = True
    longest = unfinished = 0
    while True:
        piece = file.read(MIB)
        if len(piece.translate(None, _NOT_TEXT)) != len(piece):
            raise NotASheet("The file holds bytes that no text holds. Save the table as CSV or XLSX.")
        is_utf8 = is_utf8 and _decodes(utf8, piece)
        is_cp1252 = is_cp1252 and _decodes(cp1252, piece)
        if not (is_utf8 or is_cp1252):
            raise UnreadableText("Save the table as “CSV UTF-8” or as XLSX.")
        if not piece:
            break
        lengths = [len(line) for line in piece.replace(b"\r", b"\n").split(b"\n")]
        lengths[0] += unfinished
        unfinished = lengths[-1]
        longest = max(longest, *lengths)
        if longest > limits.line_bytes:
            raise SheetTooLarge(f"A line is longer than {limits.line_bytes} bytes.")
    return Survey("utf-8-sig" if is_utf8 else "cp1252", longest)


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes) -> bool:
    try:
        decoder.decode(piece, final=not piece)
    except UnicodeDecodeError:
        return False
    return True


def detect_delimiter(file: BinaryIO, surveyed: Survey, columns: Sequence[Column]) -> str:
    """The delimiter under which a row of the first ones names most of the columns asked for."""
    with _text(file, surveyed) as lines:
        head = list(islice(lines, SEARCHED_ROWS))
    if head and (said := _SEPARATOR_LINE.match(head[0])):
        return said[1]
    wanted = {heading_key(h) for c in columns for h in (c.name, *c.headings)}

    def named(delimiter: str) -> int:
        try:
            rows = list(enumerate(csv.reader(head, delimiter=delimiter), start=1))
        except csv.Error:
            return 0
        found = find_header(rows, columns)
        return len({heading_key(cell) for cell in found[1]} & wanted) if found else 0

    return max(DELIMITERS, key=named)


def read_rows(
    file: BinaryIO, surveyed: Survey, delimiter: str, limits: Limits
) -> Iterator[tuple[int, list[str]]]:
    """Yield (first line, cells) of each row, blank ones too. Raises SheetTooLarge."""
    with _text(file, surveyed) as lines:
        reader = csv.reader(lines, delimiter=delimiter)
        long_lines = surveyed.longest_line_bytes > limits.cell_characters
        last = 0
        try:
            for cells in reader:
                line, last = last + 1, reader.line_num
                # A row of one short line cannot hold a long cell: only others are measured.
                if long_lines or last > line or len(cells) > limits.columns:
                    ensure_cells_fit(line, cells, limits)
                yield line, cells
        except csv.Error as error:
            raise SheetTooLarge(
                f"Line {last + 1} cannot be split into cells: {error}.", line=last + 1
            ) from None


class _text:
    """The file as text lines, in the end given back open to whom it belongs."""

    def __init__(self, file: BinaryIO, surveyed: Survey) -> None:
        file.seek(0)
        # newline="" leaves line ends inside quoted cells alone, as the csv module asks.
        self._lines = io.TextIOWrapper(file, encoding=surveyed.encoding, newline="")

    def __enter__(self) -> io.TextIOWrapper:
        return self._lines

    def __exit__(self, *failure: object) -> None:
        # A reader that is dropped half-way may outlive the file: then there is nothing to give back.
        with suppress(ValueError):
            self._lines.detach()
