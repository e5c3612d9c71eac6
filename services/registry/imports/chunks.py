"""A roster's rows in chunks, read ahead by a thread while the database works on the chunk before."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Full, Queue
from typing import BinaryIO

from services.kit.sheets import read_sheet
from services.registry.imports.columns import COLUMNS
from services.registry.imports.rows import CellError, FamilyRow, MemberRow, RosterReader

_READ_AHEAD = 2


@dataclass
class Chunk:
    """Some thousands of rows: the good ones as COPY's text, what is wrong with the others."""

    rows: int = 0
    last_line: int = 0
    members: list[str] = field(default_factory=list)
    family: list[str] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    rows_bad: int = 0

    def add(self, line: int, read: MemberRow | FamilyRow | list[CellError]) -> None:
        self.rows += 1
        self.last_line = line
        if isinstance(read, MemberRow):
            self.members.append(read.text)
        elif isinstance(read, FamilyRow):
            self.family.append(read.text)
        else:
            self.errors += read
            self.rows_bad += 1


def read_chunks(
    file: BinaryIO, filename: str, reader: RosterReader, *, after_line: int, chunk_rows: int
) -> Iterator[Chunk]:
    """Read a roster from behind a line on. Raises the problems of a file that cannot be read."""
    chunk = Chunk()
    for row in read_sheet(file, COLUMNS, filename=filename).rows:
        if row.line <= after_line:
            continue
        chunk.add(row.line, reader.read(row))
        if chunk.rows >= chunk_rows:
            yield chunk
            chunk = Chunk()
    if chunk.rows:
        yield chunk


@contextmanager
def read_ahead(chunks: Iterator[Chunk]) -> Iterator[Iterator[Chunk]]:
    """Walk chunks while a thread makes the next ones; what it raises is raised here."""
    made: Queue[Chunk | BaseException | None] = Queue(_READ_AHEAD)
    over = threading.Event()

    def make() -> None:
        try:
            for chunk in chunks:
                _put(made, chunk, over)
            _put(made, None, over)
        except BaseException as failure:  # told to who waits, whatever it is
            _put(made, failure, over)

    thread = threading.Thread(target=make, name="roster-reader", daemon=True)
    thread.start()
    try:
        yield _taken(made)
    finally:
        over.set()
        thread.join()


def _put(
    made: "Queue[Chunk | BaseException | None]", item: Chunk | BaseException | None, over: threading.Event
) -> None:
    """Put, unless nobody takes any more."""
    while not over.is_set():
        try:
            return made.put(item, timeout=0.1)
        except Full:
            continue


def _taken(made: "Queue[Chunk | BaseException | None]") -> Iterator[Chunk]:
    while (item := made.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        yield item
