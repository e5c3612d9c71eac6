"""What is wrong with a cell, in the reader's words: by the code that the register gives it.

The register's own reasons are English and often more exact (a line's number, the floor); an English
reader gets those.
"""

import re
from collections.abc import Mapping

from gateway.pages.visits import Visit
from gateway.pages.words import N_

_REASONS: Mapping[str, str] = {
    "age_implausible": N_("Nobody of this age can be registered so."),
    "date_ahead": N_("This day lies in the future."),
    "date_missing": N_("The date is missing."),
    "date_unreadable": N_("There is no such day. Write it as 1995-03-12 or 12/03/1995."),
    "document_characters": N_("There are signs in it that this document does not have."),
    "document_in_doubt": N_(
        "The check digit is wrong. If the paper says so, give the reason for the exception."
    ),
    "document_length": N_("It has too many digits, or too few."),
    "document_missing": N_("The document's number is missing."),
    "duplicate_in_file": N_("The same person stands on another line of this file."),
    "duplicate_in_registry": N_("This person is registered already."),
    "kind_missing": N_("Is this grown child direct (studies, or is disabled) or additional?"),
    "kind_of_other_relation": N_("With this relation a dependant is of the other kind."),
    "member_missing": N_("Name the document of the member whose family this is."),
    "member_not_found": N_("No member with this document is registered, or goes in with this file."),
    "name_characters": N_("There are signs in it that no name has."),
    "name_length": N_("The name is too long."),
    "name_missing": N_("The name is missing."),
    "organisation_unknown": N_("No organisation that you act for has this name."),
    "phone_area_code": N_("The area code (809, 829 or 849) is missing."),
    "phone_invalid": N_("There is no telephone with this number."),
    "phone_missing": N_("The telephone is missing."),
    "text_characters": N_("There are signs in it that cannot be seen."),
    "text_too_long": N_("The text is too long."),
    "version_missing": N_("Which version of the text was signed?"),
    "wage_below_floor": N_("The wage is below the least that may be declared."),
    "wage_missing": N_("The declared wage is missing."),
    "wage_unreadable": N_("Write the amount as 15770.00 or 15,770.00."),
    "word_missing": N_("This is missing."),
    "word_unknown": N_("This word is not known here."),
}
_OTHER_LINE = re.compile(r"\bline (\d+)", re.ASCII)


def reason_of(reader: Visit, code: str, reason: str) -> str:
    """The reason in the reader's words."""
    known = _REASONS.get(code)
    if known is None or reader.language == "en":
        return reason
    other = _OTHER_LINE.search(reason)
    if code == "duplicate_in_file" and other:
        return reader.say(N_("The same person stands on line %(line)s."), line=other[1])
    return reader.say(known)
