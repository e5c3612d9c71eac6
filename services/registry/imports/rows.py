"""A roster's row, read: a member, or somebody of a member's family, ready to be copied into the database.

Everything that can be said of a row by itself is said here, cell by cell; what needs other rows or the
registry (duplicates, whose family it is) is asked of the database for thousands of rows at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple
from uuid import UUID

from services.kit import ids
from services.kit.money import Money
from services.kit.sheets import Row, heading_key
from services.registry.dependants import ADDITIONAL_ONLY, DIRECT_ONLY
from services.registry.identities import Document, Unreadable, name_keys, plain, read_document, read_name
from services.registry.imports import cells
from services.registry.imports.cells import NOTHING
from services.registry.imports.columns import is_member
from services.registry.members import age_on

ADULT_AGE = 18
DOCUMENT_CHARACTERS_MAX = 40


class CellError(NamedTuple):
    """Something wrong with one cell. `code` is for programs, `reason` for people."""

    line: int
    column: str
    value: str
    code: str
    reason: str


@dataclass(frozen=True)
class Terms:
    """What holds for the whole roster: the day, the floor, who may be named, what empty cells mean.

    `organisation_id` is the organisation of all rows; without it each row names its own, by id or name,
    and `organisations` has those within reach.
    """

    today: date
    floor: Money | None
    currency: str
    language: str
    risk_class: str
    organisation_id: UUID | None
    organisations: Mapping[str, str] = field(default_factory=dict)


class MemberRow(NamedTuple):
    """A row for `incoming_members`, its fields as COPY writes them."""

    text: str


class FamilyRow(NamedTuple):
    """A row for `incoming_family`."""

    text: str


class RosterReader:
    """Reads rows under the terms of one roster. Written for speed: it sees millions of them."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        today = terms.today
        names = {"given_names": cells.name, "first_surname": cells.name, "second_surname": read_name}
        sex = {"sex": partial(cells.word, "sex")}
        # In the order of the tables that they are copied into.
        self._of_member: dict[str, Callable[[str], str]] = {
            "organisation": self._organisation,
            **names,
            **sex,
            "birth_date": lambda written: cells.birth_date_of_member(written, today),
            "phone": cells.phone,
            "language": partial(cells.word, "language", default=terms.language),
            "occupation": cells.line_of_text,
            "risk_class": partial(cells.word, "risk_class", default=terms.risk_class),
            "declared_wage": lambda written: cells.wage(written, terms.currency, terms.floor),
            "document_override_reason": cells.line_of_text,
        }
        self._of_family: dict[str, Callable[[str], str]] = {
            **names,
            **sex,
            "birth_date": lambda written: cells.birth_date_of_dependant(written, today).isoformat(),
            "relation": partial(cells.word, "relation"),
        }

    @property
    def currency(self) -> str:
        return self._terms.currency

    def read(self, row: Row) -> MemberRow | FamilyRow | list[CellError]:
        """The row, or all that is wrong with it."""
        errors: list[CellError] = []
        read = self._member(row, errors) if is_member(row.cells) else self._dependant(row, errors)
        return errors or read

    def _member(self, row: Row, errors: list[CellError]) -> MemberRow:
        values = _values(row, self._of_member, errors)
        document = self._document(row, errors, may_be_missing=False)
        if row.cells["relation"] and _meant(row, "relation", errors):
            errors.append(_error(row, "member_document", "member_missing", "Name the member's document."))
        agreements = [*self._agreement(row, "mandate_signed_on", "mandate_text_version", errors)]
        agreements += self._agreement(row, "consent_given_on", "consent_text_version", errors)
        if errors or document is None:
            return MemberRow("")
        reason = values.pop("document_override_reason") if document.in_doubt else NOTHING
        values.pop("document_override_reason", None)
        keys = name_keys(values["given_names"], values["first_surname"], values["second_surname"])
        quoted = '{"' + '","'.join(keys) + '"}'
        fields = [str(row.line), str(ids.new_id()), quoted, *values.values()]
        fields += [
            document.type,
            document.number,
            _escaped(row.cells["document_number"]),
            reason,
            *agreements,
        ]
        return MemberRow("\t".join(fields) + "\n")

    def _dependant(self, row: Row, errors: list[CellError]) -> FamilyRow:
        values = _values(row, self._of_family, errors)
        document = self._document(row, errors, may_be_missing=True)
        if "relation" in values and "birth_date" in values:
            values["kind"] = self._kind(row, values["relation"], values["birth_date"], errors)
        if errors:
            return FamilyRow("")
        written, titular = row.cells["member_document"], _member_number(row.cells["member_document"])
        if len(titular) > DOCUMENT_CHARACTERS_MAX:
            errors.append(_error(row, "member_document", "document_length", "No document is so long."))
            return FamilyRow("")
        papers = [document.type, document.number] if document else [NOTHING, NOTHING]
        fields = [str(row.line), str(ids.new_id()), titular, _escaped(written)]
        fields += [*values.values(), *papers]
        return FamilyRow("\t".join(fields) + "\n")

    def _document(self, row: Row, errors: list[CellError], *, may_be_missing: bool) -> Document | None:
        written = row.cells
        number, kind = written["document_number"], written["document_type"]
        if may_be_missing and not number:
            return None
        try:
            type = cells.word("document_type", kind, default="C")
        except Unreadable as problem:
            errors.append(_error(row, "document_type", problem.code, str(problem)))
            return None
        try:
            document = read_document(type, number)
        except Unreadable as problem:
            errors.append(_error(row, "document_number", problem.code, str(problem)))
            return None
        if document.in_doubt and not written["document_override_reason"]:
            reason = "The check digit is wrong. If the paper says so, give the reason for the exception."
            errors.append(_error(row, "document_number", "document_in_doubt", reason))
        return document

    def _agreement(
        self, row: Row, date_column: str, version_column: str, errors: list[CellError]
    ) -> tuple[str, str]:
        signed, version = row.cells[date_column], row.cells[version_column]
        if not signed and not version:
            return NOTHING, NOTHING
        values = _values(
            row,
            {
                date_column: lambda written: cells.past_day(written, self._terms.today),
                version_column: cells.line_of_text,
            },
            errors,
        )
        if not version:
            errors.append(_error(row, version_column, "version_missing", "Which text was signed?"))
        return values.get(date_column, NOTHING), values.get(version_column, NOTHING)

    def _kind(self, row: Row, relation: str, born_on: str, errors: list[CellError]) -> str:
        said = _meant(row, "kind", errors) if row.cells["kind"] else ""
        only = "direct" if relation in DIRECT_ONLY else "additional" if relation in ADDITIONAL_ONLY else ""
        if not relation:
            errors.append(_error(row, "relation", "word_missing", "How are they related to the member?"))
        elif said and only and said != only:
            errors.append(_error(row, "kind", "kind_of_other_relation", f"A {relation} is {only}."))
        elif not (said or only or row.cells["kind"]):
            if age_on(date.fromisoformat(born_on), self._terms.today) < ADULT_AGE:
                return "direct"
            reason = "Is this grown child direct (studies, or is disabled) or additional?"
            errors.append(_error(row, "kind", "kind_missing", reason))
        return said or only

    def _organisation(self, written: str) -> str:
        if self._terms.organisation_id is not None:
            return str(self._terms.organisation_id)
        found = self._terms.organisations.get(written) or self._terms.organisations.get(heading_key(written))
        if not found:
            raise Unreadable("organisation_unknown", "No organisation that you act for has this name or id.")
        return found


def _values(row: Row, readers: Mapping[str, Callable[[str], str]], errors: list[CellError]) -> dict[str, str]:
    values = {}
    for column, read in readers.items():
        try:
            values[column] = read(row.cells[column])
        except Unreadable as problem:
            errors.append(_error(row, column, problem.code, str(problem)))
    return values


def _meant(row: Row, column: str, errors: list[CellError]) -> str:
    return _values(row, {column: partial(cells.word, column)}, errors).get(column, "")


def _error(row: Row, column: str, code: str, reason: str) -> CellError:
    return CellError(row.line, column, row.cells[column], code, reason)


def _member_number(written: str) -> str:
    """A member's document as it may be compared: no separators, capitals. Of which type is not said."""
    return "".join(c for c in plain(written).upper() if c.isalnum()) or "?"


def _escaped(written: str) -> str:
    """A cell's own text, as COPY takes it; NUL, which no text in the database holds, is left out."""
    if written.isprintable() and "\\" not in written:
        return written
    return written.translate(_ESCAPES)


_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\0": ""})
