"""A whole file for the State: header, details, summary that counts every line, and its hash.

The bytes are made once and kept; asking for the file again gives the same bytes. A file holds at
most `Profile.details_max` details, since its summary counts lines in six digits: a larger payroll
goes in several files.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.contributions.layouts.definitions import Profile
from services.contributions.layouts.writing import RecordWriter, Row


@dataclass(frozen=True, slots=True)
class FileWritten:
    """What a finished file is: all its lines (header and summary too), size and SHA-256."""

    lines: int
    details: int
    bytes: int
    sha256: str


class TooManyDetails(ValueError):
    """A file of this layout cannot hold so many details."""


class FileWriter:
    """Writes one file piece by piece to `write`; the header goes out at once.

    `names` are the details' fields in the order of the rows to come.
    """

    def __init__(
        self,
        profile: Profile,
        header: Mapping[str, Any],
        names: Sequence[str],
        write: Callable[[bytes], object],
        *,
        detail_length: int | None = None,
    ) -> None:
        if header["process"] not in profile.processes:
            raise ValueError(f"{profile.code} has no process {header['process']}")
        self.details = RecordWriter(profile.details_of(detail_length), names)
        self._profile = profile
        self._write = write
        self._hash = hashlib.sha256()
        self._bytes = 0
        self._count = 0
        self._put(RecordWriter(profile.header, tuple(header)).lines([tuple(header.values())]))

    def add(self, rows: Sequence[Row]) -> None:
        """Write details. Raises RowsUnwritable or TooManyDetails, having written none of them."""
        self._ensure_room(len(rows))
        self._put(self.details.lines(rows))
        self._count += len(rows)

    def add_stems(self, stems: bytes) -> None:
        """Write details from kept stems (see `RecordWriter.lines_of_stems`), each with a newline."""
        count = stems.count(b"\n")
        self._ensure_room(count)
        self._put(self.details.lines_of_stems(stems))
        self._count += count

    def finish(self) -> FileWritten:
        """Write the summary and say what the file is. The writer is then used up."""
        lines = self._count + 2
        self._put(RecordWriter(self._profile.summary, ("lines",)).lines([(lines,)]))
        return FileWritten(lines, self._count, self._bytes, self._hash.hexdigest())

    def _ensure_room(self, more: int) -> None:
        if self._count + more > self._profile.details_max:
            raise TooManyDetails(f"a file holds at most {self._profile.details_max} details")

    def _put(self, data: bytes) -> None:
        self._write(data)
        self._hash.update(data)
        self._bytes += len(data)
