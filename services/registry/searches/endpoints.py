"""HTTP face of searches. A POST, so that no document, phone or name stands in a URL or a log."""

from fastapi import APIRouter

from services.kit.problems import documented
from services.registry.auth import READ_PERSONAL, MembersReader
from services.registry.db import SessionDep
from services.registry.members import MemberLineOut
from services.registry.searches import queries, rules
from services.registry.searches.schemas import FoundOut, SearchIn

router = APIRouter(prefix="/v1/members/searches", tags=["members"])


@router.post("", responses=documented())
def search_members(asked: SearchIn, reader: MembersReader, session: SessionDep) -> FoundOut:
    """Find members by document, member number, phone or name."""
    found = queries.find(session, rules.wanted(asked), reader, asked.limit)
    may = reader.may(READ_PERSONAL)
    return FoundOut(items=[MemberLineOut.of(row, may_read_personal=may) for row in found])
