"""Tables for people to open: CSV and XLSX that no spreadsheet program takes for formulas.

A CSV cell that begins like a formula gets an apostrophe in front (as OWASP advises for CSV
injection); plain signed numbers do not need it. An XLSX cell is written with its type, so its text
stays as it is. Both are written row by row and hold nothing back.
"""

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO, TextIOWrapper
from typing import BinaryIO
from xml.sax.saxutils import escape

from services.kit.sheets.problems import SheetTooLarge

Cell = str | int | Decimal | date | datetime | None
"""What an exported cell may hold. Money is written as its decimal amount; floats are not."""

XLSX_ROWS_MAX = 1_048_576
CHUNK_CHARACTERS = 64 * 1024

_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 — the full-width signs are meant
_NUMBER = re.compile(r"[+-]?\d[\d.,]*")
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def csv_chunks(
    headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, delimiter: str = ","
) -> Iterator[bytes]:
    """Yield a CSV file piece by piece: UTF-8 with the mark that makes Excel read it as such."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([_safe(heading) for heading in headings])
    for row in rows:
        # Most cells are texts that begin harmlessly: they are passed without a call.
        writer.writerow([c if isinstance(c, str) and c[:1] not in _FORMULA_STARTS else _safe(c) for c in row])
        if buffer.tell() > CHUNK_CHARACTERS:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_csv(file: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a CSV file as `csv_chunks` makes it."""
    for chunk in csv_chunks(headings, rows):
        file.write(chunk)


def _safe(cell: Cell) -> str:
    if not isinstance(cell, str):
        return _plain(cell)
    if cell[:1] in _FORMULA_STARTS and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def _plain(cell: int | Decimal | date | datetime | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return format(cell, "f") if isinstance(cell, Decimal) else str(int(cell))


def write_xlsx(
    file: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str = "Amparo"
) -> None:
    """Write a workbook with one sheet, its headings bold and staying in view.

    Texts are text cells, so documents keep their leading zeros also when they are edited. `title`
    names the sheet: at most 31 characters, none of `:\\/?*[]`.
    Raises SheetTooLarge past the 1,048,576 rows that XLSX can hold.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for path, content in _PARTS.items():
            named = content.replace("{title}", escape(title, {'"': "&quot;"}))
            archive.writestr(_part(path), named)
        with (
            archive.open(_part("xl/worksheets/sheet1.xml"), "w") as part,
            TextIOWrapper(part, "utf-8") as sheet,
        ):
            sheet.write(_SHEET_START.format(columns=_column_widths(headings)))
            letters = [_column_letters(position) for position in range(len(headings))]
            sheet.write(
                _row(1, [_text_cell(f"{c}1", h, "1") for c, h in zip(letters, headings, strict=True)])
            )
            for number, row in enumerate(rows, start=2):
                if number > XLSX_ROWS_MAX:
                    raise SheetTooLarge(f"XLSX holds at most {XLSX_ROWS_MAX} rows. Ask for CSV.")
                sheet.write(
                    _row(number, [_cell(f"{c}{number}", v) for c, v in zip(letters, row, strict=True)])
                )
            sheet.write("</sheetData></worksheet>")


def _part(path: str) -> zipfile.ZipInfo:
    """An entry dated 1980, as zip counts from there: the same table is the same bytes at any time."""
    part = zipfile.ZipInfo(path)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def _row(number: int, cells: list[str]) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(reference: str, value: Cell) -> str:
    if isinstance(value, str):
        return _text_cell(reference, value, "2")
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f'<c r="{reference}" s="4"><v>{_days(value)}</v></c>'
    if isinstance(value, date):
        return f'<c r="{reference}" s="3"><v>{value.toordinal() - _DAY_ZERO}</v></c>'
    style = ' s="5"' if isinstance(value, Decimal) else ""
    return f'<c r="{reference}"{style}><v>{_plain(value)}</v></c>'


def _text_cell(reference: str, text: str, style: str) -> str:
    if not text:
        return ""
    # A text that looks like one of XLSX's own escapes (`_x0041_`) gets its underscore escaped.
    clean = escape(_ESCAPE_LIKE.sub("_x005F_", _NOT_XML.sub("", text)))
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{clean}</t></is></c>'


_DAY_ZERO = date(1899, 12, 30).toordinal()


def _days(moment: datetime) -> str:
    """A moment as XLSX counts it: days since 1899-12-30 and their fraction, in its own time zone."""
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return str(moment.toordinal() - _DAY_ZERO + Decimal(seconds) / 86_400)


def _column_letters(position: int) -> str:
    letters = ""
    position += 1
    while position:
        position, letter = divmod(position - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def _column_widths(headings: Sequence[str]) -> str:
    return "".join(
        f'<col min="{n}" max="{n}" width="{max(12, len(heading) + 3)}" customWidth="1"/>'
        for n, heading in enumerate(headings, start=1)
    )


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_SHEET_START = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
)

_PARTS = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_CONTENT}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_CONTENT}.styles+xml"/></Types>',
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>'
    '<sheet name="{title}" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>',
    # Styles: 0 general, 1 heading, 2 text, 3 date, 4 moment, 5 amount.
    "xl/styles.xml": f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}
