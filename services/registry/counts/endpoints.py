"""HTTP face of counts."""

from fastapi import APIRouter

from services.kit.problems import documented
from services.registry.auth import MembersReader
from services.registry.counts import queries
from services.registry.counts.schemas import CountsOut
from services.registry.db import SessionDep

router = APIRouter(prefix="/v1/counts", tags=["counts"])


@router.get("", responses=documented())
def read_counts(reader: MembersReader, session: SessionDep) -> CountsOut:
    """How many organisations, members and dependants there are."""
    return queries.counts(session, reader)
