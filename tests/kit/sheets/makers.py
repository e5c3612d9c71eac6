"""Files as people send them, and as people should not."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

import openpyxl

from services.kit.sheets import Column, Limits, Row, read_sheet

NAME = Column("name", ("Nombres", "given names"), required=True)
DOCUMENT = Column("document", ("Cédula", "Documento"), required=True)
BORN = Column("born", ("Fecha de nacimiento",))
WAGE = Column("wage", ("Salario",))
COLUMNS = (NAME, DOCUMENT, BORN, WAGE)


def rows_of(content: bytes, columns: Sequence[Column] = COLUMNS, **given: Any) -> list[Row]:
    return list(read_sheet(io.BytesIO(content), columns, **given).rows)


def cells_of(content: bytes, columns: Sequence[Column] = COLUMNS, **given: Any) -> list[dict[str, str]]:
    return [row.cells for row in rows_of(content, columns, **given)]


def small(**given: int) -> Limits:
    return Limits(**given)


def workbook(*rows: Sequence[Any], formats: dict[str, str] | None = None) -> bytes:
    """An XLSX file made by openpyxl, with number formats by cell (`{"B2": "0"}`)."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cell, code in (formats or {}).items():
        sheet[cell].number_format = code
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_part(content: bytes, path: str, part: bytes | None, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same archive with one part put in, exchanged or (None) taken out."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", packing) as new,
    ):
        for name in old.namelist():
            if name != path:
                new.writestr(name, old.read(name))
        if part is not None:
            new.writestr(path, part)
    return buffer.getvalue()


def sheet_xml(rows: str, before: str = "") -> bytes:
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{before}<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def with_rows(rows: str, before: str = "", packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook whose only sheet holds exactly this XML."""
    return with_part(workbook(["x"]), "xl/worksheets/sheet1.xml", sheet_xml(rows, before), packing)


def with_shared_strings(rows: str, *strings: str) -> bytes:
    """A workbook whose cells point to these `si` elements, as Excel writes it."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    table = f'<sst xmlns="{namespace}">{"".join(f"<si>{s}</si>" for s in strings)}</sst>'
    book = with_part(with_rows(rows), "xl/sharedStrings.xml", table.encode())
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    added = f'<Relationship Type="{kind}" Target="sharedStrings.xml" Id="rId9"/></Relationships>'
    changed = relations.replace("</Relationships>", added)
    assert changed != relations
    return with_part(book, "xl/_rels/workbook.xml.rels", changed.encode())


def crowded_archive(parts: int) -> bytes:
    """A zip whose table of contents lists the same stored bytes again and again."""
    data = b"x"
    local = (
        struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, zlib.crc32(data), 1, 1, 1, 0) + b"x" + data
    )
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, zlib.crc32(data), 1, 1, 1, 0, 0, 0, 0, 0, 0
    )
    directory = (entry + b"x") * parts
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, parts & 0xFFFF, parts & 0xFFFF, len(directory), len(local), 0
    )
    return local + directory + end
