"""What is wrong with a cell, in the reader's words: by the code that the register gives it."""

from collections.abc import Mapping

from gateway.pages.visits import Visit
from gateway.pages.words import N_

_REASONS: Mapping[str, str] = {
    "phone_missing": N_("The telephone is missing."),
    "phone_area_code": N_("The area code (809, 829 or 849) is missing."),
    "phone_invalid": N_("There is no telephone with this number."),
}


def reason_of(reader: Visit, code: str, otherwise: str) -> str:
    """The reason in the reader's words, or the register's own."""
    known = _REASONS.get(code)
    return reader.say(known) if known else otherwise
