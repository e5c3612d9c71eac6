"""Names: kept as their owner writes them, compared without case, accents and order.

Misspelt names lost people their rights before (DOMAIN §3): a name is never overwritten, and a search
finds `DE LA CRUZ, José` under `jose cruz`.
"""

import re
import unicodedata
from functools import lru_cache

from services.registry.identities.texts import Unreadable

CHARACTERS_MAX = 80

_USUAL = re.compile(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ]+(?: [A-Za-zÁÉÍÓÚÜÑáéíóúüñ]+)*")
_MARKS = frozenset(" '’`´.-ʼ")  # noqa: RUF001 — D’Óleo, Saint-Fleur, Ma. Altagracia
_PARTICLES = frozenset({"da", "das", "de", "del", "do", "dos", "e", "el", "la", "las", "los", "y"})
_NOT_LETTER = re.compile(r"[\W\d_]+")


def read_name(written: str) -> str:
    """A name in one spelling of its characters: composed accents, single spaces, nothing around it.

    Empty stays empty. Raises Unreadable with code `name_characters` or `name_length`.
    """
    if len(written) <= CHARACTERS_MAX and _USUAL.fullmatch(written):
        return written
    name = " ".join(unicodedata.normalize("NFC", written).split())
    for character in name:
        if not (character in _MARKS or unicodedata.category(character)[0] in "LM"):
            raise Unreadable("name_characters", f"A name has no {character!r}.")
    if name and not any(character.isalpha() for character in name):
        raise Unreadable("name_characters", "A name has letters.")
    if len(name) > CHARACTERS_MAX:
        raise Unreadable("name_length", f"A name has at most {CHARACTERS_MAX} characters.")
    return name


def name_keys(*names: str) -> list[str]:
    """The words of names as they are searched: without case, accents, order, repetition, `de la`.

    `name_keys("José", "De la Cruz")` is `["cruz", "jose"]`; a name of particles only keeps them.
    """
    words = {word for name in names for word in _words(name)}
    return sorted(words - _PARTICLES or words)


@lru_cache(maxsize=65_536)
def _words(name: str) -> tuple[str, ...]:
    folded = name.casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in decomposed if not unicodedata.combining(c))
    # An apostrophe joins (D’Óleo is `doleo`), a hyphen parts (Saint-Fleur is two words).
    for mark in "'’`´ʼ":  # noqa: RUF001
        folded = folded.replace(mark, "")
    return tuple(_NOT_LETTER.sub(" ", folded).split())
