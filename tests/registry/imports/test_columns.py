"""The roster's format, as data."""

import io

import pytest

from services.kit.sheets import heading_key, read_sheet
from services.registry.imports.columns import COLUMNS, HEADINGS, WORDS, is_member, meaning


def test_no_heading_stands_for_two_columns() -> None:
    keys = [key for c in COLUMNS for key in {heading_key(h) for h in (c.name, *c.headings)}]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("language", [0, -1])
def test_a_sheet_is_understood_by_its_spanish_and_by_its_english_headings(language: int) -> None:
    text = ",".join(column.headings[language] for column in COLUMNS)
    sheet = read_sheet(io.BytesIO(text.encode()), COLUMNS)
    assert set(sheet.columns) == set(HEADINGS)
    assert sheet.ignored == ()


@pytest.mark.parametrize(
    ("column", "written", "meant"),
    [
        ("relation", "Hija", "child"),
        ("relation", "SUEGRA", "parent_in_law"),
        ("relation", "Father-in-law", "parent_in_law"),
        ("relation", "Titular", ""),
        ("relation", "vecino", None),
        ("document_type", "Cédula", "C"),
        ("sex", "f", "F"),
        ("risk_class", "ii", "II"),
        ("kind", "ADICIONAL", "additional"),
    ],
)
def test_words_are_understood_in_both_languages(column: str, written: str, meant: str | None) -> None:
    assert meaning(column, written) == meant


def test_every_column_with_words_exists() -> None:
    assert set(WORDS) <= set(HEADINGS)


def test_a_row_without_a_members_document_or_with_its_own_is_a_member() -> None:
    assert is_member({"document_number": "001", "member_document": ""})
    assert is_member({"document_number": "001", "member_document": "001"})
    assert not is_member({"document_number": "", "member_document": "001"})
