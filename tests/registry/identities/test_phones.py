"""Phones: one form, and the traps of the library."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.registry.identities import Unreadable, phones, read_phone
from tests.registry.identities.makers import wide


@given(st.from_regex(phones._DOMINICAN, fullmatch=True))
@settings(max_examples=400)
@example("8090000000")
@example("(829)  199-9999")
@example("+1.849.555.0100")
def test_the_short_cut_gives_what_the_library_gives(written: str) -> None:
    assert read_phone(written) == phones.read_by_library(written)


@given(st.text("0123456789+-() .", max_size=16))
@settings(max_examples=300)
def test_what_is_accepted_is_a_number_and_stays_itself(written: str) -> None:
    try:
        phone = read_phone(written)
    except Unreadable:
        return
    assert re.fullmatch(r"\+[1-9]\d{6,14}", phone)
    assert read_phone(phone) == phone


@pytest.mark.parametrize(
    "written",
    [
        "8095550100",
        "809-555-0100",
        "(809) 555-0100",
        "1 809 555 0100",
        "+1809 555 0100",
        wide(" 809 555 0100 "),
    ],
)
def test_one_phone_has_one_form_however_it_is_written(written: str) -> None:
    assert read_phone(written) == "+18095550100"


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("+509 34 10 1234", "+50934101234"),
        ("305-555-2000", "+13055552000"),
        ("011 34 612 345 678", "+34612345678"),
    ],
)
def test_phones_of_other_countries_are_read(written: str, phone: str) -> None:
    assert read_phone(written) == phone


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "phone_missing"),
        ("  ", "phone_missing"),
        ("555-0100", "phone_area_code"),
        ("5550100", "phone_area_code"),
        ("809555010", "phone_invalid"),
        ("80955501000", "phone_invalid"),
        ("809-555-HELP", "phone_invalid"),
        ("809-555-0100 ext 5", "phone_invalid"),
        ("809-555-0100 / 829-555-0101", "phone_invalid"),
        ("no tiene", "phone_invalid"),
        ("+999 1234567", "phone_invalid"),
        ("0" * 60, "phone_invalid"),
    ],
)
def test_what_is_no_phone_is_refused_with_its_reason(written: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_phone(written)
    assert refused.value.code == code
