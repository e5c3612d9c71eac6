"""What somebody who types into one box may mean: a document, a member number, a phone or a name."""

import re
from dataclasses import dataclass
from typing import Literal

from services.registry.identities import Unreadable, name_keys, plain, read_phone
from services.registry.searches.schemas import SearchIn

NUMBER_DIGITS_MAX = 18
PREFIX_LETTERS_MIN = 3

_NOT_DIGIT_OR_LETTER = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; members who fit any of these are found."""

    document: str | None = None
    member_number: int | None = None
    phone: str | None = None
    words: tuple[str, ...] = ()


def wanted(asked: SearchIn) -> Wanted:
    """What a search asks for."""
    if asked.text is not None:
        return _anything(asked.text)
    return Wanted(
        document=None if asked.document is None else bare(asked.document),
        member_number=None if asked.number is None else int(asked.number),
        phone=asked.phone,
        words=() if asked.name is None else tuple(name_keys(asked.name)),
    )


def bare(document: str) -> str:
    """A document as it is stored: without separators, in capitals."""
    return _NOT_DIGIT_OR_LETTER.sub("", plain(document).upper())


def words_query(words: tuple[str, ...], how: Literal["whole", "begun"]) -> str:
    """The words as a tsquery: all of them, whole, or as beginnings of words where they are long enough."""
    alone = len(words) == 1
    return " & ".join(
        f"'{word}'" + (":*" if how == "begun" and (alone or len(word) >= PREFIX_LETTERS_MIN) else "")
        for word in words
    )


def _anything(text: str) -> Wanted:
    code = bare(text)
    if not any(character.isdigit() for character in code):
        return Wanted(words=tuple(name_keys(text)))
    if not code.isdigit():
        return Wanted(document=code)
    number = int(code) if len(code) <= NUMBER_DIGITS_MAX else None
    return Wanted(document=code, member_number=number, phone=_phone(text))


def _phone(text: str) -> str | None:
    try:
        return read_phone(text)
    except Unreadable:
        return None
