"""How long an SMS is: GSM 7-bit where the alphabet allows it, else UCS-2, and in how many parts it goes.

3GPP TS 23.038 §6.2.1 (alphabet and its extension) and TS 23.040 §9.2.3.24 (parts). One part holds 160
septets or 70 UCS-2 units; each of several parts 153 or 67, and no character is cut between two.
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
"""Two septets each: an escape goes before."""
_ALPHABET = BASIC | EXTENSION

_PLAIN = {
    "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
    "\N{HYPHEN}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}": '"',
    "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}": '"',
    "\N{MASCULINE ORDINAL INDICATOR}": "o",
    "\N{FEMININE ORDINAL INDICATOR}": "a",
}


@dataclass(frozen=True, slots=True)
class Size:
    """What a text takes on the air: units of its encoding, and parts that are each paid for."""

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    segments: int


def measure(text: str) -> Size:
    """The size of a text as it stands. An empty one still takes a part."""
    if BASIC.issuperset(text):
        return Size("GSM-7", len(text), 1 if len(text) <= 160 else -(-len(text) // 153))
    if _ALPHABET.issuperset(text):
        units = [2 if character in EXTENSION else 1 for character in text]
        return Size("GSM-7", sum(units), _parts(units, alone=160, joined=153))
    units = [2 if ord(character) > 0xFFFF else 1 for character in text]
    return Size("UCS-2", sum(units), _parts(units, alone=70, joined=67))


def _parts(units: list[int], *, alone: int, joined: int) -> int:
    if sum(units) <= alone:
        return 1
    parts, filled = 1, 0
    for size in units:
        if filled + size > joined:
            parts, filled = parts + 1, 0
        filled += size
    return parts


def fit(text: str) -> str:
    """The text in the GSM alphabet, if letters without their accents make it fit; else as it was.

    Spanish `á í ó ú` are not in that alphabet (`é ñ ü` are): left in, they would more than halve
    what a part holds.
    """
    composed = unicodedata.normalize("NFC", text)
    fitted = composed.translate({ord(one): _fit_character(one) for one in set(composed) - _ALPHABET})
    return fitted if _ALPHABET.issuperset(fitted) else composed


def _fit_character(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    bare = unicodedata.normalize("NFKD", character)
    return "".join(one for one in bare if not unicodedata.combining(one)) or character
