"""What a break is.

Each statement answers what must stand in the words of the check: an id, a number, a day.
"""

from dataclasses import dataclass
from typing import LiteralString


@dataclass(frozen=True)
class Break:
    """Statements in one part's database; the last one answers what must be named under `title`."""

    invariant: int
    title: str
    part: str
    statements: tuple[LiteralString, ...]

    def __str__(self) -> str:
        return f"{self.invariant}-{self.part}-{self.title}".replace(" ", "_")[:80]


def of(invariant: int, title: str, part: str, *statements: LiteralString) -> Break:
    return Break(invariant, title, part, statements)
