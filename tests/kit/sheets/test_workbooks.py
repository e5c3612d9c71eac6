# ruff: noqa: DTZ001 (a cell's date has no time zone)
"""XLSX as spreadsheet programs write it, compared with what openpyxl reads, and archives that bite."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import from_excel

from services.kit.sheets import Cell, Column, problems, read_sheet, write_xlsx
from services.kit.sheets.values import date_text, is_date_format, number_text, zeros_width
from tests.kit.sheets.makers import (
    COLUMNS,
    cells_of,
    crowded_archive,
    rows_of,
    saved,
    small,
    with_part,
    with_rows,
    with_shared_strings,
    workbook,
)

HEAD = ("Nombres", "Cédula", "Fecha de nacimiento", "Salario")
HEADINGS = "<row>" + "".join(f'<c t="inlineStr"><is><t>{h}</t></is></c>' for h in HEAD) + "</row>"
LETTERS = [Column(letter, (letter,)) for letter in ("a1", "b1", "c1", "d1")]


def typed(*values: Any, **given: Any) -> list[str]:
    """What the second row reads as."""
    [cells] = cells_of(workbook(["a1", "b1", "c1", "d1"], values, **given), LETTERS)
    return list(cells.values())


def test_texts_keep_their_zeros_and_dates_are_iso() -> None:
    book = workbook(HEAD, ["Ana", "00113918205", date(1980, 1, 31), Decimal("15770.50")])
    assert cells_of(book) == [
        {"name": "Ana", "document": "00113918205", "born": "1980-01-31", "wage": "15770.5"}
    ]


def test_numbers_keep_their_digits() -> None:
    assert typed(402, 40212345678, 15770.299999999999, 1e20) == [
        "402",
        "40212345678",
        "15770.3",
        "1" + "0" * 20,
    ]


def test_a_document_shown_with_leading_zeros_reads_with_them() -> None:
    formats = {"A2": "00000000000", "B2": "000-0000000-0", "C2": '000"-"0000000"-"0', "D2": "0"}
    assert typed(*[113918205] * 4, formats=formats) == ["00113918205"] * 3 + ["113918205"]


def test_moments_times_truths_and_formulas_read_as_shown() -> None:
    assert typed(datetime(2026, 7, 1, 14, 30), time(8, 15), True, "=1+1") == [
        "2026-07-01T14:30:00",
        "08:15:00",
        "TRUE",
        "",
    ]


def test_formulas_read_as_the_value_that_the_program_kept() -> None:
    assert cells_of(
        with_rows(
            HEADINGS + '<row><c t="str"><f>"A"&amp;"na"</f><v>Ana</v></c><c><f>1+1</f><v>2</v></c></row>'
        )
    ) == [{"name": "Ana", "document": "2", "born": "", "wage": ""}]


@given(
    st.lists(
        st.lists(
            # Without underscores: openpyxl leaves the escapes that begin with one as they are.
            st.text(
                st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="_"), max_size=8
            ),
            min_size=4,
            max_size=4,
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=40, deadline=None)
def test_any_text_reads_as_openpyxl_reads_it(rows: list[list[str]]) -> None:
    content = workbook(["a1", "b1", "c1", "d1"], *[["'" + cell for cell in row] for row in rows])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    expected = [[str(cell).strip() for cell in row] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert [list(cells.values()) for cells in cells_of(content, LETTERS)] == expected


@given(st.integers(0, 2_958_465), st.booleans())
def test_day_numbers_are_the_dates_that_openpyxl_reads(days: int, since_1904: bool) -> None:
    epoch = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    if since_1904:
        days = min(days, 2_957_003)
    expected = from_excel(days, epoch)
    shown = expected.isoformat() if isinstance(expected, time) else expected.date().isoformat()
    assert date_text(str(days), since_1904) == shown


@given(st.decimals(-(10**14), 10**14, places=2, allow_nan=False))
def test_amounts_survive_the_float_that_xlsx_makes_of_them(amount: Decimal) -> None:
    stored = repr(float(amount))
    assert Decimal(number_text(stored)) == Decimal(stored)
    assert "e" not in number_text(stored).lower()


@pytest.mark.parametrize(
    ("code", "shows_date"),
    [
        ("dd/mm/yyyy", True),
        ("[$-1C0A]d mmmm yyyy;@", True),
        ("h:mm", True),
        ("[h]:mm", False),
        ('0.00" dias"', False),
        ('"RD$"#,##0.00', False),
        ("#,##0.00_);[Red](#,##0.00)", False),
        ("General", False),
    ],
)
def test_a_format_tells_dates_from_amounts(code: str, shows_date: bool) -> None:
    assert is_date_format(code) is shows_date


@pytest.mark.parametrize(
    ("code", "width"), [("0", 0), ("00", 2), ("#,##0", 0), ("0.00", 0), ("000\\-0000000\\-0", 11)]
)
def test_a_format_tells_how_many_zeros_are_shown(code: str, width: int) -> None:
    assert zeros_width(code) == width


def test_shared_texts_and_rich_texts_are_read_without_their_pronunciation() -> None:
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="7"><c r="A7" t="s"><v>2</v></c><c r="B7" t="s"><v>3</v></c></row>'
    )
    rich = "<r><t>Ana </t></r><r><rPr><b/></rPr><t>María</t></r><rPh><t>SAY</t></rPh>"
    book = with_shared_strings(rows, "<t>Nombres</t>", "<t>Cédula</t>", rich, "<t>0_x0041_1_x0000_</t>")
    [row] = rows_of(book)
    assert (row.line, row.cells["name"], row.cells["document"]) == (7, "Ana María", "0A1")


def with_rows_xml(rows: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(with_rows(rows))) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def test_prefixed_names_are_understood() -> None:
    xml = with_rows_xml(HEADINGS + "<row><c><v>1</v></c><c><v>2</v></c></row>").decode()
    for tag in ("worksheet", "sheetData", "row", "c", "is", "t", "v"):
        xml = (
            xml.replace(f"<{tag}>", f"<x:{tag}>")
            .replace(f"<{tag} ", f"<x:{tag} ")
            .replace(f"</{tag}>", f"</x:{tag}>")
        )
    xml = xml.replace("xmlns=", "xmlns:x=")
    book = with_part(workbook(["x"]), "xl/worksheets/sheet1.xml", xml.encode())
    assert cells_of(book)[0]["document"] == "2"


def test_the_first_visible_sheet_that_names_the_columns_is_read() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Instrucciones", "Llene la hoja siguiente"])
    hidden = book.create_sheet("Vieja")
    hidden.append(list(HEAD))
    hidden.append(["No", "0"])
    hidden.sheet_state = "hidden"
    book.create_sheet("Socios").append(list(HEAD))
    book["Socios"].append(["Ana", "001"])
    assert [c["name"] for c in cells_of(saved(book))] == ["Ana"]


def test_a_workbook_that_counts_days_from_1904_is_read_so() -> None:
    book = openpyxl.Workbook()
    book.epoch = datetime(1904, 1, 1)
    assert book.active is not None
    book.active.append(list(HEAD))
    book.active.append(["Ana", "1", date(1980, 1, 31), None])
    assert cells_of(saved(book))[0]["born"] == "1980-01-31"


def test_styled_empty_cells_far_to_the_right_are_no_columns() -> None:
    assert cells_of(with_rows(HEADINGS + '<row r="2"><c r="A2"><v>1</v></c><c r="XFD2" s="0"/></row>'))


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="ZZZZ1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        '<row r="1"><c r="A1"><v>one</v></c></row>',
        '<row r="x"></row>',
        f'<row r="1"><c r="A1"><v>{"9" * 5000}</v></c></row>',
        "<row><c></row>",
    ],
)
def test_a_damaged_sheet_is_refused(rows: str) -> None:
    with pytest.raises(problems.BrokenWorkbook):
        rows_of(with_rows(rows))


def test_a_truncated_workbook_is_refused() -> None:
    with pytest.raises(problems.BrokenWorkbook):
        rows_of(workbook(HEAD)[:-200])


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(problems.BrokenWorkbook, match="not an XLSX"):
        rows_of(buffer.getvalue(), filename="socios.xlsx")


def test_a_workbook_named_csv_and_text_named_xlsx_are_refused() -> None:
    with pytest.raises(problems.NotWhatItSays):
        rows_of(workbook(HEAD), filename="socios.csv")
    with pytest.raises(problems.NotWhatItSays):
        rows_of(b"Nombres,Cedula\n", filename="SOCIOS.XLSX")


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(problems.EmptySheet):
        rows_of(workbook())


def test_a_missing_column_of_a_workbook_is_named() -> None:
    with pytest.raises(problems.MissingColumns):
        rows_of(workbook(["Nombres", "Salario"]))


def test_a_cell_past_the_last_accepted_column_is_refused() -> None:
    with pytest.raises(problems.SheetTooLarge, match="past column 8"):
        rows_of(workbook(HEAD, ["x"] * 9), limits=small(columns=8))


def test_a_cell_that_is_too_long_is_refused() -> None:
    with pytest.raises(problems.SheetTooLarge, match="line 2"):
        rows_of(workbook(HEAD, ["x" * 60]), limits=small(cell_characters=50))


def test_too_many_shared_texts_are_refused() -> None:
    book = with_shared_strings("<row/>", *["<t>x</t>"] * 4)
    with pytest.raises(problems.SheetTooLarge):
        rows_of(book, limits=small(shared_strings=3))
    with pytest.raises(problems.SuspiciousWorkbook):
        rows_of(book, limits=small(shared_strings_bytes=50))


STORED = zipfile.ZIP_STORED
BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a sheet that unpacks a thousand times": (
        "times its size",
        lambda: with_rows("<row>" + " " * 20_000_000),
    ),
    "a picture that does": (
        "times its size",
        lambda: with_part(workbook(HEAD), "xl/media/image1.png", bytes(20_000_000)),
    ),
    "a crowded table of contents": ("more parts", lambda: crowded_archive(400_000)),
    "entities that grow": (
        "document type",
        lambda: with_rows("<row/>", before='<!DOCTYPE x [<!ENTITY a "1"><!ENTITY b "&a;&a;">]>'),
    ),
    "a text without end": (
        "longer than",
        lambda: with_rows("<row><c><v>" + "1234" * 700_000, packing=STORED),
    ),
    "nesting without end": (
        "longer than",
        lambda: with_rows("<row>" + "<abcdefgh>" * 300_000, packing=STORED),
    ),
    "a tag without end": (
        "longer than",
        lambda: with_rows("<row " + "".join(f'a{i}="{i * 7919}" ' for i in range(200_000)), packing=STORED),
    ),
    "styles nested without end": (
        "nested deeper",
        lambda: with_part(workbook(HEAD), "xl/styles.xml", b"<x>" * 100_000, STORED),
    ),
    "styles without end": (
        "larger than",
        lambda: with_part(workbook(HEAD), "xl/styles.xml", b"<x>" + b"<y/>" * 5_000_000, STORED),
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_bounded_memory(bomb: str) -> None:
    reason, make = BOMBS[bomb]
    file = io.BytesIO(make())
    tracemalloc.start()
    try:
        with pytest.raises(problems.SuspiciousWorkbook, match=reason):
            list(read_sheet(file, COLUMNS).rows)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


def test_many_rows_are_read_one_after_the_other_in_little_memory() -> None:
    file = io.BytesIO()
    rows: Iterator[list[Cell]] = (
        ["Ana", f"{n:011}", date(1980, 1, 1) + timedelta(n % 99), n % 99] for n in range(6_000)
    )
    write_xlsx(file, HEAD, rows)
    tracemalloc.start()
    try:
        sheet = read_sheet(file, COLUMNS)
        # Every value is compared, because the part is parsed in pieces that cut through cells.
        for n, (line, cells) in enumerate(sheet.rows):
            born = (date(1980, 1, 1) + timedelta(n % 99)).isoformat()
            assert (line, *cells.values()) == (n + 2, "Ana", f"{n:011}", born, str(n % 99))
        assert n == 5_999
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
