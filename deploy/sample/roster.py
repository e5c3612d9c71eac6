"""A synthetic roster as a secretary would keep it, in the format of `services.registry.imports`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from deploy.sample.mistakes import Cells, Mistake, Planted, Planter
from deploy.sample.names import ORGANISATIONS
from deploy.sample.numbers import CEDULAS_MAX, Numbers
from deploy.sample.people import TEXT_VERSION, Member, Person, make_members
from services.kit.sheets import Cell, write_csv, write_xlsx
from services.registry.imports.columns import HEADINGS

MEMBERS_MAX = CEDULAS_MAX // 4
XLSX_MEMBERS_MAX = 300_000
MINIMUM_WAGE = Decimal("14161.00")
AS_OF = date(2026, 6, 15)
"""The day on which ages are counted and before which everything was signed."""

PROGRESS_MEMBERS = 1_000


@dataclass
class Roster:
    """What was written: the counts, and every mistake that was planted.

    A row with a mistake still counts as a member's, its family as dependants.
    """

    path: Path
    members: int = 0
    dependants: int = 0
    additional_dependants: int = 0
    members_without_mandate: int = 0
    planted: list[Planted] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.members + self.dependants

    @property
    def good_members(self) -> int:
        """How many members an import must take in."""
        return self.members - len(self.planted)

    @property
    def good_dependants(self) -> int:
        """How many dependants belong to those."""
        return self.dependants - sum(len(mistake.family_lines) for mistake in self.planted)

    def write_mistakes(self, path: Path) -> None:
        """Write the planted mistakes as CSV: line, column, value, mistake, rows of the family."""
        rows: list[list[Cell]] = [
            [p.line, p.column, p.value, p.mistake, len(p.family_lines)] for p in self.planted
        ]
        with path.open("wb") as file:
            write_csv(file, ["line", "column", "value", "mistake", "family_rows"], rows)


def write_roster(
    path: Path,
    members: int,
    seed: int = 1,
    error_share: float = 0.02,
    *,
    organisations: Sequence[str] = ORGANISATIONS,
    minimum_wage: Decimal = MINIMUM_WAGE,
    as_of: date = AS_OF,
    on_progress: Callable[[int], object] | None = None,
) -> Roster:
    """Write a roster of `members` contributors and their families to a .csv or .xlsx file.

    Exactly `error_share` of the members' rows, rounded, carry one mistake each. The same arguments
    give the same bytes. Rows are written as they are made, so any size fits in memory; XLSX holds
    300,000 members at most. With no `organisations` that column stays empty. `on_progress` hears
    the count of members now and then. Raises ValueError for what cannot be written.
    """
    suffix = path.suffix.casefold()
    if suffix not in {".csv", ".xlsx"}:
        raise ValueError(f"{path.name}: name the roster .csv or .xlsx")
    most = XLSX_MEMBERS_MAX if suffix == ".xlsx" else MEMBERS_MAX
    if not 0 <= members <= most:
        raise ValueError(f"a {suffix} roster holds from 0 to {most} members, not {members}")
    if not 0 <= error_share <= 1:
        raise ValueError("error_share lies between 0 and 1")

    roster = Roster(path)
    planter = Planter(members, round(members * error_share), seed, int(minimum_wage))
    people = make_members(members, seed, organisations, minimum_wage, as_of)
    lines = _Lines(roster, planter, seed, dates_as_text=suffix == ".csv")
    rows = lines.of(people, on_progress)
    with path.open("wb") as file:
        if suffix == ".csv":
            write_csv(file, list(HEADINGS.values()), rows)
        else:
            write_xlsx(file, list(HEADINGS.values()), rows, title="Afiliados")
    return roster


@dataclass
class _Lines:
    """Turns members into rows and keeps count of them in `roster`."""

    roster: Roster
    planter: Planter
    seed: int
    dates_as_text: bool

    def of(
        self, people: Iterator[Member], on_progress: Callable[[int], object] | None
    ) -> Iterator[Sequence[Cell]]:
        # For rows that will be refused: it does not matter if one of these is given twice.
        spare = Numbers(self.seed + 500_009)
        for member in people:
            mistake = self.planter.next()
            if mistake in _NEEDS_CEDULA and member.document_type != "C":
                member.document_type, member.document = "C", spare.cedula()
            if mistake is Mistake.DUPLICATE_IN_FILE:
                # Whose family it would be cannot be told from the file.
                member.family = []
            cells = self._member_cells(member)
            self._count(member, mistake, cells)
            document = cells["document_number"]
            yield self._row(cells)
            for person in member.family:
                yield self._row(self._person_cells(person) | {"member_document": document})
            if on_progress and self.roster.members % PROGRESS_MEMBERS == 0:
                on_progress(self.roster.members)
        if on_progress:
            on_progress(self.roster.members)

    def _count(self, member: Member, mistake: Mistake | None, cells: Cells) -> None:
        roster = self.roster
        line = roster.rows + 2  # the headings are line 1
        if mistake:
            column, value = self.planter.plant(mistake, cells)
            family_lines = tuple(range(line + 1, line + 1 + len(member.family)))
            roster.planted.append(Planted(line, column, value, mistake, family_lines))
        else:
            if member.document_type == "C":
                self.planter.remember(str(cells["document_number"]))
            roster.members_without_mandate += not member.has_mandate
        roster.members += 1
        roster.dependants += len(member.family)
        roster.additional_dependants += sum(person.kind == "adicional" for person in member.family)

    def _member_cells(self, member: Member) -> Cells:
        agreed_on = self._date(member.agreed_on) if member.agreed_on else ""
        return self._person_cells(member) | {
            "phone": _dashed(member.phone, 3, 6),
            "language": member.language,
            "organisation": member.organisation,
            "occupation": member.occupation,
            "risk_class": member.risk_class,
            "declared_wage": member.wage,
            "mandate_signed_on": agreed_on if member.has_mandate else "",
            "mandate_text_version": TEXT_VERSION if member.has_mandate else "",
            "consent_given_on": agreed_on,
            "consent_text_version": TEXT_VERSION,
        }

    def _person_cells(self, person: Person) -> Cells:
        is_cedula = person.document_type == "C"
        return {
            "document_type": _TYPES[person.document_type],
            "document_number": _dashed(person.document, 3, 10) if is_cedula else person.document,
            "given_names": person.given_names,
            "first_surname": person.first_surname,
            "second_surname": person.second_surname,
            "sex": person.sex,
            "birth_date": self._date(person.birth_date),
            "relation": person.relation,
            "kind": person.kind,
        }

    def _date(self, day: date) -> Cell:
        return day.strftime("%d/%m/%Y") if self.dates_as_text else day

    def _row(self, cells: Cells) -> list[Cell]:
        return [cells.get(name, "") for name in HEADINGS]


_TYPES = {"": "", "C": "cédula", "N": "NSS", "P": "pasaporte"}
_NEEDS_CEDULA = {Mistake.WRONG_CHECK_DIGIT, Mistake.LETTERS_IN_DOCUMENT, Mistake.DUPLICATE_IN_FILE}


def _dashed(number: str, first: int, second: int) -> str:
    """`99900000018` as `999-0000001-8`."""
    return f"{number[:first]}-{number[first:second]}-{number[second:]}" if number else ""
