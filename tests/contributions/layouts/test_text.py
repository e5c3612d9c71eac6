"""Names and numbers in the State's alphabet."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contributions.layouts import to_document_number, to_state_text
from services.contributions.layouts.text import ALPHABET

NAMES = [
    ("Laura", "LAURA"),
    ("LAURA", "LAURA"),
    ("José Ángel", "JOSE ANGEL"),
    ("Núñez", "NUNEZ"),
    (unicodedata.normalize("NFD", "Núñez"), "NUNEZ"),
    ("  de  la\tCruz ", "DE LA CRUZ"),
    ("O’Reilly", "O'REILLY"),
    ("Jean–Baptiste", "JEAN-BAPTISTE"),
    ("Güiro", "GUIRO"),
    ("François Œuvre", "FRANCOIS OEUVRE"),
    ("Łukasz Đorđe Ørsted", "LUKASZ DORDE ORSTED"),
    ("Weiß", "WEISS"),
    ("M.ª Pérez", "M. PEREZ"),
    ("\uff2c\uff41\uff55\uff52\uff41", "LAURA"),
    ("", ""),
]


@pytest.mark.parametrize(("name", "written"), NAMES)
def test_names_are_written_in_the_states_alphabet(name: str, written: str) -> None:
    assert to_state_text(name) == written


@pytest.mark.parametrize("name", ["Анна", "李", "Ana\x00", "Ana;Rosa", "Ana\u202e", "--", "?"])
def test_a_name_that_cannot_be_written_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="has"):
        to_state_text(name)


NUMBERS = [
    ("999-0000000-1", "99900000001"),
    ("99900000001", "99900000001"),
    (" 999 0000000 1 ", "99900000001"),
    ("\uff19\uff19\uff19", "999"),
    ("xa-12.34", "XA1234"),
]


@pytest.mark.parametrize(("number", "written"), NUMBERS)
def test_documents_are_written_without_dashes(number: str, written: str) -> None:
    assert to_document_number(number) == written


@pytest.mark.parametrize("number", ["", "-", "12/34", "é1", "\u0661\u0662"])
def test_a_document_with_other_signs_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="other than letters and digits"):
        to_document_number(number)


@given(st.text())
def test_whatever_is_accepted_is_in_the_alphabet_and_stays(name: str) -> None:
    try:
        written = to_state_text(name)
    except ValueError:
        return
    assert set(written) <= set(ALPHABET)
    assert to_state_text(written) == written
