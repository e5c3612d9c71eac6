"""SQL of clients."""

from uuid import UUID

from sqlmodel import Session, col, select

from gateway.identity.clients.models import Client
from gateway.identity.clients.problems import NoSuchClient


def client(session: Session, id: UUID) -> Client:
    """One client. Raises NoSuchClient."""
    found = session.get(Client, id)
    if found is None:
        raise NoSuchClient()
    return found


def lock_client(session: Session, id: UUID) -> Client:
    """One client, held until the transaction ends. Raises NoSuchClient."""
    query = select(Client).where(Client.id == id).with_for_update()
    found = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchClient()
    return found


def lock_client_for_token(session: Session, client_id: str) -> Client | None:
    """The client of this client_id; whoever deactivates it waits until its token is made."""
    query = select(Client).where(Client.client_id == client_id).with_for_update(read=True)
    return session.exec(query).one_or_none()


def clients(session: Session, *, after: UUID | None, limit: int) -> list[Client]:
    """All clients, oldest first."""
    query = select(Client).order_by(col(Client.id)).limit(limit)
    if after is not None:
        query = query.where(col(Client.id) > after)
    return list(session.exec(query))
