"""What a member's SMS asks for. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

import phonenumbers

Keyword = Literal["stop", "start", "balance", "help"]

KEYWORDS: Mapping[Keyword, frozenset[str]] = {
    "stop": frozenset({"stop", "baja", "alto", "parar", "cancelar", "unsubscribe"}),
    "start": frozenset({"start", "alta", "unstop"}),
    "balance": frozenset({"balance", "saldo"}),
    "help": frozenset({"help", "ayuda", "info"}),
}
TEXT_LENGTH_MAX = 1_600
"""Ten parts: no telephone sends more at once."""


def keyword_of(text: str) -> Keyword | None:
    """The keyword that a text begins with, in either language and however it is written."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    word = re.search(r"[a-z]+", "".join(one for one in bare if not unicodedata.combining(one)), re.ASCII)
    return next((keyword for keyword, words in KEYWORDS.items() if word and word[0] in words), None)


def storable(text: str) -> str:
    """A text as it can be kept: without control characters and halves of characters, not too long."""
    whole = text.encode("utf-8", "replace").decode()
    return "".join(one for one in whole if one.isprintable() or one in " \n")[:TEXT_LENGTH_MAX]


def phone_of(written: str) -> str:
    """A phone in E.164 if it can be read as one, as the registry writes it; else as it came."""
    try:
        number = phonenumbers.parse(written, None)
    except phonenumbers.NumberParseException:
        return storable(written)[:40]
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
