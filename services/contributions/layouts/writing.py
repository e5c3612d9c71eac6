"""Records written in bulk: a million payroll lines from rows of values, checked as a whole.

Values repeat (names, days, wages), so what each was turned into is remembered; whole columns are
checked at once, and only a chunk in which something is wrong is gone through value by value. A row
that cannot be written is named with its field and reason, and nothing of its chunk is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from services.contributions.layouts.definitions import LINE_END, Field, Fields
from services.contributions.layouts.kinds import are_plain_documents
from services.contributions.layouts.text import ALPHABET

MEMO_MAX = 200_000
"""Values remembered for each field before all are forgotten: bounds a run's memory."""

Row = Sequence[Any]

_ALLOWED = ALPHABET.encode("ascii")


@dataclass(frozen=True, slots=True)
class RowFault:
    """One value that cannot be written; `row` counts the given rows from 0."""

    row: int
    field: str
    value: Any
    reason: str


class RowsUnwritable(ValueError):
    """Some rows cannot be written in the State's layout; `faults` name each value."""

    def __init__(self, faults: list[RowFault]) -> None:
        shown = "; ".join(f"row {f.row}: {f.field} {f.reason}" for f in faults[:5])
        super().__init__(f"{len(faults)} values cannot be written: {shown}")
        self.faults = faults


class _Remembered(dict[Any, str]):
    """What each value of one field was written as."""

    def __init__(self, field: Field) -> None:
        self.field = field

    def __missing__(self, value: Any) -> str:
        if len(self) >= MEMO_MAX:
            self.clear()
        self[value] = written = self.field.write(value)
        return written


class RecordWriter:
    """Writes records of `fields` from rows that hold values for `names`, in that order.

    Fields that are not named are blank, or zero in money. Amounts are whole minor units, days are
    dates. Not for several threads at once.
    """

    def __init__(self, fields: Fields, names: Sequence[str]) -> None:
        by_name = {field.name: field for field in fields}
        if unknown := set(names) - by_name.keys():
            raise ValueError(f"the layout has no field {', '.join(sorted(unknown))}")
        if lacking := [f.name for f in fields if f.required and f.name not in names]:
            raise ValueError(f"the layout needs {', '.join(lacking)}")
        self.fields = tuple(by_name[name] for name in names)
        self.length = fields[-1].last
        self._remembered = [_Remembered(field) for field in self.fields]
        self._pieces = _pieces(fields, names)
        last_named = max(by_name[name].last for name in names)
        self.stem_length = last_named
        """How much of a record differs; what follows is the same in each."""
        self.tail = ("".join(f.blank() for f in fields if f.at > last_named) + LINE_END).encode("ascii")

    def lines(self, rows: Sequence[Row]) -> bytes:
        """The rows as records with line ends. Raises RowsUnwritable, having written none."""
        # Joined first and completed after: quicker than joining the tail into each record.
        stems = "\n".join([*self.stems(rows), ""])
        data = stems.encode("ascii").replace(b"\n", self.tail)
        _ensure_cut(data, len(rows), self.length, LINE_END.encode("ascii"))
        return data

    def stems(self, rows: Sequence[Row]) -> list[str]:
        """The part of each record that differs, for keeping; `lines_of_stems` makes the file of it.

        Raises RowsUnwritable.
        """
        columns = self._columns(rows)
        pieces = [repeat(p) if isinstance(p, str) else columns[p] for p in self._pieces]
        made = list(map("".join, zip(*pieces, strict=False)))
        assert set(map(len, made)) <= {self.stem_length}
        return made

    def lines_of_stems(self, stems: bytes) -> bytes:
        """Whole records from stems that each end in a newline, as `COPY … TO STDOUT` gives them.

        Raises ValueError if a stem has another length, or a sign that no layout holds.
        """
        count = len(stems) // (self.stem_length + 1)
        _ensure_cut(stems, count, self.stem_length, b"\n")
        if len(stems.translate(None, _ALLOWED)) != count:
            raise ValueError("a stem holds signs that the State's alphabet lacks")
        return stems.replace(b"\n", self.tail)

    def faults(self, rows: Iterable[Row]) -> list[RowFault]:
        """Every value of `rows` that cannot be written: the worklist before a filing."""
        found = []
        for number, row in enumerate(rows):
            for field, value in zip(self.fields, row, strict=True):
                try:
                    field.write(value)
                except (ValueError, TypeError, AttributeError) as error:
                    found.append(RowFault(number, field.name, value, str(error)))
        return found

    def _columns(self, rows: Sequence[Row]) -> list[Sequence[str]]:
        """The rows' values as written, by column. Raises RowsUnwritable."""
        given = list(zip(*rows, strict=True)) if rows else [()] * len(self.fields)
        if len(given) != len(self.fields):
            raise ValueError(f"a row has {len(given)} values, and {len(self.fields)} are named")
        try:
            return [
                _column(field, remembered, values)
                for field, remembered, values in zip(self.fields, self._remembered, given, strict=True)
            ]
        except (ValueError, TypeError, AttributeError):
            if faults := self.faults(rows):
                raise RowsUnwritable(faults) from None
            raise


def _column(field: Field, remembered: _Remembered, values: tuple[Any, ...]) -> Sequence[str]:
    if field.kind == "document" and are_plain_documents(values, field.length):
        return [value.ljust(field.length) for value in values]
    return list(map(remembered.__getitem__, values))


def _pieces(fields: Fields, names: Sequence[str]) -> list[str | int]:
    """A record up to its tail: constant text, or the number of the column whose value stands there."""
    pieces: list[str | int] = []
    constant = ""
    for field in fields:
        if field.name in names:
            pieces += [constant, names.index(field.name)] if constant else [names.index(field.name)]
            constant = ""
        else:
            constant += field.blank()
    return pieces


def _ensure_cut(data: bytes, count: int, length: int, end: bytes) -> None:
    """Each record has its length: `count` of them fill `data`, and each ends where it should."""
    width = length + len(end)
    if len(data) != count * width:
        raise ValueError(f"{len(data)} bytes are not {count} records of {width}")
    for offset, sign in enumerate(end):
        if data[length + offset :: width] != bytes([sign]) * count:
            raise ValueError(f"a record does not end at {length}")
