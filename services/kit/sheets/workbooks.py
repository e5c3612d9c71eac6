"""XLSX: a zip of XML parts, unpacked only after its table of contents was weighed.

We parse the parts ourselves, on expat, for three reasons. openpyxl's read-only mode reads 2,300
rows of twenty columns a second where this reads ten times as many (measured); it keeps a trace of
every row it has passed; and it gives a document typed as a number as a float. The bytes that it
opens are the same, and the tests compare every cell with what openpyxl reads.
"""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from xml.parsers.expat import ExpatError

from services.kit.sheets.limits import MIB, Limits
from services.kit.sheets.markup import Element, read_elements
from services.kit.sheets.problems import BrokenWorkbook, SuspiciousWorkbook
from services.kit.sheets.values import Styles, read_styles
from services.kit.sheets.worksheets import read_shared_strings, read_worksheet

PARTS_MAX = 5_000
DIRECTORY_BYTES_MAX = MIB
SMALL_PART_BYTES_MAX = 16 * MIB
RATIO_MAX = 100  # as Apache POI has it: spreadsheets pack 5 to 50 times
RATIO_FROM_BYTES = MIB

_ENCRYPTED = 1
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DIRECTORY_END = struct.Struct("<4s4H2LH")


def read_tables(file: BinaryIO, limits: Limits) -> Iterator[Iterator[tuple[int, list[str]]]]:
    """Yield the visible worksheets, each as (row number, cells as text).

    Raises BrokenWorkbook, SuspiciousWorkbook, SheetTooLarge.
    """
    ensure_small_directory(file)
    with _damage_told():
        # Not closed here: the tables outlive this generator, and the file is the caller's.
        archive = zipfile.ZipFile(file)
        ensure_plausible(archive, limits)
        workbook = _read_workbook(archive)
        strings = _read_strings(archive, workbook.strings_path, limits)
        styles = read_styles(_elements(archive, workbook.styles_path), workbook.since_1904)
    for path in workbook.sheet_paths:
        yield _rows(archive, path, strings, styles, limits)


def _rows(
    archive: zipfile.ZipFile, path: str, strings: list[str], styles: Styles, limits: Limits
) -> Iterator[tuple[int, list[str]]]:
    with _damage_told(), archive.open(path) as part:
        yield from read_worksheet(part, strings, styles, limits)


@contextmanager
def _damage_told() -> Iterator[None]:
    """What a damaged archive or part makes the libraries raise becomes one refusal."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, ExpatError, EOFError, LookupError, ValueError) as error:
        raise BrokenWorkbook(f"Save the workbook again and send it anew ({error}).") from error


def ensure_small_directory(file: BinaryIO) -> None:
    """Refuse an archive whose table of contents alone would fill the memory, before it is read."""
    file.seek(0, 2)
    tail_bytes = min(file.tell(), 0xFFFF + _DIRECTORY_END.size + 20)
    file.seek(-tail_bytes, 2)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _DIRECTORY_END.size:
        raise BrokenWorkbook("The archive is cut off. Save the workbook again and send it anew.")
    _, _, _, _, parts, directory_bytes, _, _ = _DIRECTORY_END.unpack_from(tail, at)
    zip64 = tail[max(at - 20, 0) :].startswith(b"PK\x06\x07")
    if zip64 or parts > PARTS_MAX or directory_bytes > DIRECTORY_BYTES_MAX:
        raise SuspiciousWorkbook("Its archive lists more parts than a workbook has.")


def ensure_plausible(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse what is no workbook, and what would unpack to more than a spreadsheet program makes."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise BrokenWorkbook("It is a packed file, but not an XLSX workbook.")
    if any(part.flag_bits & _ENCRYPTED or part.compress_type not in _PACKINGS for part in parts):
        raise BrokenWorkbook("It is encrypted or packed in an unusual way. Save it again as plain XLSX.")
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise SuspiciousWorkbook(f"It would unpack to more than {limits.unpacked_bytes // MIB} MiB.")
    for part in parts:
        if part.file_size > max(RATIO_FROM_BYTES, part.compress_size * RATIO_MAX):
            raise SuspiciousWorkbook(
                f"Its part {part.filename!r} unpacks to {part.file_size // max(part.compress_size, 1)}"
                f" times its size; spreadsheets stay under {RATIO_MAX}."
            )


@dataclass(frozen=True)
class Workbook:
    """Where in the archive the parts stand, and from which year days are counted."""

    sheet_paths: tuple[str, ...]
    strings_path: str | None
    styles_path: str | None
    since_1904: bool


def _read_workbook(archive: zipfile.ZipFile) -> Workbook:
    there = set(archive.namelist())
    targets: dict[str, str] = {}
    by_type: dict[str, str] = {}
    for element in _elements(archive, "xl/_rels/workbook.xml.rels"):
        path = posixpath.normpath(posixpath.join("/xl", element.get("Target"))).removeprefix("/")
        if element.name == "Relationship" and path in there:
            targets[element.get("Id")] = path
            by_type[posixpath.basename(element.get("Type"))] = path
    sheets, since_1904 = [], False
    for element in _elements(archive, "xl/workbook.xml"):
        if element.name == "workbookPr":
            since_1904 = element.get("date1904") in {"1", "true"}
        elif element.name == "sheet" and element.get("state") in {"", "visible"}:
            sheets.append(targets[element.get("id")])
    return Workbook(tuple(sheets), by_type.get("sharedStrings"), by_type.get("styles"), since_1904)


def _read_strings(archive: zipfile.ZipFile, path: str | None, limits: Limits) -> list[str]:
    if path is None:
        return []
    if archive.getinfo(path).file_size > limits.shared_strings_bytes:
        raise SuspiciousWorkbook(
            f"Its texts unpack to more than {limits.shared_strings_bytes // MIB} MiB. Save the table as CSV."
        )
    with archive.open(path) as part:
        return read_shared_strings(part, limits)


def _elements(archive: zipfile.ZipFile, path: str | None) -> Iterator[Element]:
    if path is None:
        return
    if archive.getinfo(path).file_size > SMALL_PART_BYTES_MAX:
        raise SuspiciousWorkbook(f"Its part {path!r} is larger than {SMALL_PART_BYTES_MAX // MIB} MiB.")
    with archive.open(path) as part:
        yield from read_elements(part)
