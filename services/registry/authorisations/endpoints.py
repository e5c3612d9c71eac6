"""HTTP face of authorisations. They are put in force through `/v1/approvals`."""

from uuid import UUID

from fastapi import APIRouter

from services.kit.paging import PageDep
from services.kit.problems import documented
from services.registry.auth import AuthorisationsClerk, OrganisationsReader
from services.registry.authorisations import problems, queries, service
from services.registry.authorisations.schemas import AuthorisationIn, AuthorisationOut, AuthorisationsOut
from services.registry.db import SessionDep

router = APIRouter(prefix="/v1/authorisations", tags=["authorisations"])


@router.post("", status_code=201, responses=documented(problems.NumberTaken))
def propose_authorisation(
    given: AuthorisationIn, clerk: AuthorisationsClerk, session: SessionDep
) -> AuthorisationOut:
    """Record an authorisation; it waits until another person puts it in force."""
    return AuthorisationOut.of(service.propose_authorisation(session, given, by=clerk))


@router.get("", responses=documented())
def list_authorisations(reader: OrganisationsReader, page: PageDep, session: SessionDep) -> AuthorisationsOut:
    """The mutual's authorisations, oldest first."""
    found = queries.authorisations(session, after=page.after, limit=page.limit)
    page.link_next(found[-1].id if found else None, len(found))
    return AuthorisationsOut(items=[AuthorisationOut.of(row) for row in found])


@router.get("/{authorisation_id}", responses=documented(problems.NoSuchAuthorisation))
def read_authorisation(
    authorisation_id: UUID, reader: OrganisationsReader, session: SessionDep
) -> AuthorisationOut:
    """One authorisation."""
    return AuthorisationOut.of(queries.authorisation(session, authorisation_id))
