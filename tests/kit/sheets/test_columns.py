"""Headings as people write them."""

import pytest

from services.kit.sheets import heading_key


@pytest.mark.parametrize(
    "heading",
    [
        "Fecha de nacimiento",
        "FECHA  DE NACIMIENTO *",
        " fecha_de_nacimiento",
        "Fecha de Nacimiento (DD/MM/AAAA):",
    ],
)
def test_headings_are_compared_without_case_accents_punctuation_and_remarks(heading: str) -> None:
    assert heading_key(heading) == "fecha de nacimiento"


def test_different_headings_stay_different() -> None:
    assert heading_key("Cédula del titular") != heading_key("Cédula")
