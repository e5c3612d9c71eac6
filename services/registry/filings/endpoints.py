"""What another part asks afresh before it files: mandates, identities and the authorisation."""

from fastapi import APIRouter

from services.kit.problems import documented
from services.registry.auth import OtherPart
from services.registry.authorisations import AuthorisationOut, in_force
from services.registry.db import SessionDep
from services.registry.filings import queries
from services.registry.filings.schemas import FilingCheckIn, FilingCheckOut

router = APIRouter(prefix="/internal/filing-checks", tags=["internal"])


@router.post("", responses=documented())
def check_before_filing(asked: FilingCheckIn, other_part: OtherPart, session: SessionDep) -> FilingCheckOut:
    """Say of each member whether they may be named on a payroll on that day."""
    authorisation = in_force(session, asked.on, scheme=asked.scheme)
    return FilingCheckOut(
        members=queries.checked_members(session, asked.member_ids, asked.on),
        authorisation=AuthorisationOut.of(authorisation) if authorisation else None,
    )
