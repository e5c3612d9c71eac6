"""Names: kept as written, found however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.identities import Unreadable, name_keys, read_name


@pytest.mark.parametrize(
    "name",
    ["José", "Ma. Altagracia", "D’Óleo", "Saint-Fleur", "O'Neil", "Nguyễn", "De la Cruz", ""],
)
def test_names_are_kept_as_they_are_written(name: str) -> None:
    assert read_name(name) == name


def test_spaces_and_composition_are_settled() -> None:
    assert read_name("  Jose\u0301 \u00a0 Mari\u0301a ") == "José María"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Ana 2", "name_characters"),
        ("<b>Ana</b>", "name_characters"),
        ("=Ana", "name_characters"),
        ("An\x00a", "name_characters"),
        ("...", "name_characters"),
        ("x" * 81, "name_length"),
    ],
)
def test_what_is_no_name_is_refused_with_its_reason(written: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_name(written)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "written",
    [
        ("José", "De la Cruz", "Núñez"),
        ("NUÑEZ de la CRUZ", "jose"),
        ("Cruz-Nunez Jose", ""),
        ("Jose\u0301 Cruz", "Núñez"),
    ],
)
def test_case_accents_order_and_particles_do_not_matter_to_the_search(written: tuple[str, ...]) -> None:
    assert name_keys(*written) == ["cruz", "jose", "nunez"]


def test_an_apostrophe_joins() -> None:
    assert name_keys("D’Óleo") == name_keys("D'Oleo") == ["doleo"]


def test_a_name_of_particles_only_is_still_found() -> None:
    assert name_keys("De Los") == ["de", "los"]


@given(st.text(max_size=30))
def test_keys_are_found_again_by_themselves(name: str) -> None:
    keys = name_keys(name)
    assert name_keys(" ".join(reversed(keys))) == keys
