"""What is done with rosters: one person sends them, another verifies whom they brought."""

from typing import BinaryIO
from uuid import UUID

from sqlmodel import Session

from services.kit import audit, clock, ids, trees
from services.kit.approvals import SamePersonTwice
from services.kit.db import raw
from services.kit.principals import Principal
from services.kit.sheets import read_sheet
from services.registry.imports import pieces, queries
from services.registry.imports.columns import COLUMNS
from services.registry.imports.models import Import
from services.registry.imports.problems import ImportNotDone, ImportVerified
from services.registry.imports.schemas import Mode
from services.registry.organisations import UnknownOrganisation

FILENAME_CHARACTERS_MAX = 200


def take_roster(
    session: Session,
    file: BinaryIO,
    *,
    filename: str,
    mode: Mode,
    organisation_id: UUID | None,
    by: Principal,
) -> Import:
    """Keep a roster to be read in the background. The caller has a job read it (`run_import`).

    Raises UnknownOrganisation, RosterTooLarge, and the problems of a file that is no table.
    """
    if organisation_id is not None and not trees.reaches(session, by, organisation_id):
        raise UnknownOrganisation(f"No organisation that you act for has the id {organisation_id}.")
    read_sheet(file, COLUMNS, filename=filename)  # its headings: what is no roster is refused at once
    import_id = ids.new_id()
    size_bytes, sha256 = pieces.store(raw(session), import_id, file)
    taken = Import(
        id=import_id,
        organisation_id=organisation_id,
        roots=None if by.roots is None else list(by.roots),
        mode=mode,
        filename="".join(c for c in filename if c.isprintable())[-FILENAME_CHARACTERS_MAX:],
        sha256=sha256,
        size_bytes=size_bytes,
        requested_by=by.subject,
    )
    session.add(taken)
    session.flush()
    session.refresh(taken)
    details = {"mode": mode, "sha256": sha256.hex(), "size_bytes": size_bytes}
    audit.write(session, "imports.take", import_id, by=by, details=details)
    return taken


def begin_verifying(session: Session, import_id: UUID, *, by: Principal) -> Import:
    """Verify, as the second person, all whom a roster brought. The caller has a job do it.

    Raises Forbidden, NoSuchImport, SamePersonTwice, ImportNotDone, ImportVerified.
    """
    by.ensure_second_person()
    found = queries.find_import(session, import_id, by, lock=True)
    if found.requested_by == by.subject:
        raise SamePersonTwice("Another person than who sent the roster must verify its members.")
    if found.state not in ("done", "failed") or not found.members_written:
        raise ImportNotDone(f"It is {found.state}, with {found.members_written} members.")
    if found.verified_by is not None:
        raise ImportVerified("Verify members that were changed since one by one.")
    found.verified_by, found.verified_at = by.subject, clock.now()
    audit.write(session, "imports.verify", import_id, by=by)
    session.flush()
    return found
