"""What a fixed-width layout is: records of fields at positions, as data.

Layouts differ by format and version, so each is a file in `data/`: a new version is a new file, and
what was filed under an old one can still be read.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field as Constraint
from pydantic import model_validator

from services.contributions.datafiles import Loc, Strict, read_file, read_text
from services.contributions.layouts.kinds import WRITERS, Kind
from services.kit.periods import Period

_DATA = Path(__file__).parent / "data"

LINE_END = "\r\n"


class Field(Strict):
    """One field: where it stands (from 1), how long it is, and what it may hold."""

    name: Annotated[str, Constraint(pattern=r"^[a-z][a-z_]*$")]
    at: Annotated[int, Constraint(ge=1)]
    length: Annotated[int, Constraint(ge=1, le=200)]
    kind: Kind
    required: bool = False
    value: str | None = None
    choices: tuple[str, ...] = ()
    default: str | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if (self.kind == "constant") != (self.value is not None):
            raise ValueError("a constant, and nothing else, has a value")
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("a choice, and nothing else, has choices")
        for text in (self.value, *self.choices):
            if text is not None and len(text) > self.length:
                raise ValueError(f"{text!r} is longer than {self.length}")
        if self.default is not None and self.default not in self.choices:
            raise ValueError("the default is one of the choices")
        return self

    @property
    def last(self) -> int:
        """The last position that the field takes."""
        return self.at + self.length - 1

    def blank(self) -> str:
        """What stands there when nothing is given."""
        if self.kind == "constant":
            return (self.value or "").ljust(self.length)
        if self.kind == "money":
            return "0.00".rjust(self.length, "0")
        return (self.default or "").ljust(self.length)

    def write(self, value: object) -> str:
        """The field's characters. Raises ValueError with the reason; nothing is cut off."""
        if value is None or value == "":
            if self.required:
                raise ValueError("is missing")
            return self.blank()
        if self.choices and value not in self.choices:
            raise ValueError(f"is not one of {', '.join(self.choices)}")
        written = WRITERS[self.kind](value, self.length)
        if self.required and written == self.blank():
            raise ValueError("is missing")
        return written


Fields = tuple[Field, ...]


class Profile(Strict):
    """One format in one version: header, details, summary."""

    code: str
    version: str
    source: str
    processes: Annotated[tuple[str, ...], Constraint(min_length=1)]
    file_name: str
    detail_lengths: Annotated[tuple[int, ...], Constraint(min_length=1)]
    header: Fields
    detail: Fields
    summary: Fields

    def details_of(self, length: int | None = None) -> Fields:
        """The fields of a detail of `length` (the profile's first length, if None)."""
        length = self.detail_lengths[0] if length is None else length
        if length not in self.detail_lengths:
            raise ValueError(f"{self.code} has no details of {length} characters")
        return tuple(field for field in self.detail if field.last <= length)

    @property
    def details_max(self) -> int:
        """How many details one file holds at most: its summary counts all lines in few digits."""
        digits = next(field.length for field in self.summary if field.kind == "count")
        return int(10**digits) - 1 - 2

    def name_of_file(self, process: str, rnc: str, period: Period) -> str:
        """The file's name as the State wants it."""
        written = f"{period.month:02d}{period.year:04d}"
        return self.file_name.format(process=process, rnc=rnc, period=written)


def faults_of(profile: Profile) -> Iterator[tuple[Loc, str]]:
    """Where a profile's fields overlap, leave gaps, or do not make up its lengths."""
    for record in ("header", "detail", "summary"):
        fields: Fields = getattr(profile, record)
        if not fields or fields[0].at != 1:
            yield (record,), "the first field stands at 1"
        for position, (before, after) in enumerate(pairwise(fields), start=1):
            if after.at != before.last + 1:
                yield (record, position), f"{after.name} stands at {after.at}, not at {before.last + 1}"
        if len({field.name for field in fields}) < len(fields):
            yield (record,), "two fields have one name"
    ends = {field.last for field in profile.detail}
    for length in profile.detail_lengths:
        if length not in ends:
            yield ("detail_lengths",), f"no field ends at {length}"
    if profile.detail and profile.detail_lengths[0] != profile.detail[-1].last:
        yield ("detail_lengths",), "the first length is the whole detail"
    if not any(field.kind == "count" for field in profile.summary):
        yield ("summary",), "the summary counts lines"


@lru_cache
def shipped_profiles() -> dict[str, Profile]:
    """All layouts in the package, the newest version of each, by code."""
    profiles: dict[str, Profile] = {}
    for path in sorted(_DATA.glob("*.yaml")):
        profile = read_file(path, Profile, faults_of)
        profiles[profile.code] = profile
    return profiles


def parse_profile(text: str, *, name: str = "layout") -> Profile:
    """Read a layout from YAML. Raises DataFileInvalid, which names each fault with its line."""
    return read_text(text, Profile, faults_of, name=name)
