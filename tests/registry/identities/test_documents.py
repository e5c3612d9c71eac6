"""Documents: what they become, what is refused, what is only in doubt."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.do import cedula

from services.registry.identities import DocumentType, Unreadable, employer_number, read_document
from services.registry.identities.documents import cedula_checks
from tests.registry.identities.makers import wide

DIGITS = st.text("0123456789", min_size=10, max_size=10)


@given(st.text("0123456789", min_size=11, max_size=11))
@example("99900000001")
def test_the_check_says_what_the_library_says(number: str) -> None:
    assert cedula_checks(number) == cedula.is_valid(number)


@given(DIGITS)
def test_exactly_one_check_digit_is_right(first_ten: str) -> None:
    right = luhn.calc_check_digit(first_ten)
    for digit in "0123456789":
        number = first_ten + digit
        assert read_document("C", number).in_doubt == (digit != right and number not in cedula.whitelist)


def test_every_genuine_cedula_that_fails_the_check_is_known() -> None:
    failing = [n for n in cedula.whitelist if len(n) == 11 and not luhn.is_valid(n)]
    assert len(failing) > 500
    assert not any(read_document("C", number).in_doubt for number in failing)


@pytest.mark.parametrize(
    "written",
    [
        "00113918205",
        "001-1391820-5",
        " 001 1391820 5 ",
        "001.1391820.5",
        "001–1391820–5",
        wide("00113918205"),
        "\u200b001-1391820-5\u00a0",
        "٠٠١١٣٩١٨٢٠٥",
    ],
)
def test_one_cedula_has_one_form_however_it_is_written(written: str) -> None:
    document = read_document("C", written)
    assert (document.type, document.number, document.in_doubt) == (DocumentType.CEDULA, "00113918205", False)


def test_a_wrong_check_digit_is_a_doubt_and_no_refusal() -> None:
    assert read_document("C", "001-1391820-4").in_doubt


@pytest.mark.parametrize(
    ("type", "written", "code"),
    [
        ("C", "", "document_missing"),
        ("C", " - ", "document_missing"),
        ("C", "0011391820A", "document_characters"),
        ("C", "0011391820²5", "document_length"),
        ("C", "001139182", "document_length"),
        ("C", "001139182055", "document_length"),
        ("N", "12A4", "document_characters"),
        ("N", "123456789012", "document_length"),
        ("P", "AB*12345", "document_characters"),
        ("P", "AB1", "document_length"),
        ("P", "", "document_missing"),
        ("U", "1" * 26, "document_length"),
    ],
)
def test_what_cannot_be_a_document_is_refused_with_its_reason(type: str, written: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_document(type, written)
    assert refused.value.code == code


def test_a_cedula_that_lost_its_zeros_in_a_spreadsheet_is_not_guessed_but_hinted_at() -> None:
    with pytest.raises(Unreadable, match="zeros of 00113918205"):
        read_document("C", "113918205")


@pytest.mark.parametrize(
    ("type", "written", "number"),
    [
        ("N", "0123-4567", "01234567"),
        ("P", "syn 000.123", "SYN000123"),
        ("U", "999-12C34567", "99912C34567"),
        ("R", "ab-12 34", "AB1234"),
        ("O", "ficha 77", "FICHA77"),
    ],
)
def test_other_documents_are_kept_in_capitals_without_separators(
    type: str, written: str, number: str
) -> None:
    assert read_document(type, written).number == number


def test_an_unknown_type_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="is not a valid DocumentType"):
        read_document("X", "1")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1-01-85004-3", ("101850043", True)),
        ("101850042", ("101850042", False)),
        ("00113918205", ("00113918205", True)),
        (wide("101850043"), ("101850043", True)),
    ],
)
def test_an_employers_number_is_nine_digits_or_a_cedula(written: str, expected: tuple[str, bool]) -> None:
    assert employer_number(written) == expected


@pytest.mark.parametrize("written", ["", "10185004", "1018A0043"])
def test_what_cannot_be_an_employers_number_is_refused(written: str) -> None:
    with pytest.raises(Unreadable):
        employer_number(written)
