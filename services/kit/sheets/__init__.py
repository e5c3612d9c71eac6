"""Tables that people keep: read from CSV and XLSX row by row, and written so that they are safe to open.

A reader is asked for named columns, finds the heading row, and yields each row with its line number
and every cell as text: leading zeros stay, dates are ISO, numbers keep their digits. Memory stays
bounded whatever the file holds, and a file that is not what it says is refused with its reason.

    for row in read_sheet(file, columns, filename="socios.xlsx").rows:
        row.line, row.cells["document"]
"""

from services.kit.sheets.columns import Column, heading_key
from services.kit.sheets.limits import Limits
from services.kit.sheets.problems import WHEN_READING
from services.kit.sheets.reading import Row, Sheet, read_sheet
from services.kit.sheets.writing import Cell, csv_chunks, write_csv, write_xlsx

__all__ = [
    "Cell",
    "Column",
    "Limits",
    "Row",
    "Sheet",
    "WHEN_READING",
    "csv_chunks",
    "heading_key",
    "read_sheet",
    "write_csv",
    "write_xlsx",
]
