"""The payroll file, written from the frozen stems of its lines: asked again, the same bytes."""

import hashlib
from collections.abc import Iterator

from sqlmodel import Session

from services.contributions.declarations import queries, rules
from services.contributions.declarations.models import Declaration
from services.contributions.layouts import FileWriter, shipped_profiles
from services.kit.db import raw


def file_pieces(session: Session, declaration: Declaration) -> Iterator[bytes]:
    """The file, piece by piece, in bounded memory."""
    header = {
        "process": declaration.process,
        "rnc": declaration.employer_number,
        "period": declaration.period,
    }
    pieces: list[bytes] = []
    writer = FileWriter(shipped_profiles()[declaration.layout], header, rules.STEM_NAMES, pieces.append)
    rest = b""
    for block in queries.stems(raw(session), declaration.id):
        whole, newline, rest = (rest + block).rpartition(b"\n")
        writer.add_stems(whole + newline)
        yield from pieces
        pieces.clear()
    writer.finish()
    yield from pieces


def file_sha256(session: Session, declaration: Declaration) -> str:
    """The file's SHA-256, as an agency computes it."""
    hashed = hashlib.sha256()
    for piece in file_pieces(session, declaration):
        hashed.update(piece)
    return hashed.hexdigest()
