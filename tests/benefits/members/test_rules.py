"""Documents and names, whoever wrote them."""

import pytest

from services.benefits.members import document_key, share_a_name


@pytest.mark.parametrize("written", ["999-0000000-1", " 99900000001 ", "\uff19" * 3 + "00000001"])
def test_a_document_is_one_however_it_is_typed(written: str) -> None:
    assert document_key(written) == "99900000001"


def test_a_passport_keeps_its_letters() -> None:
    assert document_key("rd 12-34ab") == "RD1234AB"


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("Ana Peña", "PENA ANA", True),
        ("José de la Muestra", "Jose", True),
        ("Ana de la Muestra", "Pedro de la Prueba", False),
        ("Ana", "", False),
    ],
)
def test_names_are_compared_by_their_words(one: str, other: str, shared: bool) -> None:
    assert share_a_name(one, other) is shared
