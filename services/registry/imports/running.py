"""An import at work: chunk by chunk, each in a transaction of its own together with its progress.

Killed at any moment and run again, it goes on behind the last chunk that was committed. A dry run reads
everything and writes nobody; `all_or_none` does that first, and then writes in one transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from uuid import UUID

import psycopg
import structlog
from psycopg import Connection
from psycopg.errors import UniqueViolation
from sqlalchemy import Engine

from services.kit.problems import Problem
from services.registry.events import MemberChanged
from services.registry.imports import families, loading, pieces, progress
from services.registry.imports.chunks import Chunk, read_ahead, read_chunks
from services.registry.imports.problems import ImportFailed
from services.registry.imports.progress import Counts, Job
from services.registry.imports.rows import RosterReader
from services.registry.imports.terms import read_terms
from services.registry.members import announce

_log = structlog.get_logger()

CHUNK_ROWS = 5_000
TRIES_MAX = 3


class _BadRows(Exception):
    """A roster of all or none met a bad row while it was written: all is rolled back."""


def run_import(engine: Engine, import_id: UUID) -> None:
    """Work an import to its end, from where it was left; one that is done stays as it is."""
    with (
        _connected(engine) as connection,
        progress.alone(connection, import_id) as is_alone,
        TemporaryFile() as file,
    ):
        if not is_alone:
            return
        with connection.transaction():
            job = progress.load(connection, import_id)
            pieces.fetch(connection, import_id, file)
        if job.state not in ("waiting", "checking", "writing"):
            return
        work = _Work(connection, job, file, RosterReader(read_terms(engine, job)))
        try:
            work.run()
        except progress.Superseded:
            _log.warning("import_superseded", import_id=str(import_id))
        except psycopg.OperationalError:
            raise  # the database is in trouble: the job is tried again
        except Problem as problem:
            work.fail(problem)
        except Exception:
            # The same would happen again, with every try.
            _log.exception("import_failed", import_id=str(import_id))
            work.fail(ImportFailed("Tell whoever looks after the system."))


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection[Any]]:
    """One psycopg connection of the pool, outside of any transaction."""
    pooled = engine.raw_connection()
    try:
        connection = pooled.driver_connection
        assert isinstance(connection, Connection)
        yield connection
    finally:
        pooled.close()


class _Work:
    """One import with its connection, its file and its reader."""

    def __init__(self, connection: Connection[Any], job: Job, file: BinaryIO, reader: RosterReader) -> None:
        self._connection = connection
        self._job = job
        self._file = file
        self._reader = reader

    def run(self) -> None:
        match self._job.mode:
            case "good_rows":
                self._read("writing")
            case "dry_run":
                self._read("checking")
            case _:
                self._read_all_or_none()
        with self._connection.transaction():
            progress.finish(self._connection, self._job.id)

    def fail(self, problem: Problem) -> None:
        """End the import with its problem; what was committed before stays."""
        with self._connection.transaction():
            progress.finish(self._connection, self._job.id, problem.body())

    def _read_all_or_none(self) -> None:
        """Check all, then write all. What changed in the registry meanwhile has it checked again."""
        if self._job.state != "writing":
            self._read("checking")
        for _ in range(TRIES_MAX):
            if self._reload().rows_bad:
                return
            self._begin("writing")
            try:
                with self._connection.transaction():
                    self._read("writing", bad_rows_end_it=True)
                return
            except _BadRows:
                self._begin("checking")
                self._read("checking")

    def _read(self, state: str, *, bad_rows_end_it: bool = False) -> None:
        """Read the file, or the rest of it, and settle its rows; `writing` writes them."""
        if self._job.state != state:
            self._begin(state)
        writes, line = state == "writing", self._job.last_line
        rows = read_chunks(
            self._file, self._job.filename, self._reader, after_line=line, chunk_rows=CHUNK_ROWS
        )
        with read_ahead(rows) as chunks:
            for chunk in chunks:
                counts = self._take(chunk, from_line=line, writes=writes)
                if counts.rows_bad and bad_rows_end_it:
                    raise _BadRows
                line = chunk.last_line
        while waited := self._take_waiting(line, writes=writes):
            if waited.rows_bad and bad_rows_end_it:
                raise _BadRows

    def _begin(self, state: str) -> None:
        with self._connection.transaction():
            progress.begin(self._connection, self._job.id, state, pieces.expected_rows(self._file))
        self._reload()

    def _reload(self) -> Job:
        with self._connection.transaction():
            self._job = progress.load(self._connection, self._job.id)
        return self._job

    def _take(self, chunk: Chunk, *, from_line: int, writes: bool) -> Counts:
        """Settle a chunk and its progress in one transaction; again if somebody was faster with one."""
        for tries_left in reversed(range(TRIES_MAX)):
            try:
                with self._connection.transaction():
                    loading.note_errors(self._connection, self._job.id, chunk.errors)
                    loading.stage(self._connection, "".join(chunk.members), "".join(chunk.family))
                    counts = Counts(rows_read=chunk.rows, rows_bad=chunk.rows_bad)
                    self._settle(counts, writes=writes, is_end=False)
                    self._advance(counts, from_line, chunk.last_line)
                return counts
            except UniqueViolation:
                if not tries_left:
                    raise
        raise AssertionError

    def _take_waiting(self, line: int, *, writes: bool) -> Counts | None:
        """Settle some of those who waited for their member, at the end of the file; None without any."""
        with self._connection.transaction():
            loading.stage(self._connection, "", "")
            if not families.fetch_waiting(self._connection, self._job.id, CHUNK_ROWS):
                return None
            counts = Counts()
            self._settle(counts, writes=writes, is_end=True)
            self._advance(counts, line, line)
        return counts

    def _settle(self, counts: Counts, *, writes: bool, is_end: bool) -> None:
        connection, job = self._connection, self._job
        counts.rows_bad += loading.refuse_doubles(connection, job.id)
        if writes:
            by, currency = job.requested_by, self._reader.currency
            counts.members_written = loading.write_members(connection, job.id, by, currency)
        else:
            loading.remember_members(connection, job.id)
        families.find_members(connection, job.id, job.roots)
        if is_end:
            counts.rows_bad += families.refuse_strays(connection, job.id)
        else:
            families.let_wait(connection, job.id)
        counts.rows_bad += families.refuse_doubles(connection, job.id)
        if writes:
            counts.dependants_written, known = families.write_family(connection, job.id, job.requested_by)
            announce(connection, MemberChanged, known)
        else:
            families.remember_family(connection, job.id)

    def _advance(self, counts: Counts, from_line: int, to_line: int) -> None:
        progress.advance(self._connection, self._job.id, counts, from_line=from_line, to_line=to_line)
