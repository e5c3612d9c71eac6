"""A file for the State read back by position: what was filed can be checked and explained.

Nothing is trusted: lengths, line ends, the order of records, the summary's count and each field are
checked, and each fault is named with its line, field and position. Lines are bounded, so a file that
is something else costs no memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal

from services.contributions.layouts.definitions import LINE_END, Field, Fields, Profile
from services.contributions.layouts.kinds import READERS

RecordKind = Literal["header", "detail", "summary"]
_LINE_MAX = 2_000


@dataclass(frozen=True, slots=True)
class LayoutFault:
    """One thing wrong in a file; lines and positions count from 1."""

    line: int
    field: str
    position: int
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """One line as values: amounts in minor units, days as dates, unused text as None."""

    kind: RecordKind
    line: int
    values: dict[str, Any]


@dataclass
class LayoutReader:
    """Reads files of one profile. `faults` keeps the first `faults_max`, `faults_total` counts all."""

    profile: Profile
    faults_max: int = 100
    faults: list[LayoutFault] = field(default_factory=list)
    faults_total: int = 0

    def records(self, stream: BinaryIO) -> Iterator[Record]:
        """The file's records, those in which nothing is wrong; run to the end to have all faults."""
        number, last = 0, ""
        for number, line in enumerate(_lines(stream), start=1):
            before = self.faults_total
            record = self._record(number, line, last)
            last = line[:1].decode("ascii", "replace")
            if record is not None and self.faults_total == before:
                yield record
        if last != "S":
            self._fault(max(number, 1), "record", 1, "", "the file does not end with its summary")

    def _record(self, number: int, line: bytes, before: str) -> Record | None:
        try:
            written = line.decode("ascii")
        except UnicodeDecodeError as error:
            self._fault(number, "line", error.start + 1, "", "is not ASCII")
            return None
        written = self._without_end(number, written)
        kind = self._kind(number, written[:1], before)
        if kind is None:
            return None
        fields = self._fields(kind, len(written))
        if fields is None:
            self._fault(number, "line", len(written), "", f"has {len(written)} characters")
            return None
        values = {f.name: self._value(number, f, written) for f in fields}
        if kind == "header" and values["process"] not in self.profile.processes:
            self._fault(number, "process", 2, str(values["process"]), "is not of this layout")
        if kind == "summary" and values["lines"] != number:
            self._fault(number, "lines", 2, str(values["lines"]), f"the file has {number} lines")
        return Record(kind, number, values)

    def _without_end(self, number: int, written: str) -> str:
        if not written.endswith(LINE_END):
            self._fault(number, "line", len(written), "", "does not end with CR LF")
        return written.rstrip(LINE_END)

    def _kind(self, number: int, sign: str, before: str) -> RecordKind | None:
        kinds: dict[str, RecordKind] = {"E": "header", "D": "detail", "S": "summary"}
        kind = kinds.get(sign)
        if kind is None:
            self._fault(number, "record", 1, sign, "is not E, D or S")
        elif (kind == "header") != (number == 1):
            self._fault(number, "record", 1, sign, "E is the first line, and no other")
        elif before == "S":
            self._fault(number, "record", 1, sign, "comes after the summary")
        return kind

    def _fields(self, kind: RecordKind, length: int) -> Fields | None:
        if kind == "detail":
            return self.profile.details_of(length) if length in self.profile.detail_lengths else None
        fields = self.profile.header if kind == "header" else self.profile.summary
        return fields if fields[-1].last == length else None

    def _value(self, number: int, field: Field, line: str) -> Any:
        written = line[field.at - 1 : field.last]
        try:
            value = READERS[field.kind](written)
            if field.kind == "constant":
                if written != field.value:
                    raise ValueError(f"must be {field.value}")
            elif field.required and value is None:
                raise ValueError("is missing")
            elif field.write(value) != written:
                raise ValueError("is not written as the layout asks")
            return value
        except ValueError as error:
            self._fault(number, field.name, field.at, written, str(error))
            return None

    def _fault(self, line: int, field: str, position: int, value: str, reason: str) -> None:
        self.faults_total += 1
        if len(self.faults) < self.faults_max:
            self.faults.append(LayoutFault(line, field, position, value, reason))


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(_LINE_MAX):
        yield line
