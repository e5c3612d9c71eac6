"""Exports: what Excel would run stays text, and what we write we read again."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kit.sheets import Cell, Column, csv_chunks, problems, read_sheet, write_csv, write_xlsx, writing

FORMULAS = ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", '=HYPERLINK("x")']  # noqa: RUF001
TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), max_size=10)
COLUMNS = [Column("a1", ("a1",)), Column("b1", ("b1",))]


def csv_of(*rows: Sequence[Cell]) -> bytes:
    return b"".join(csv_chunks(["a1", "b1"], rows))


def xlsx_of(*rows: Sequence[Cell]) -> io.BytesIO:
    file = io.BytesIO()
    write_xlsx(file, ["a1", "b1"], rows)
    return file


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_csv_cell_that_begins_like_a_formula_is_made_text(formula: str) -> None:
    text = csv_of([formula, "x"]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline="")))[1][0] == "'" + formula


@pytest.mark.parametrize("number", ["-12.50", "+18090551234", "-1,234.50"])
def test_plain_signed_numbers_stay_as_they_are(number: str) -> None:
    assert f"\r\n{number},".encode() in csv_of([number, ""]) or f'\r\n"{number}",'.encode() in csv_of(
        [number, ""]
    )


@pytest.mark.parametrize("formula", FORMULAS)
def test_an_xlsx_cell_that_begins_like_a_formula_is_typed_as_text(formula: str) -> None:
    sheet = openpyxl.load_workbook(xlsx_of([formula, "x"])).active
    assert sheet is not None
    cell = sheet["A2"]
    assert (cell.data_type, cell.value) == ("s", formula.replace("\r", "\n"))


def test_values_are_written_with_their_types() -> None:
    moment = datetime(2026, 7, 1, 14, 30, tzinfo=UTC)
    sheet = openpyxl.load_workbook(xlsx_of([date(1980, 1, 31), Decimal("15770.50")], [moment, 7])).active
    assert sheet is not None
    values = [[cell.value for cell in row] for row in sheet["A2:B3"]]
    assert values == [[datetime(1980, 1, 31), 15770.5], [datetime(2026, 7, 1, 14, 30), 7]]  # noqa: DTZ001
    assert csv_of([date(1980, 1, 31), Decimal("15770.50")]).endswith(b"\r\n1980-01-31,15770.50\r\n")


@given(
    st.lists(st.lists(TEXTS, min_size=2, max_size=2).filter(lambda r: any(c.strip() for c in r)), max_size=5)
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_reads_the_same(rows: list[list[str]]) -> None:
    expected = [[cell.strip() for cell in row] for row in rows]
    file = xlsx_of(*rows)
    assert [list(row.cells.values()) for row in read_sheet(file, COLUMNS).rows] == expected
    file = io.BytesIO()
    write_csv(file, ["a1", "b1"], rows)
    read = [list(row.cells.values()) for row in read_sheet(file, COLUMNS).rows]
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in expected
    ]


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    [row] = read_sheet(xlsx_of(["Ana\x00\x1f María & <Hijos>", "x"]), COLUMNS).rows
    assert row.cells["a1"] == "Ana María & <Hijos>"


def test_a_text_that_looks_like_an_escape_stays_as_it_is() -> None:
    [row] = read_sheet(xlsx_of(["_x0041_", "x"]), COLUMNS).rows
    assert row.cells["a1"] == "_x0041_"


def test_the_same_table_is_the_same_bytes() -> None:
    assert xlsx_of(["Ana", 1]).getvalue() == xlsx_of(["Ana", 1]).getvalue()


def test_a_large_csv_comes_in_pieces() -> None:
    rows = [["x" * 100, "y"]] * 5_000
    assert max(len(chunk) for chunk in csv_chunks(["a1", "b1"], rows)) < 2 * writing.CHUNK_CHARACTERS


def test_more_rows_than_xlsx_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "XLSX_ROWS_MAX", 3)
    with pytest.raises(problems.SheetTooLarge):
        xlsx_of(*[["x", "y"]] * 3)


def test_the_workbook_has_the_parts_that_excel_asks_for() -> None:
    with zipfile.ZipFile(xlsx_of(["x", "y"])) as archive:
        assert archive.testzip() is None
        assert {"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/styles.xml"} <= set(
            archive.namelist()
        )
