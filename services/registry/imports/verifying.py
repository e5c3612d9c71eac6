"""Verifying whom a roster brought, once a second person has said so."""

from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from services.registry.imports import queries
from services.registry.imports.models import Import
from services.registry.verifications import verify_members

VERIFIED_AT_ONCE = 500


def verify_import(engine: Engine, import_id: UUID) -> None:
    """Verify whom a roster brought, some hundreds in each transaction; a second call goes on.

    Left out are members that the verifier has changed: they are another's to verify.
    """
    while True:
        with Session(engine) as session, session.begin():
            found = session.get_one(Import, import_id, with_for_update=True)
            if found.verified_by is None:
                return
            ready = queries.unverified_members(session, import_id, found.verified_by, VERIFIED_AT_ONCE)
            if not ready:
                return
            found.members_verified += verify_members(session, ready, verified_by=found.verified_by)
