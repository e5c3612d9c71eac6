"""What the pages of an import show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from gateway.pages.forms import Form

Mode = Literal["dry_run", "good_rows", "all_or_none"]


@dataclass(frozen=True, slots=True)
class Upload:
    """The form that takes a roster."""

    form: Form
    organisations: Sequence[tuple[str, str]]
    """(id, name) of each organisation that the reader may bring members into."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong with one cell, in the reader's words."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Import:
    """One import, running or done."""

    id: str
    file_name: str
    mode: Mode
    running: bool
    """True while it is read."""
    started_at: datetime
    rows_read: int
    rows_total: int | None
    """None while the file's length is not known."""
    good: int
    bad: int
    registered: int
    """Members that went in; `family` are the dependants that went in with them or to known ones."""
    family: int = 0
    verified: int = 0
    errors: tuple[RowError, ...] = ()
    more_errors: bool = False
    refusal: str | None = None
    """Why the whole file was refused, in the reader's words."""
    may_be_verified: bool = False
    """True if the reader may confirm, as the second person, all who came in with it."""
    needs_code: bool = False
    verifying: bool = False
    """True while a second person's confirmation is being written to its members."""

    @property
    def going_on(self) -> bool:
        return self.running or self.verifying

    @property
    def percent(self) -> int | None:
        if not self.rows_total:
            return None
        return min(100, self.rows_read * 100 // self.rows_total)
