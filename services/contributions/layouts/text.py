"""Text in the State's alphabet: upper-case ASCII, no accents, no ñ (TSS, Instructivo v6.0).

A name that cannot be written so is refused rather than cut or guessed: names that the State could
not match were not honoured. The member's own spelling stays in the registry untouched.
"""

import re
import unicodedata

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 '-."
"""What a text field may hold. The instructivo asks for upper-case ASCII; other signs are not names."""

# Letters that Unicode does not take apart, and the several apostrophes and dashes that people type.
_REPLACED = str.maketrans(
    {
        "Æ": "AE",
        "Œ": "OE",
        "Ø": "O",
        "Ð": "D",
        "Đ": "D",
        "Ł": "L",
        "Þ": "TH",
        "Ħ": "H",
        "ẞ": "SS",
        "ª": "",
        "º": "",
        **dict.fromkeys("\u2018\u2019\u02bc\u00b4\u0060\u2032", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    }
)
_FOREIGN = re.compile(f"[^{re.escape(ALPHABET)}]")
_LETTERED = re.compile(r"[A-Z0-9]")
_SEPARATORS = re.compile(r"[\s.\-–]+")


def to_state_text(text: str) -> str:
    """A name or other text in the State's alphabet; a second call changes nothing.

    Raises ValueError naming the signs that have no counterpart there.
    """
    if text.isascii() and text.isupper() and text.isalpha():
        return text
    replaced = text.translate(_REPLACED)
    apart = unicodedata.normalize("NFKD", replaced)
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign)).upper()
    written = " ".join(plain.translate(_REPLACED).split())
    if foreign := sorted(set(_FOREIGN.findall(written))):
        raise ValueError(f"has signs that the State's alphabet lacks: {' '.join(map(repr, foreign))}")
    if written and not _LETTERED.search(written):
        raise ValueError("has no letter")
    return written


def to_document_number(number: str) -> str:
    """A document's number without dashes, dots or spaces, in upper-case ASCII.

    Full-width and other compatibility digits become plain ones. Raises ValueError on other signs.
    """
    if number.isascii() and number.isdigit():
        return number
    written = _SEPARATORS.sub("", unicodedata.normalize("NFKC", number)).upper()
    if not written.isascii() or not written.isalnum():
        raise ValueError("has signs other than letters and digits")
    return written
