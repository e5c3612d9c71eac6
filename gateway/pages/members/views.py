"""What the pages about members show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from gateway.pages.words import N_
from services.kit.money import Money
from services.kit.periods import Period


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member in a list of results."""

    id: str
    name: str
    number: str
    state: str
    organisation: str
    document: str
    """As the reader may see it: whole or masked."""


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found: `found` is None before anything was asked."""

    asked: str = ""
    found: tuple[MemberLine, ...] | None = None
    more: bool = False
    """True if only the nearest are shown."""


@dataclass(frozen=True, slots=True)
class Unverified:
    """A page of those who wait for a second person."""

    members: tuple[MemberLine, ...]
    next_after: str | None
    is_later: bool
    """True on any page but the first."""


@dataclass(frozen=True, slots=True)
class Relative:
    """One of the family under the member's roof."""

    name: str
    relation: str
    kind: Literal["direct", "additional"]
    born_on: date | None


CoverState = Literal["covered", "tail", "pending", "none"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the member stands today. In the tail there is health care, and no benefit in money."""

    state: CoverState
    until: date | None = None
    tail_until: date | None = None

    @property
    def covered(self) -> bool:
        return self.state == "covered"


@dataclass(frozen=True, slots=True)
class OpenCharge:
    """A month that is not yet paid in full."""

    period: Period
    due_on: date
    total: Money
    outstanding: Money


@dataclass(frozen=True, slots=True)
class Account:
    """What the member owes and what lies ready for the member."""

    due: Money
    credit: Money
    open: tuple[OpenCharge, ...] = ()


Tone = Literal["", "good", "bad", "amber", "blue"]
EntryKind = Literal["charge", "payment", "coverage", "benefit", "message", "family"]

ENTRY_TITLES: dict[EntryKind, str] = {
    "charge": N_("Charges"),
    "payment": N_("Payments"),
    "coverage": N_("Coverage"),
    "benefit": N_("Benefits"),
    "message": N_("Messages"),
    "family": N_("Family"),
}
_ICONS: dict[EntryKind, str] = {
    "charge": "list",
    "payment": "coin",
    "coverage": "roof",
    "benefit": "benefit",
    "message": "message",
    "family": "family",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, in the reader's words already."""

    kind: EntryKind
    on: date
    title: str
    text: str = ""
    amount: Money | None = None
    tone: Tone = ""
    href: str | None = None
    lines: tuple[tuple[str, Money], ...] = ()
    """What the amount is made of, if that is worth opening."""

    @property
    def icon(self) -> str:
        return _ICONS[self.kind]


@dataclass(frozen=True, slots=True)
class Document:
    type: str
    number: str


@dataclass(frozen=True, slots=True)
class Member:
    """The member's page; what the services would not answer is None and is said so."""

    id: str
    name: str
    number: str
    state: str
    organisation: str
    occupation: str
    born_on: date | None
    documents: tuple[Document, ...]
    phone: str | None
    declared_wage: Money | None
    family: tuple[Relative, ...]
    coverage: Coverage | None
    account: Account | None
    entries: tuple[Entry, ...]
    only: EntryKind | None = None
    """The one kind of entry that the reader asked for, if any."""
    may_be_verified: bool = False
    """True if the reader may confirm, as the second person, who this is."""
    needs_code: bool = False

    @property
    def months(self) -> Sequence[tuple[Period, tuple[Entry, ...]]]:
        """The timeline as asked for, newest month first."""
        wanted = [e for e in self.entries if self.only is None or e.kind == self.only]
        newest_first = sorted(wanted, key=lambda entry: entry.on, reverse=True)
        return [
            (month, tuple(entries))
            for month, entries in groupby(newest_first, key=lambda entry: Period.of(entry.on))
        ]

    @property
    def kinds(self) -> list[tuple[EntryKind, str]]:
        """The kinds of entry that there are, for the filter."""
        present = {entry.kind for entry in self.entries}
        return [(kind, title) for kind, title in ENTRY_TITLES.items() if kind in present]
