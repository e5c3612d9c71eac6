"""Phones: E.164, so that one phone is one text however it was written.

A number of seven digits is refused: the library reads it as a number without an area code, and
nobody can be reached there. Which numbers are mobile cannot be told in the Dominican Republic.
"""

import re
from functools import lru_cache

import phonenumbers

from services.registry.identities.texts import Unreadable, plain

REGION = "DO"
CHARACTERS_MAX = 40

# Ten digits in one of the three Dominican area codes, with the usual marks between them: all of
# these, and only in these forms, the library accepts unseen (a property test compares the two).
_DOMINICAN = re.compile(r"(?:\+?1[ .-]?)?\(?(8[024]9)\)?[ .-]{0,2}(\d{3})[ .-]?(\d{4})", re.ASCII)
_PHONE = re.compile(r"\+?[\d\s().-]+", re.ASCII)
_NOT_DIGIT = re.compile(r"\D", re.ASCII)


def read_phone(written: str) -> str:
    """The number in E.164, as `+18095550100`; without a country it is a Dominican one.

    Raises Unreadable with code `phone_missing`, `phone_area_code` or `phone_invalid`.
    """
    if match := _DOMINICAN.fullmatch(written):
        return "+1" + match[1] + match[2] + match[3]
    return read_by_library(plain(written))


@lru_cache(maxsize=4_096)
def read_by_library(written: str) -> str:
    """What `read_phone` gives for every number, read without its short cut."""
    if not written:
        raise Unreadable("phone_missing", "The phone is missing.")
    # The library would also read letters (as on a keypad), extensions and several numbers.
    if len(written) > CHARACTERS_MAX or not _PHONE.fullmatch(written):
        raise Unreadable("phone_invalid", "A phone is one number: digits, spaces, dashes, brackets.")
    if len(_NOT_DIGIT.sub("", written)) == 7 and not written.startswith("+"):
        raise Unreadable("phone_area_code", "The area code (809, 829 or 849) is missing.")
    try:
        number = phonenumbers.parse(written, REGION)
    except phonenumbers.NumberParseException:
        raise Unreadable("phone_invalid", "This is no phone number.") from None
    if not phonenumbers.is_valid_number(number):
        raise Unreadable("phone_invalid", "There is no phone with this number.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
