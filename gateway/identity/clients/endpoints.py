"""HTTP face of clients."""

from uuid import UUID

from fastapi import APIRouter, Response

from gateway.auth import ClientsManager
from gateway.db import SessionDep
from gateway.identity.clients import grants, problems, queries, service
from gateway.identity.clients.schemas import ClientIn, ClientOut, ClientRequestOut, ClientsOut, SecretOut
from gateway.identity.staff.schemas import DeactivationIn
from services.kit.approvals_api import ApprovalOut
from services.kit.paging import PageDep
from services.kit.problems import documented

router = APIRouter(prefix="/v1/clients", tags=["clients"])


@router.post("", status_code=202, responses=documented(problems.AgencyMissing))
def request_client(given: ClientIn, manager: ClientsManager, session: SessionDep) -> ClientRequestOut:
    """Ask for a system to be let in; a second person decides."""
    client, approval = grants.request_client(session, given.name, given.role, given.agency, by=manager)
    session.refresh(client)
    return ClientRequestOut(client=ClientOut.of(client), approval=ApprovalOut.of(approval))


@router.get("", responses=documented())
def list_clients(manager: ClientsManager, page: PageDep, session: SessionDep) -> ClientsOut:
    """All systems, oldest first."""
    found = queries.clients(session, after=page.after, limit=page.limit)
    page.link_next(found[-1].id if found else None, len(found))
    return ClientsOut(items=[ClientOut.of(client) for client in found])


@router.get("/{id}", responses=documented(problems.NoSuchClient))
def read_client(id: UUID, manager: ClientsManager, session: SessionDep) -> ClientOut:
    """One system."""
    return ClientOut.of(queries.client(session, id))


@router.post(
    "/{id}/secrets",
    status_code=201,
    responses=documented(problems.NoSuchClient, problems.ClientNotActive),
)
def issue_secret(id: UUID, manager: ClientsManager, session: SessionDep, response: Response) -> SecretOut:
    """Give an approved system a secret, in the place of any earlier one. The answer is told this once."""
    response.headers["Cache-Control"] = "no-store"
    return SecretOut.of(service.issue_secret(session, id, by=manager))


@router.post("/{id}/deactivations", status_code=201, responses=documented(problems.NoSuchClient))
def deactivate_client(
    id: UUID, given: DeactivationIn, manager: ClientsManager, session: SessionDep
) -> ClientOut:
    """Shut a system out, at once: its tokens are refused."""
    return ClientOut.of(service.deactivate(session, id, by=manager, reason=given.reason))
