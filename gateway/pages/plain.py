"""Refusals in plain words, in the reader's language.

The API's problems are in English, for systems. What staff meet often has a sentence of its own here;
anything else gets one by its status, with the API's own detail beneath it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from babel.support import NullTranslations

from gateway.pages.words import N_

_BY_TYPE: Mapping[str, str] = {
    # Signing in
    "sign-in-refused": N_("The e-mail address, the password or the code is not right."),
    "code-already-used": N_("That code was used already. Wait for the next one."),
    "password-is-temporary": N_("This password opens the door once. Choose one of your own."),
    "password-too-weak": N_(
        "Choose a longer password, at least 12 characters, without your e-mail address in it."
    ),
    "too-many-requests": N_("Too many tries in a short time. Wait a little, then try again."),
    "csrf-refused": N_("This page had grown old. Go back, load it again and send it once more."),
    # Money
    "unknown-member": N_("This member is not known to the cash desk yet. Try again in a moment."),
    "value-date-ahead": N_("That day lies in the future."),
    "reference-taken": N_("A payment with this reference was posted before."),
    "other-currency": N_("This member's account is in another currency."),
    "key-reused": N_("This form was sent before with other content. Begin a new one."),
    "key-still-running": N_("The first sending is still under way. Wait a moment and look again."),
    "already-reversed": N_("This payment was reversed before."),
    # Two people
    "same-person-twice": N_("Who asked for it cannot approve it: another person must."),
    "already-decided": N_("Somebody has decided this already."),
    "content-changed": N_("It has changed since it was asked for. It must be asked for anew."),
    # Members and rosters
    "already-verified": N_("This was verified before."),
    "import-verified": N_("This was verified before."),
    "import-not-done": N_("This roster is still being read."),
    "no-document": N_("Nobody can be verified without an identity document."),
    "empty-sheet": N_("The file holds no rows."),
    "not-asheet": N_("The file is neither Excel (.xlsx) nor CSV."),
    "not-what-it-says": N_("The file is not what its name says."),
    "unreadable-text": N_("The letters of this file cannot be read. Save it as UTF-8."),
    "broken-workbook": N_("The Excel file is damaged, or is none. Open it, save it again as .xlsx."),
    "suspicious-workbook": N_("The Excel file is packed as no spreadsheet program packs it."),
    "headings-not-found": N_("The row that names the columns was not found."),
    "missing-columns": N_("Columns that are needed are missing."),
    "duplicate-columns": N_("A column is there twice."),
    "sheet-too-large": N_("The file has too many rows or columns."),
    "roster-too-large": N_("That file is too large."),
    # Whatever part it comes from
    "not-found": N_("There is no such thing, or it is not yours to see."),
    "forbidden": N_("Your role does not allow this."),
    "too-large": N_("That file is too large."),
}

_BY_STATUS: Mapping[int, str] = {
    401: N_("Your session has ended. Sign in again."),
    403: N_("Your role does not allow this."),
    404: N_("There is no such thing, or it is not yours to see."),
    409: N_("That does not fit how things stand now."),
    413: N_("That file is too large."),
    422: N_("Something in the form is not right."),
    429: N_("Too many tries in a short time. Wait a little, then try again."),
}

_TITLES: Mapping[int, str] = {
    401: N_("Sign in first"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("Not found"),
    409: N_("That does not fit"),
    413: N_("Too large"),
    422: N_("Something needs another look"),
    429: N_("A little slower"),
    503: N_("A part does not answer"),
}
_FAILED_TITLE = N_("Something failed on our side")
_FAILED = N_("Nothing was changed by what you just sent. Try again; if it stays so, tell support.")
_UNANSWERED = N_("Wait a moment and try again. If you sent a form, sending it again does no harm.")


@dataclass(frozen=True, slots=True)
class Explained:
    """A refusal as an error page tells it."""

    title: str
    advice: str
    detail: str | None = None
    request_id: str | None = None


def sentence(words: NullTranslations, type_: str, status: int) -> str:
    """One sentence for a refusal."""
    return words.gettext(_BY_TYPE.get(type_) or _BY_STATUS.get(status) or _FAILED)


def explain(
    words: NullTranslations,
    status: int,
    type_: str = "",
    detail: str | None = None,
    request_id: str | None = None,
) -> Explained:
    """What an error page says of a refusal or failure."""
    if status == 503:
        advice, title = words.gettext(_UNANSWERED), words.gettext(_TITLES[503])
    else:
        advice = sentence(words, type_, status)
        title = words.gettext(_TITLES.get(status, _FAILED_TITLE))
    is_told = type_ in _BY_TYPE  # our own sentence says it all: no English beneath it
    return Explained(title, advice, None if is_told else detail, request_id)
