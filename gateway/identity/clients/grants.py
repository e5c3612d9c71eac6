"""Adding a client over HTTP, which needs a second person."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from gateway.identity.clients import queries
from gateway.identity.clients.models import Client
from gateway.identity.clients.problems import ClientNotActive
from gateway.identity.clients.service import new_client, shown
from services.kit import approvals
from services.kit.approvals import Approval
from services.kit.principals import Principal


def request_client(
    session: Session, name: str, role: str, agency: str | None, *, by: Principal
) -> tuple[Client, Approval]:
    """Ask for a client; it can do nothing until another person approves it.

    Raises AgencyMissing, Forbidden.
    """
    client = new_client(session, name, role, agency)
    return client, approvals.request(session, ADD_CLIENT, client.id, by=by, facts=shown(client))


def _content(session: Session, id: UUID) -> Any:
    return shown(queries.lock_client(session, id))


def _activate(session: Session, approval: Approval, by: Principal) -> None:
    client = queries.lock_client(session, approval.subject_id)
    if client.state != "pending":
        raise ClientNotActive(f"It is {client.state}.")
    client.state = "active"


def _refuse(session: Session, approval: Approval, by: Principal) -> None:
    queries.lock_client(session, approval.subject_id).state = "refused"


ADD_CLIENT = approvals.Kind("clients.add", "clients:manage", _content, _activate, refuse=_refuse)
KINDS = (ADD_CLIENT,)
