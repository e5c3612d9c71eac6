"""CSV as union secretaries keep it, and as nobody should send it."""

import io
import random

import pytest

from services.kit.sheets import problems, read_sheet
from tests.kit.sheets.makers import COLUMNS, cells_of, rows_of, small

HEAD = "Nombres,Cédula,Salario\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_detected(encoding: str, delimiter: str) -> None:
    text = "Nombres,Cédula,Salario\r\nIñigo Núñez,00100000001,15\r\n".replace(",", delimiter)
    assert cells_of(text.encode(encoding)) == [
        {"name": "Iñigo Núñez", "document": "00100000001", "born": "", "wage": "15"}
    ]


def test_a_semicolon_file_with_commas_in_its_cells_is_split_at_semicolons() -> None:
    text = "Nombres;Cédula;Salario\nCeiba, Ana;1;15,770.00\nCaoba, Luis;2;16,993.20\n"
    assert [c["wage"] for c in cells_of(text.encode())] == ["15,770.00", "16,993.20"]


def test_the_separator_line_of_excel_is_believed() -> None:
    assert cells_of(b"sep=;\r\nNombres;Cedula\r\nAna;01\r\n")[0]["document"] == "01"


def test_lines_are_those_of_the_file_also_after_a_cell_with_line_breaks() -> None:
    text = HEAD + '"Ana\nMaría",001,1\r\n\r\nLuis,002,2\r\n'
    assert [(row.line, row.cells["name"]) for row in rows_of(text.encode())] == [
        (2, "Ana\nMaría"),
        (5, "Luis"),
    ]


def test_a_title_above_the_headings_and_a_note_beside_the_table_are_passed_over() -> None:
    text = "Asociación de Choferes\r\n\r\nNombres,Notas,Cédula\r\nAna,vive lejos,001\r\n,solo una nota,\r\n"
    sheet = read_sheet(io.BytesIO(text.encode()), COLUMNS)
    assert sheet.ignored == ("Notas",)
    assert [(row.line, row.cells["document"]) for row in sheet.rows] == [(4, "001")]


def test_short_rows_read_as_empty_cells_and_cells_are_stripped() -> None:
    assert cells_of((HEAD + " Ana \r\n").encode())[0] == {
        "name": "Ana",
        "document": "",
        "born": "",
        "wage": "",
    }


def test_old_line_ends_and_a_dos_end_mark_are_text() -> None:
    assert [c["name"] for c in cells_of(b"Nombres,Documento\rAna,1\rLuis,2\r\x1a")] == ["Ana", "Luis", "\x1a"]


def test_the_file_stays_open_when_reading_ends_early() -> None:
    file = io.BytesIO((HEAD + "Ana,1,1\r\n" * 5).encode())
    rows = read_sheet(file, COLUMNS).rows
    next(rows)
    del rows
    assert not file.closed


@pytest.mark.parametrize("name", ["socios.csv", None])
def test_a_binary_named_csv_is_refused(name: str | None) -> None:
    with pytest.raises(problems.NotASheet):
        rows_of(random.Random(1).randbytes(4096), filename=name)


def test_binary_after_a_good_beginning_is_refused() -> None:
    with pytest.raises(problems.NotASheet):
        rows_of((HEAD + "Ana,1,1\r\n" * 200_000).encode() + b"\x00\x01")


@pytest.mark.parametrize("start", [b"\xd0\xcf\x11\xe0 old office", "Nombres,Cédula".encode("utf-16")])
def test_other_office_formats_are_refused_with_what_to_do(start: bytes) -> None:
    with pytest.raises(problems.NotASheet, match="Save"):
        rows_of(start)


def test_text_in_no_known_encoding_is_refused() -> None:
    with pytest.raises(problems.UnreadableText):
        rows_of(HEAD.encode("cp1252") + b"Jos\x81,1,1")


@pytest.mark.parametrize("content", [b"", b"\r\n \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    with pytest.raises(problems.EmptySheet):
        rows_of(content)


def test_a_file_without_headings_is_refused() -> None:
    with pytest.raises(problems.HeadingsNotFound, match="Cédula"):
        rows_of(b"Ana,001,15\r\nLuis,002,16\r\n")


def test_a_missing_column_is_named() -> None:
    with pytest.raises(problems.MissingColumns, match="Cédula") as refused:
        rows_of(b"Nombres,Salario\r\nAna,15\r\n")
    assert refused.value.members == {"columns": ["document"]}


def test_a_column_named_twice_is_refused() -> None:
    with pytest.raises(problems.DuplicateColumns, match="Cédula and Documento"):
        rows_of("Nombres,Cédula,Documento\r\n".encode())


def test_too_many_rows_are_refused_after_those_that_are_accepted() -> None:
    rows = read_sheet(io.BytesIO((HEAD + "Ana,1,1\r\n" * 4).encode()), COLUMNS, limits=small(rows=3)).rows
    assert [next(rows).line for _ in range(3)] == [2, 3, 4]
    with pytest.raises(problems.SheetTooLarge):
        next(rows)


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(problems.SheetTooLarge, match="Line 2 has 9 columns"):
        rows_of((HEAD + "Ana,1,1,,,,,,\r\n").encode(), limits=small(columns=8))


@pytest.mark.parametrize("cell", ["x" * 51, '"' + "x\n" * 30 + '"'])
def test_a_cell_that_is_too_long_is_refused_with_its_line(cell: str) -> None:
    with pytest.raises(problems.SheetTooLarge) as refused:
        rows_of((HEAD + f"Ana,1,1\r\n{cell},2,2\r\n").encode(), limits=small(cell_characters=50))
    assert refused.value.members == {"line": 3}


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_file() -> None:
    with pytest.raises(problems.SheetTooLarge):
        rows_of((HEAD + '"Ana,1,1\r\n' + "Luis,2,2\r\n" * 100_000).encode())


def test_an_endless_line_is_refused_before_it_is_read() -> None:
    with pytest.raises(problems.SheetTooLarge, match="line is longer"):
        rows_of(HEAD.encode() + b"x" * 3_000_000)
