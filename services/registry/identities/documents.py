"""Identity documents: normal forms and check digits (DOMAIN §3, Identifiers).

A cédula whose check digit fails may be genuine (578 known ones do): it comes back in doubt, and is
accepted with a recorded reason. What cannot be a document at all is refused.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum.do import cedula, rnc

from services.registry.identities.texts import Unreadable, plain


class DocumentType(StrEnum):
    """Kinds of documents. The payroll file knows the first three; the others are kept beside them."""

    CEDULA = "C"
    NSS = "N"
    PASSPORT = "P"
    RESIDENCE = "R"
    UNHCR = "U"
    OTHER = "O"


@dataclass(frozen=True, slots=True)
class Document:
    """A document in its normal form; `in_doubt` if its check digit fails."""

    type: DocumentType
    number: str
    in_doubt: bool = False


CEDULA_DIGITS = 11
NSS_DIGITS_MAX = 11
"""The TSS gives the NSS and publishes no check rule; its files leave eleven places for it."""

_CEDULA_AS_PRINTED = re.compile(r"(\d{3})-?(\d{7})-?(\d)", re.ASCII)
_SEPARATORS = re.compile(r"[\s./_-]+")
_LETTERS_AND_DIGITS = re.compile(r"[A-Z0-9]+")
_DOUBLED = bytes.maketrans(b"0123456789", bytes([0, 2, 4, 6, 8, 1, 3, 5, 7, 9]))
_GENUINE_IN_SPITE = frozenset(cedula.whitelist)
_LENGTHS = {
    DocumentType.PASSPORT: (5, 20),
    DocumentType.RESIDENCE: (4, 25),
    DocumentType.UNHCR: (5, 25),
    DocumentType.OTHER: (3, 25),
}


def read_document(type: DocumentType | str, written: str) -> Document:
    """The normal form of a document: digits only, or capitals and digits.

    Raises Unreadable with code `document_missing`, `document_characters` or `document_length`, and
    ValueError for a type that does not exist.
    """
    kind = DocumentType(type)
    if kind is DocumentType.CEDULA:
        return _read_cedula(written)
    bare = _SEPARATORS.sub("", plain(written)).upper()
    if not bare:
        raise Unreadable("document_missing", "The document's number is missing.")
    if kind is DocumentType.NSS:
        return Document(kind, _digits("NSS", bare, 1, NSS_DIGITS_MAX))
    # ß and its like become two letters in capitals; what is left beyond A–Z is no document's.
    if not _LETTERS_AND_DIGITS.fullmatch(bare):
        raise Unreadable("document_characters", "A document's number has only letters A–Z and digits.")
    least, most = _LENGTHS[kind]
    if not least <= len(bare) <= most:
        raise Unreadable(
            "document_length", f"A document of this type has {least} to {most} characters, not {len(bare)}."
        )
    return Document(kind, bare)


def _read_cedula(written: str) -> Document:
    # Nearly all are written as printed; the slow path is for the rest.
    if match := _CEDULA_AS_PRINTED.fullmatch(written):
        number = match[1] + match[2] + match[3]
    else:
        bare = _SEPARATORS.sub("", plain(written))
        if not bare:
            raise Unreadable("document_missing", "The cédula is missing.")
        number = _digits("cédula", bare, CEDULA_DIGITS, CEDULA_DIGITS)
    return Document(DocumentType.CEDULA, number, in_doubt=not cedula_checks(number))


def cedula_checks(number: str) -> bool:
    """Whether the check digit of eleven digits is right (Luhn), or the cédula is known to be genuine.

    Says what `stdnum.do.cedula.is_valid` says in a tenth of its time: a roster may have a million.
    """
    digits = number.encode()
    plain_sum = sum(digits[0::2]) - 6 * 48
    doubled_sum = sum(digits[1::2].translate(_DOUBLED))
    return (plain_sum + doubled_sum) % 10 == 0 or number in _GENUINE_IN_SPITE


def _digits(name: str, bare: str, least: int, most: int) -> str:
    if not (bare.isascii() and bare.isdigit()):
        raise Unreadable("document_characters", f"The {name} has only digits.")
    if not least <= len(bare) <= most:
        wanted = f"{most} digits" if least == most else f"at most {most} digits"
        raise Unreadable("document_length", f"The {name} has {wanted}, not {len(bare)}.{_lost_zeros(bare)}")
    return bare


def _lost_zeros(bare: str) -> str:
    """A hint for the commonest accident: a spreadsheet took the cédula for a number."""
    filled = bare.zfill(CEDULA_DIGITS)
    if len(bare) in (CEDULA_DIGITS - 2, CEDULA_DIGITS - 1) and cedula_checks(filled):
        return f" Perhaps a spreadsheet dropped the zeros of {filled}."
    return ""


def employer_number(written: str) -> tuple[str, bool]:
    """An RNC as nine digits, or the eleven of a person's cédula, and whether its check digit is right.

    Raises Unreadable with code `document_missing`, `document_characters` or `document_length`.
    """
    bare = _SEPARATORS.sub("", plain(written))
    if not bare:
        raise Unreadable("document_missing", "The RNC is missing.")
    if len(bare) == CEDULA_DIGITS:
        return _digits("RNC", bare, CEDULA_DIGITS, CEDULA_DIGITS), cedula_checks(bare)
    return _digits("RNC", bare, 9, 9), bool(rnc.is_valid(bare))
