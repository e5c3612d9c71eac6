"""What surrounds each page: who reads it, in which language, and what it was just told."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from gateway.locale import Language
from gateway.pages.navigation import Place, current, places


@dataclass(frozen=True, slots=True)
class Reader:
    """The person signed in, as far as a page shows them."""

    name: str
    roles: tuple[str, ...]
    scopes: frozenset[str]

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.split()[:2]).upper()

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence at the head of a page: what was just done, or what to look at."""

    text: str
    kind: Literal["good", "bad", "amber", "plain"] = "plain"


@dataclass(frozen=True, slots=True)
class Frame:
    """The surroundings of one rendering."""

    language: Language
    path: str
    today: date
    reader: Reader | None = None
    csrf: str = ""
    notices: tuple[Notice, ...] = ()
    menu: list[Place] = field(init=False)

    def __post_init__(self) -> None:
        scopes: frozenset[str] = self.reader.scopes if self.reader else frozenset()
        object.__setattr__(self, "menu", places(scopes) if self.reader else [])

    @property
    def here(self) -> str:
        return current(self.path)

    def may(self, scope: str) -> bool:
        """True if the reader's scopes hold `scope`: to show or hide, never to allow."""
        return self.reader is not None and scope in self.reader.scopes
