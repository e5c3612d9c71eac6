"""The roster's file in the database: in pieces, because the worker that reads it may be elsewhere."""

import hashlib
import re
import zipfile
from typing import Any, BinaryIO
from uuid import UUID

from psycopg import Connection

from services.registry.imports.problems import RosterTooLarge

MIB = 1024 * 1024
FILE_BYTES_MAX = 256 * MIB
PIECE_BYTES = 256 * 1024

_LAST_ROW = re.compile(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d+)"')
_HEAD_BYTES = 4096


def store(connection: Connection[Any], import_id: UUID, file: BinaryIO) -> tuple[int, bytes]:
    """Keep a file; returns its size and SHA-256. Raises RosterTooLarge."""
    file.seek(0)
    size_bytes, hashed = 0, hashlib.sha256()
    with connection.cursor().copy("COPY import_pieces FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(["uuid", "int4", "bytea"])
        position = 0
        while piece := file.read(PIECE_BYTES):
            size_bytes += len(piece)
            if size_bytes > FILE_BYTES_MAX:
                raise RosterTooLarge(f"Send at most {FILE_BYTES_MAX // MIB} MiB; split the roster.")
            hashed.update(piece)
            copy.write_row((import_id, position, piece))
            position += 1
    return size_bytes, hashed.digest()


def fetch(connection: Connection[Any], import_id: UUID, file: BinaryIO) -> None:
    """Write the file as it was sent into `file`."""
    position = 0
    query = "SELECT content FROM import_pieces WHERE import_id = %s AND position = %s"
    while row := connection.execute(query, (import_id, position)).fetchone():
        file.write(row[0])
        position += 1


def expected_rows(file: BinaryIO) -> int | None:
    """About how many rows the file holds, for a bar that shows progress; None if it does not tell."""
    file.seek(0)
    if file.read(2) != b"PK":
        file.seek(0)
        return max(0, sum(piece.count(b"\n") for piece in iter(lambda: file.read(MIB), b"")) - 1)
    with zipfile.ZipFile(file) as archive:
        sheets = sorted(name for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
        if not sheets:
            return None
        with archive.open(sheets[0]) as part:
            match = _LAST_ROW.search(part.read(_HEAD_BYTES))
    return max(0, int(match[1]) - 1) if match else None
