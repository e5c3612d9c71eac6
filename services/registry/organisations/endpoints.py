"""HTTP face of organisations."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.kit import etags
from services.kit.paging import PageDep
from services.kit.problems import documented
from services.registry.auth import OrganisationsClerk, OrganisationsReader
from services.registry.db import SessionDep
from services.registry.organisations import problems, queries, service
from services.registry.organisations.schemas import (
    OrganisationIn,
    OrganisationOut,
    OrganisationPatch,
    OrganisationsOut,
)

router = APIRouter(prefix="/v1/organisations", tags=["organisations"])


@router.post("", status_code=201, responses=documented(*problems.WHEN_MAKING))
def add_organisation(
    given: OrganisationIn, clerk: OrganisationsClerk, session: SessionDep, response: Response
) -> OrganisationOut:
    """Add an organisation through which members join."""
    organisation = service.add_organisation(session, given, by=clerk)
    etags.show_version(response, organisation.version)
    return OrganisationOut.of(organisation)


@router.get("", responses=documented())
def list_organisations(
    reader: OrganisationsReader,
    page: PageDep,
    session: SessionDep,
    parent_id: Annotated[UUID | None, Query(description="Only those right below this one")] = None,
) -> OrganisationsOut:
    """The organisations that you may see, oldest first."""
    found = queries.organisations(session, reader, parent_id=parent_id, after=page.after, limit=page.limit)
    page.link_next(found[-1].id if found else None, len(found))
    return OrganisationsOut(items=[OrganisationOut.of(organisation) for organisation in found])


@router.get("/{organisation_id}", responses=documented(problems.NoSuchOrganisation))
def read_organisation(
    organisation_id: UUID, reader: OrganisationsReader, session: SessionDep, response: Response
) -> OrganisationOut:
    """One organisation, with its version as ETag."""
    organisation = queries.organisation(session, organisation_id, reader)
    etags.show_version(response, organisation.version)
    return OrganisationOut.of(organisation)


@router.patch(
    "/{organisation_id}",
    responses=documented(
        problems.NoSuchOrganisation, problems.CircularTree, *problems.WHEN_MAKING, *etags.WHEN_CHANGING
    ),
)
def change_organisation(
    organisation_id: UUID,
    given: OrganisationPatch,
    clerk: OrganisationsClerk,
    version: etags.IfMatch,
    session: SessionDep,
    response: Response,
) -> OrganisationOut:
    """Rename an organisation, or move it (and all below it) elsewhere in the tree."""
    organisation = service.change_organisation(session, organisation_id, given, version=version, by=clerk)
    etags.show_version(response, organisation.version)
    return OrganisationOut.of(organisation)
