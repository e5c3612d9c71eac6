"""How documents and names are compared, whoever wrote them: the registry, an agency, a bank."""

import re
import unicodedata

_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]")
_NOT_WORD = re.compile(r"[^a-z]+")
_PARTICLES = {"de", "del", "la", "las", "los", "y", "da", "do", "dos", "van", "von", "san", "santa"}


def document_key(number: str) -> str:
    """A document's number as it is stored and compared: digits and capitals, full-width ones too."""
    return _NOT_ALPHANUMERIC.sub("", unicodedata.normalize("NFKC", number).upper())


def share_a_name(one: str, other: str) -> bool:
    """Whether two full names have a word in common, without case, accents and particles.

    Enough to notice that a mistyped document belongs to somebody else; names are written too
    differently for more.
    """
    return not _words(one).isdisjoint(_words(other))


def _words(name: str) -> set[str]:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return {word for word in _NOT_WORD.split(bare) if len(word) > 1} - _PARTICLES
